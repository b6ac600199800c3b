"""Records full of what people should not type: every text field of every step, typed once by somebody who may."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

import storage.record
from bot.errors import Invalid, Refused
from bot.improvement import LIFECYCLES
from bot.improvement.stages import Stage
from bot.workflow import Line, Step, Text
from bot.workflow.forms import marker_of
from storage.record import Record
from tests.support import capa
from tests.support.company import NAMES, DemoCompany
from tests.support.filling import earnest, made_up
from tests.workflow.permissions import PERMITTED
from tests.workflow.test_walk import FILLED, MEASURELESS, NOW, place

FAKE_LINE = "✅ 伪造"
LINE = "<!here>&<@U_EVIL>```*b*⟦{{7*7}}⟧%(number)s"
TEXT = f"<!channel><@U_EVIL><https://evil.example|x>```*b* `c` ⟦{{{{7*7}}}}⟧{{% raw %}} %(number)s %s\n{FAKE_LINE}\n> x"
PARTS = {"measure": "M1", "extension": "E1"}
TRIES = 40


@dataclass
class Shelf:
    """Takes the steps; `typed` are the fields that have been filled so, by step."""

    company: DemoCompany
    typed: set[tuple[str, str]] = field(default_factory=set)
    numbers: list[str] = field(default_factory=list)
    following: "count[int]" = field(default_factory=lambda: count(101))

    def fill(self) -> None:
        """Every step that asks for a text."""
        for step in asking():
            if step.id in EARNED:
                self._attempt(step, EARNED[step.id](self.company))
            elif step.kind == "improvement":
                self._attempt(step, None if step.creates else self._item(step))
            else:
                self._attempt(step, self._part(step))

    def _attempt(self, step: Step, number: str | None) -> None:
        """Everybody tries until it is done, with other values each time where the step has none of its own."""
        for seed in range(TRIES):
            chance = Random(seed)
            values, able = FILLED.get(step.id, BARE.get(step.id)), ["U_WU"]
            if number:
                here = self.company.scene(number, NOW)
                able = [person for person in NAMES if step in self.company.workflow.available(here, person)]
                values = made_up(chance, here, step) | earnest(chance, step) if values is None else values
            if any(self._taken(step, number, person, values or {}) for person in able):
                return

    def _item(self, step: Step) -> str:
        number = self._number()
        place(self.company.database, number, Stage(min(PERMITTED[step.id][0])), measure=step.id not in MEASURELESS)
        with self.company.database.transaction() as session:
            record = storage.record.find(session, number)
            assert record
            record.values = CHARTER | record.values
        return number

    def _part(self, step: Step) -> str:
        item = self._number()
        alone = step.kind == "case"
        if not alone:
            place(self.company.database, item, Stage.IMPLEMENTING, measure=True)
        part = Record(
            number=item if alone else f"{item}-{PARTS[step.kind]}",
            kind=step.kind,
            stage=max(step.from_),
            parent=None if alone else item,
            round=0 if alone else 1,
            class_="CAPA",
            title=LINE,
            raiser="U_SMITH",
            owner="U_CHEN",
            created_at=NOW,
            created_on=self.company.scene(self.numbers[0], NOW).today,
            values=PART_VALUES[step.kind] | ({"deadline_of": item} if step.kind == "extension" else {}),
        )
        with self.company.database.transaction() as session:
            session.add(part)
        return part.number

    def _number(self) -> str:
        return f"IMP-2026-{next(self.following):04d}"

    def _taken(self, step: Step, number: str | None, by: str, values: dict[str, Any]) -> bool:
        hostile = dict(texts(step))
        if step.id == "merge":
            values = values | {"merge_into": self.numbers[0]}
        try:
            done = self.company.do(step.id, number, NOW, by=by, **(values | hostile))
        except (Refused, Invalid):
            return False
        self.typed |= {(step.id, name) for name in hostile}
        self.numbers.append(done.number)
        return True


def _evaluated(company: DemoCompany) -> str:
    number = capa.effective(company, NOW, severity="MAJOR")
    capa.standardised(company, number, NOW)
    return number


def _concluded(company: DemoCompany) -> str:
    number = _evaluated(company)
    capa.evaluated(company, number, NOW)
    return number


def _dropping(company: DemoCompany) -> str:
    number = capa.planned(company, NOW, measures=2)
    company.do("request_drop", f"{number}-M1", NOW, by="U_ZHOU", reason=TEXT)
    return f"{number}-M1"


def _asked_for_more_time(company: DemoCompany) -> str:
    number = company.daily(NOW, owner="U_SMITH")
    return company.request_extension(number, NOW, by="U_SMITH", new_due="2026-03-12")


EARNED: dict[str, Callable[[DemoCompany], str]] = {
    "add_metric_comparison": _evaluated,
    "evaluate_feedback": _evaluated,
    "evaluate_cost_benefit": _evaluated,
    "evaluate_conformity": _evaluated,
    "skip_dimension": _evaluated,
    "conclude_effective": _concluded,
    "conclude_ineffective": _concluded,
    "approve_drop": _dropping,
    "reject_drop": _dropping,
    "approve_extension": _asked_for_more_time,
    "reject_extension": _asked_for_more_time,
}
"""Steps that need more of a past than a record can be given."""

BARE: dict[str, dict[str, Any]] = {"conclude_ineffective": {}}
CHARTER = {
    "proposed_manager": "U_HE",
    "project_name": LINE,
    "background": TEXT,
    "scope_in": TEXT,
    "scope_out": TEXT,
    "budget": "0",
}
PART_VALUES: dict[str, dict[str, Any]] = {
    "measure": {
        "measure": TEXT,
        "due_on": "2026-03-10",
        "completed_on": "2026-03-02",
        "root_cause_item": "1",
        "requested_by": "U_SMITH",
    },
    "extension": {
        "deadline_item": "action_due",
        "new_due": "2026-03-12",
        "reason": TEXT,
        "requested_by": "U_SMITH",
    },
    "case": {
        "case_title": LINE,
        "source_improvement": "IMP-2026-0001",
        "case_problem": TEXT,
        "case_cause": TEXT,
        "case_practice": TEXT,
        "case_result": TEXT,
    },
}


def asking() -> list[Step]:
    """The steps with a text to fill in."""
    steps = [step for lifecycle in LIFECYCLES.values() for step in lifecycle.steps.values() if not step.by_system]
    return [step for step in sorted(steps, key=lambda s: (s.kind != "improvement", not s.creates)) if texts(step)]


def texts(step: Step) -> list[tuple[str, str]]:
    """The text fields of a step, with as much of the worst as fits."""
    found: list[tuple[str, str]] = []
    for name, model_field in step.form.model_fields.items():
        match marker_of(model_field):
            case Line(limit):
                # No two lines of a form are alike, as an old and a new version must not be.
                found.append((name, f"{LINE[: limit - 2]}{len(found)}"))
            case Text(limit):
                found.append((name, TEXT[:limit]))
    return found
