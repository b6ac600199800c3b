"""Which step is taken next, by whom: any that the bot offers, the main road more often than what leads off it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from sqlmodel import Session, col, select

from bot.workflow import Scene, Step, Workflow
from storage.history import HistoryEntry
from storage.record import Record
from tests.faults.filling import filled
from tests.support.company import NAMES

ROAD = frozenset(
    {
        *("classify_daily", "classify_capa", "classify_project", "accept", "report_result", "verify_daily_effective"),
        *("approve_plan", "report_measure_done", "approve_measure", "approve_drop", "approve_extension"),
        *("verify_effective", "approve_charter_rep", "approve_charter_top", "form_team", "pass_acceptance", "resume"),
        *("submit_case", "publish_case", "answer_info", "overturn_decline"),
    }
)
"""What leads to an end, besides whatever the bot itself calls wanted."""
OFF = frozenset(
    {
        *("cancel", "decline", "merge", "withdraw", "terminate", "reclassify_to_daily", "reclassify_to_capa"),
        *("reclassify_to_project", "remove_measure", "remove_root_cause", "remove_objective", "watch", "unwatch"),
        *("add_comment", "urge", "mark_useful", "assess", "amend_opportunity", "amend_capa_header", "reroute"),
        *("draft_case", "revise_case", "retire_case", "recall_plan", "recall_charter", "submit_plan", "submit_charter"),
        *("apply_acceptance", "dispute_routing"),
    }
)
"""What leads away from it, or nowhere; and what is submitted unfinished."""
WANTED, ON_ROAD, BESIDE, ASIDE = 12.0, 8.0, 1.0, 0.3
STILL_OPEN, ENDED, CLICKED = 8.0, 1.0, 0.5


@dataclass(frozen=True)
class Turn:
    """A step that a person may take on a record now.

    `values` is what they fill in besides `presets`, which stand there already; None for a mere click.
    """

    step: str
    number: str | None
    person: str
    values: dict[str, Any] | None
    presets: dict[str, Any]


def next_turn(session: Session, workflow: Workflow, now: datetime, chance: Random, pull: float) -> Turn | None:
    """One of all that could be done now; None if there is nothing.

    With a `pull` of 0 every step is as likely as any other, with 1 it is mostly the main road.
    """
    records = session.exec(select(Record).order_by(col(Record.number))).all()
    weights = [STILL_OPEN if record.ended_on is None else ENDED for record in records]
    for _ in records:
        record = chance.choices(records, weights)[0]
        here = workflow.find(session, record.number, now)
        by_step = _by_step(workflow, here)
        if by_step:
            taken = Counter(session.exec(select(HistoryEntry.step).where(HistoryEntry.record == record.number)))
            weights = [_weight(of[0][0], here) ** pull / (1 + taken[step]) for step, of in by_step.items()]
            step, person = chance.choice(chance.choices([*by_step.values()], weights)[0])
            return _turn(here, step, person, records, chance)
    return None


def _by_step(workflow: Workflow, here: Scene) -> dict[str, list[tuple[Step, str]]]:
    found: dict[str, list[tuple[Step, str]]] = defaultdict(list)
    for person in NAMES:
        for step in workflow.available(here, person):
            found[step.id].append((step, person))
    return found


def _turn(here: Scene, step: Step, person: str, records: Sequence[Record], chance: Random) -> Turn:
    numbers = [record.number for record in records if record.parent is None]
    click = not step.asks or (step.acts_on_click(here, person) and chance.random() < CLICKED)
    values = None if click else filled(chance, here, step, person, numbers)
    return Turn(step.id, here.record.number, person, values, step.presets(here, person))


def _weight(step: Step, here: Scene) -> float:
    """What has been done before is done again less often."""
    if step.guide.wanted(here):
        return WANTED
    if step.id in ROAD:
        return ON_ROAD
    return ASIDE if step.id in OFF else BESIDE
