"""What somebody writes into a form who knows the matter; what stands in it already is left as it is."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from enum import Enum
from random import Random
from typing import Any

from bot.workflow import Scene, Step
from bot.workflow.fields import (
    Day,
    Department,
    Grouped,
    Line,
    Marker,
    Member,
    Members,
    Number,
    Pick,
    RecordNumber,
    Text,
)
from bot.workflow.forms import marker_of, type_of
from tests.support import capa, case, project

OWNERS = {"信息部": "U_ZHOU", "通信部": "U_HE", "客服中心": "U_SUN"}
STAFF = ("U_CHEN", "U_SMITH", "U_WU", "U_LIN", "U_ZHOU", "U_HE")
SENTENCES = ("值班手册没有规定", "系统不检查", "已与班组谈过", "按月抽查", "下周起生效")
YES = frozenset({"resources_ok"})
"""What is answered with yes; every other such question is answered with no."""

OF_STEP: Mapping[str, Mapping[str, Any]] = {
    "describe_problem": capa.PROBLEM,
    "add_root_cause": {"rca_method": "OTHER"},
    "set_criterion": capa.CRITERION,
    "verify_effective": capa.CHECK | {"early_reason": "样本已经足够"},
    "verify_ineffective": capa.CHECK | {"measured_num": "50"},
    "verify_daily_effective": {"doc_revision": "NOT_NEEDED"},
    "add_document_change": capa.REVISION,
    "add_metric_comparison": capa.COMPARISON,
    "draft_case": case.TEXT,
    "edit_charter_basics": project.BASICS,
    "edit_charter_resources": project.RESOURCES,
    "add_objective": project.OBJECTIVE,
    "record_objective_result": {"actual_value": "9.5"},
    "record_acceptance_check": {"conclusion": "EFFECTIVE"},
}
"""Values that have to fit each other."""

DAYS: Mapping[str, int] = {"before_start": -60, "before_end": -1, "reach_by": 90, "new_due": 25}
"""Days from today on, where it matters."""


def filled(chance: Random, here: Scene, step: Step, person: str, numbers: Sequence[str]) -> dict[str, Any]:
    """What a person types into the form of a step. `numbers` are those of the improvements there are."""
    presets = step.presets(here, person)
    fields = step.form.model_fields.items()
    asked = {name: field for name, field in fields if field.is_required() and presets.get(name) in (None, "", [])}
    values = {name: _value(chance, here, step, name) for name in asked} | dict(OF_STEP.get(step.id, {}))
    if "responsible_dept" in asked:
        values |= dict(zip(("responsible_dept", "owner"), chance.choice([*OWNERS.items()]), strict=True))
    if "merge_into" in asked:
        values["merge_into"] = chance.choice(numbers)
    return values


def _value(chance: Random, here: Scene, step: Step, name: str) -> Any:
    marker, kind = marker_of(step.form.model_fields[name]), type_of(step.form.model_fields[name])
    if marker is not None:
        return BY_MARKER[type(marker)](chance, here, step, name)
    choices = [item.value for item in kind] if isinstance(kind, type) and issubclass(kind, Enum) else ["true", "false"]
    return chance.choice(choices if "false" not in choices else ["true" if name in YES else "false"])


def _day(_chance: Random, here: Scene, step: Step, name: str) -> str:
    marker = marker_of(step.form.model_fields[name])
    days = DAYS.get(name, 0 if isinstance(marker, Day) and marker.past else 10)
    return (here.today + timedelta(days=days)).isoformat()


def _pick(chance: Random, here: Scene, step: Step, name: str) -> str:
    marker = marker_of(step.form.model_fields[name])
    source = marker.source if isinstance(marker, Pick) else ""
    return chance.choice([*step.offered(here).get(source, {})] or ["-"])


Fill = Callable[[Random, Scene, Step, str], Any]
BY_MARKER: Mapping[type[Marker], Fill] = {
    Line: lambda chance, *_: chance.choice(SENTENCES),
    Text: lambda chance, *_: chance.choice(SENTENCES),
    Number: lambda *_: "60",
    Day: _day,
    Member: lambda chance, *_: chance.choice(STAFF),
    Members: lambda chance, *_: chance.sample(STAFF, 2),
    Department: lambda chance, *_: chance.choice([*OWNERS]),
    Pick: _pick,
    RecordNumber: lambda *_: "",
    Grouped: lambda *_: None,
}
