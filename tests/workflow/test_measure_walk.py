"""Every stage of a measure × stage of its improvement × step × person: exactly what the table allows."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

import pytest

import storage.profile
from bot import profile
from bot.company import CompanySource
from bot.errors import Refused
from bot.improvement import LIFECYCLES, MEASURE
from bot.improvement.stages import MEASURE_FINAL, MeasureStage, Stage
from bot.workflow import Workflow, judge
from storage.database import Database
from storage.deadline import Deadline
from storage.record import Record

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
TODAY = date(2026, 3, 2)
PEOPLE = {
    "raiser": "U_WU",
    "owner": "U_SMITH",
    "leader": "U_HE",
    "responsible": "U_CHEN",
    "head": "U_ZHOU",
    "qa": "U_LIU",
    "qa_manager": "U_TANG",
    "rep": "U_MA",
    "top": "U_GUO",
    "admin": "U_LIN",
    "other": "U_SUN",
}
PROPOSED, OPEN, DROP_REVIEW, DONE = (
    MeasureStage.PROPOSED,
    MeasureStage.OPEN,
    MeasureStage.DROP_REVIEW,
    MeasureStage.DONE,
)
OF_CAPA = (Stage.ANALYSIS, Stage.PLAN_REVIEW, Stage.IMPLEMENTING, Stage.VERIFYING)
OF_PROJECT = (Stage.CHARTER_DRAFT, Stage.REP_REVIEW, Stage.TOP_REVIEW, Stage.EXECUTING, Stage.SUSPENDED)
ITEM = (*OF_CAPA, *OF_PROJECT, Stage.CLOSED)
RUNNING = {Stage.IMPLEMENTING, Stage.EXECUTING}
DRAFT = {Stage.ANALYSIS, Stage.CHARTER_DRAFT, *RUNNING}
LEADERS = {"owner", "leader"}
QA = {"qa", "qa_manager"}
APPROVERS = ("qa_manager", "rep")
"""Who decides on a measure: of a CAPA, of a project."""

PERMITTED: dict[str, tuple[Collection[str], Collection[str], Collection[str]]] = {
    "begin_measure": ((), (), ()),
    "release_measure": ((), (), ()),
    "void_measure": ((), (), ()),
    "extend_deadline": ((), (), ()),
    "recount_due": ((), (), ()),
    "pause_clocks": ((), (), ()),
    "resume_clocks": ((), (), ()),
    "edit_measure": ({PROPOSED}, DRAFT, LEADERS),
    "remove_measure": ({PROPOSED}, DRAFT, LEADERS),
    "approve_measure": ({PROPOSED}, RUNNING, {"approver"}),
    "reject_measure": ({PROPOSED}, RUNNING, {"approver"}),
    "reassign_measure": ({OPEN}, ITEM, LEADERS | {"head"}),
    "note_progress": ({OPEN}, ITEM, {"responsible"}),
    "report_measure_done": ({OPEN}, RUNNING, {"responsible"}),
    "request_extension": ({OPEN}, ITEM, {"responsible"}),
    "return_measure": ({DONE}, RUNNING | {Stage.VERIFYING}, QA),
    "request_drop": ({OPEN}, RUNNING, LEADERS),
    "approve_drop": ({DROP_REVIEW}, RUNNING, {"approver"}),
    "reject_drop": ({DROP_REVIEW}, RUNNING, {"approver"}),
}
"""For each step: the measure's stages, those of its improvement, and who may take it."""


@pytest.fixture
def workflow(database: Database) -> Workflow:
    with database.transaction() as session:
        storage.profile.apply(session, text=profile.built_in("demo"), by="test", now=NOW)
    return Workflow(database, CompanySource(), LIFECYCLES)


def test_the_table_names_every_step() -> None:
    assert PERMITTED.keys() == MEASURE.steps.keys()


def test_every_stage_step_and_person(workflow: Workflow) -> None:
    wrong = []
    pairs = [(measure, item) for measure in MeasureStage for item in ITEM]
    for no, (measure, item) in enumerate(pairs, start=1):
        number = _place(workflow.database, f"IMP-2026-{no:04d}", item, measure)
        with workflow.database.reading() as session:
            here = workflow.find(session, number, NOW)
        allowed = {(s.id, role) for role, who in PEOPLE.items() for s in workflow.available(here, who)}
        wrong += [(measure, item, *pair) for pair in sorted(allowed ^ _expected(measure, item))]
    assert wrong == []


def test_a_measure_of_an_earlier_round_is_only_read(workflow: Workflow) -> None:
    number = _place(workflow.database, "IMP-2026-0001", Stage.IMPLEMENTING, DONE, round_=2)
    with workflow.database.reading() as session:
        here = workflow.find(session, number, NOW)
    with pytest.raises(Refused, match="past_round"):
        judge(MEASURE.steps["return_measure"], here, "U_LIU")


def _expected(measure: MeasureStage, item: Stage) -> set[tuple[str, str]]:
    return {
        (step, role)
        for step, (own, whole, roles) in PERMITTED.items()
        for role in (APPROVERS[item in OF_PROJECT] if role == "approver" else role for role in roles)
        if measure in own and item in whole
    }


def _place(database: Database, number: str, item: Stage, measure: MeasureStage, round_: int = 1) -> str:
    part = f"{number}-M1"
    with database.transaction() as session:
        whole = _record(number, "improvement", item, owner="U_SMITH", raiser="U_WU", round=round_)
        whole.class_ = "PROJECT" if item in OF_PROJECT else "CAPA"
        whole.values = {"project_manager": "U_HE"}
        session.add(whole)
        session.flush()
        ended = TODAY if measure in MEASURE_FINAL else None
        session.add(
            _record(part, "measure", measure, owner="U_CHEN", raiser="U_SMITH", parent=number, ended_on=ended, round=1)
        )
        session.flush()
        session.add(
            Deadline(
                record=part,
                name="measure_due",
                started_at=NOW,
                counted_from=TODAY,
                length_wd=0,
                original_due=TODAY,
                current_due=TODAY,
            )
        )
    return part


def _record(number: str, kind: str, stage: str, **facts: Any) -> Record:
    values = {"measure": "更换进纸辊", "due_on": "2026-03-02", "requested_by": "U_SMITH"} if kind == "measure" else {}
    return Record(
        number=number,
        kind=kind,
        stage=stage,
        class_="CAPA",
        title="打印机卡纸",
        responsible_dept="信息部" if kind == "improvement" else None,
        created_at=NOW,
        created_on=TODAY,
        values=values,
        **facts,
    )
