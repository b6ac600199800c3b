"""Whole lives at random: legal and illegal steps by anybody, and what must hold holds after every one of them.

The numbers are those of the domain's invariants (part 2). Values are made up from the forms themselves, so that a new
step is taken here without a line of its own. A life is told again by its seed.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import storage.history
from bot.errors import Invalid, Refused
from bot.improvement import LIFECYCLES, rounds
from bot.workflow import Scene, Step, chain
from storage.deadline import Deadline
from tests.support.chance import examples
from tests.support.company import DemoCompany, at
from tests.support.filling import earnest, made_up

PEOPLE = ("U_CHEN", "U_ZHOU", "U_SMITH", "U_LIU", "U_TANG", "U_MA", "U_GUO", "U_LIN", "U_HE")
MAIN_ROAD = frozenset(
    {
        "submit_plan",
        "approve_plan",
        "reject_plan",
        "report_measure_done",
        "approve_measure",
        "approve_drop",
        "verify_effective",
        "verify_ineffective",
        "verify_daily_effective",
        "report_result",
        "submit_standardization",
        "conclude_effective",
        "conclude_ineffective",
        "close",
    }
)
"""What leads to an end; everything else is done now and then, or no life would come to one."""
TURNING_OFF = frozenset({"cancel", "reclassify_to_daily", "reclassify_to_project", "remove_measure"})
"""What leads away from it; taken one time in ten."""


@settings(max_examples=examples(5), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_what_must_hold_holds_at_every_point_of_a_life(company: DemoCompany, seed: int) -> None:
    life = Life(company, Random(seed))
    for _ in range(80):
        life.go_on()
        if life.over:
            break


@dataclass
class Life:
    """One improvement with its parts, and what has been seen of it so far."""

    company: DemoCompany
    chance: Random
    now: datetime = field(default_factory=lambda: at("2025-06-16 09:00"))
    frozen: dict[int, Any] = field(default_factory=dict)
    originals: dict[int, Any] = field(default_factory=dict)
    steps: int = 0
    over: bool = False

    def __post_init__(self) -> None:
        self.number = self.company.raise_(self.now)
        form = {
            "impact": "2",
            "resource_need": "1",
            "urgency": "2",
            "responsible_dept": "信息部",
            "decision_reason": "是",
        }
        header = {"capa_type": "CORRECTIVE", "severity": self.chance.choice(["MINOR", "MAJOR"]), "origin": "OTHER"}
        self.company.do("classify_capa", self.number, self.now, by="U_LIU", owner="U_ZHOU", **form, **header)

    def look(self) -> Scene:
        """As it stands now."""
        return self.company.scene(self.number, self.now)

    def go_on(self) -> None:
        """Somebody tries something; then everything is looked over."""
        self.now += timedelta(hours=self.chance.choice([0, 1, 5, 24, 72, 240]))
        before = self.look()
        unfinished = [part for part in before.parts if part.ended_on is None]
        here = before.of(self.chance.choice([*[before.record] * 4, *unfinished, *before.parts[:1]]))
        step, person = self._choose(here)
        refused = self._refusals(here.record.number)
        if self._done(step, here.record.number, person):
            after = self.look()
            self.over = after.record.ended_on is not None
            self._look_over(before, after, step, person)
        else:
            assert _picture(self.look()) == _picture(before), f"{step.id} was refused and changed something"
            assert self._refusals(here.record.number) == refused + 1  # INV-13

    def _done(self, step: Step, number: str, person: str) -> bool:
        values = made_up(self.chance, self.company.scene(number, self.now), step) | earnest(self.chance, step)
        try:
            self.company.do(step.id, number, self.now, by=person, **values)
        except (Refused, Invalid):
            return False
        self.steps += 1
        return True

    def _refusals(self, number: str) -> int:
        with self.company.database.reading() as session:
            return len(storage.history.refusals(session, number))

    def _choose(self, here: Scene) -> tuple[Step, str]:
        steps = LIFECYCLES[here.record.kind].steps
        if self.chance.random() < 0.2:
            return self.chance.choice([s for s in steps.values() if s.id not in TURNING_OFF]), self.chance.choice(
                PEOPLE
            )
        possible = [(s, who) for who in PEOPLE for s in self.company.workflow.available(here, who)]
        if self.chance.random() < 0.9:
            possible = [pair for pair in possible if pair[0].id not in TURNING_OFF]
        road = [pair for pair in possible if pair[0].id in MAIN_ROAD or pair[0].guide.wanted(here)]
        pools: list[list[tuple[Step, str]]] = [pool for pool in (road, road, road, road, possible) if pool]
        if not pools:
            return self.chance.choice(list(steps.values())), self.chance.choice(PEOPLE)
        return self.chance.choice(self.chance.choice(pools))

    def _look_over(self, before: Scene, after: Scene, step: Step, person: str) -> None:
        record = after.record
        self._history_explains_the_stage(after)
        assert record.number == before.record.number  # INV-8
        assert record.round - before.record.round in (0, 1)
        self._earlier_rounds_stand(after)
        self._originals_stand(after)
        if step.id in ("verify_effective", "verify_ineffective"):
            self._was_judged_by_another(before, person)
        if step.id == "verify_effective":
            done, check = rounds.implemented_on(before), rounds.lines(after, rounds.CHECKS)[-1].values
            assert done is not None
            assert check["verified_on"] >= done.isoformat()  # INV-3
            assert check["verified_on"] >= check["check_date"] or check["early_reason"]
        if record.stage == "CLOSED":
            assert record.values["effective_in_round"] == record.round  # INV-2
            assert record.retention_until is not None
            assert record.ended_on is not None
            assert record.retention_until.year == record.ended_on.year + 3  # INV-9
        if step.id in ("approve_plan", "approve_measure", "approve_drop"):
            assert person not in (before.record.owner, before.record.values.get("submitted_by"))  # INV-5
        if record.ended_on is not None:
            assert not any(d.runs for d in _deadlines(after))
            assert not after.pending("measure")
            assert not after.pending("extension")

    def _history_explains_the_stage(self, after: Scene) -> None:
        """INV-1 and INV-7: the chain holds, and its last entry says where each record stands."""
        with self.company.database.reading() as session:
            for record in (after.record, *after.parts):
                assert chain.first_break(session, record.number) is None
                entries = [entry for entry, _ in storage.history.of_record(session, record.number)]
                assert entries[-1].to_stage == record.stage
                assert record.version == len(entries)

    def _earlier_rounds_stand(self, after: Scene) -> None:
        """D-17: what belongs to an earlier round is what it was when the round ended; INV-6: so is an approved aim."""
        for round_ in range(1, after.record.round):
            seen = _round(after, round_)
            assert self.frozen.setdefault(round_, seen) == seen
        if after.record.stage in ("IMPLEMENTING", "VERIFYING"):
            aim = rounds.newest(after, rounds.CRITERIA)
            assert aim is not None
            assert self.frozen.setdefault(-after.record.round, aim.values) == aim.values

    def _originals_stand(self, after: Scene) -> None:
        """INV-11."""
        for deadline in _deadlines(after):
            assert self.originals.setdefault(deadline.id or 0, deadline.original_due) == deadline.original_due

    @staticmethod
    def _was_judged_by_another(before: Scene, person: str) -> None:
        """INV-4."""
        case = before.case
        took_part = case.in_round("owner") | case.in_round("executor") | case.in_round("responsible")
        assert person not in took_part | {before.record.owner}
        assert before.company.directory.department_of(person) != before.record.responsible_dept


def _deadlines(scene: Scene) -> list[Deadline]:
    return [*scene.deadlines, *(d for found in scene.deadlines_of.values() for d in found)]


def _round(scene: Scene, round_: int) -> Any:
    """All that belongs to a round, as plain values."""
    lines = [(e.list, e.no, e.struck, e.values) for e in scene.entries if e.round == round_ and e.list in OF_A_ROUND]
    return lines, [measure.model_dump() for measure in rounds.measures(scene, round_)]


OF_A_ROUND = (
    rounds.PROBLEMS,
    rounds.WHYS,
    rounds.CAUSES,
    rounds.ROOT_CAUSES,
    rounds.CRITERIA,
    rounds.PLANS,
    rounds.CHECKS,
)


def _picture(scene: Scene) -> Any:
    """Everything that a refused step must not have touched."""
    entries = [e.model_dump() for e in scene.entries]
    deadlines = [d.model_dump() for d in _deadlines(scene)]
    return scene.record.model_dump(), [part.model_dump() for part in scene.parts], entries, deadlines
