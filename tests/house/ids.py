"""Which ids the program can ask the catalogues for, and with which parameters.

From its tables, for a step has a label and a field a name; from its templates; and from its code, see `source`.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from bot.cli.calendars import Decision
from bot.improvement import LIFECYCLES
from bot.improvement.deadlines import DEADLINES
from bot.improvement.vocabulary import CriterionKind, FormCode, ImprovementClass
from bot.people.who import CHAIN, STAND_IN, SYSTEM, Who
from bot.profile import ROLES
from bot.proof.verify import Fault
from bot.workflow import Grouped
from bot.workflow.forms import Form, is_choice, marker_of, type_of
from tests.house.source import Asked, Source

ROOT = Path(__file__).parents[2]
IN_TEMPLATE = re.compile(r"\b_\(\s*'([^']+)'")
ENUMERATED: Mapping[str, type[StrEnum]] = {"cli.day_*": Decision, "cli.broken.*": Fault, "criterion.*": CriterionKind}
"""Ids that end in a value of an enumeration."""


@cache
def asked() -> Asked:
    """Everything the program can ask for."""
    found = Asked(ids=set(_from_tables()))
    for path in _files(".j2"):
        found.ids |= set(IN_TEMPLATE.findall(path.read_text(encoding="utf-8")))
    for path in _files(".py"):
        Source(path, found).read()
    for pattern in found.unclear & ENUMERATED.keys():
        found.unclear.remove(pattern)
        found.ids |= {pattern.replace("*", value) for value in ENUMERATED[pattern]}
    return found


def hints() -> set[str]:
    """The ids of hints there may be: one for each field."""
    return {f"hint.{name}" for form in _forms() for name in form.model_fields}


def _files(suffix: str) -> Iterator[Path]:
    for room in ("bot", "handlers", "templates"):
        for path in sorted((ROOT / room).rglob(f"*{suffix}")):
            # The local workspace is a product of its own, with words of its own.
            if "sandbox" not in path.parts:
                yield path


def _from_tables() -> Iterator[str]:
    for kind, lifecycle in LIFECYCLES.items():
        yield from (f"step.{step}" for step in lifecycle.steps)
        yield from (f"stage.{kind}.{stage}" for stage in lifecycle.stages)
    for form in _forms():
        yield from (f"field.{name}" for name in form.model_fields)
        yield from _choices(form)
    yield from (f"class.{class_}" for class_ in ImprovementClass)
    yield from (f"form.{code}" for code in FormCode)
    yield from (f"deadline.{name}" for name in DEADLINES)
    yield from (f"role.{code}" for code in _roles())


def _forms() -> list[type[Form]]:
    return [step.form for lifecycle in LIFECYCLES.values() for step in lifecycle.steps.values()]


def _choices(form: type[Form]) -> Iterator[str]:
    for info in form.model_fields.values():
        if is_choice(info):
            yield from (f"choice.{type_of(info).__name__}.{item.value}" for item in type_of(info))
        marker = marker_of(info)
        if isinstance(marker, Grouped):
            by = type_of(form.model_fields[marker.by])
            yield from (f"choice.{by.__name__}.{item.value}" for item in by)


def _roles() -> set[str]:
    entitled: list[Who] = [step.who for life in LIFECYCLES.values() for step in life.steps.values()]
    entitled += [kind.holder for kind in DEADLINES.values()]
    codes = {grant.code for who in entitled for grant in who.grants}
    return codes | {SYSTEM, *ROLES} | {form for code in codes & {*ROLES} | {*CHAIN} for form in _chain(code)}


def _chain(role: str) -> list[str]:
    """How the history names a role that fell to another: the rules of `Who`."""
    rest = CHAIN[CHAIN.index(role) + 1 :] if role in CHAIN else CHAIN[CHAIN.index(STAND_IN) :]
    return [f"{role}>{next_role}" for next_role in rest]
