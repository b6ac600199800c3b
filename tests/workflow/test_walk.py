"""Every stage × step × role: exactly the permitted ones succeed, and a refusal changes nothing."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

import storage.history
import storage.profile
import storage.record
from bot import profile
from bot.company import CompanySource
from bot.errors import Refused
from bot.improvement import IMPROVEMENT, LIFECYCLES
from bot.improvement.stages import FINAL, Stage
from bot.workflow import Request, Workflow, judge, scene
from storage.database import Database
from storage.deadline import Deadline
from storage.entry import Entry
from storage.record import Record
from storage.relation import Relation
from tests.workflow.permissions import PERMITTED

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
TODAY = "2026-03-02"
PEOPLE = {
    "raiser": "U_WU",
    "owner": "U_SMITH",
    "leader": "U_HE",
    "executor": "U_CHEN",
    "head": "U_ZHOU",
    "qa": "U_LIU",
    "qa_manager": "U_TANG",
    "manager": "U_QIAN",
    "rep": "U_MA",
    "top": "U_GUO",
    "admin": "U_LIN",
    "other": "U_SUN",
}
SCORES = {"impact": "2", "resource_need": "1", "urgency": "2"}
CLASS = SCORES | {"responsible_dept": "信息部", "decision_reason": "理由"}
CAPA = CLASS | {"capa_type": "CORRECTIVE", "severity": "MINOR", "origin": "OTHER"}
DAILY = CLASS | {"daily_kind": "RECORD_FORM", "requirement": "要求"}
CHECK = {"verified_on": TODAY, "check_method": "SAMPLE", "finding": "已查"}
REASON = {"reason": "理由"}
CRITERION = {
    "criterion_kind": "QUALITATIVE",
    "metric_name": "不再卡纸",
    "sample_min": "50",
    "check_procedure": "现场查看",
    "check_delay_days": "30",
}
MEASURE = {
    "measure": "更换进纸辊",
    "responsible": "U_CHEN",
    "due_on": "2026-03-10",
    "involves_change": "false",
    "root_cause_item": "1",
}
OBJECTIVE = {
    "objective": "不再卡纸",
    "metric_name": "每月卡纸次数",
    "baseline_value": "20",
    "target_op": "LE",
    "target_value": "0",
    "reach_by": "2026-06-01",
    "reach_by_effective": "2026-06-01",
}
CHARTER = {
    "scope_in": "三楼",
    "people_days": "3",
    "established_in_round": 0,
    "project_manager": "U_HE",
    "members": ["U_HE", "U_CHEN"],
    "acceptance_conclusion": "EFFECTIVE",
}
TEAM = {"project_manager": "U_HE", "members": ["U_CHEN"]}
ROOT_CAUSE = {"code": "C1", "root_cause": "没有更换周期", "root_cause_category": "METHOD", "rca_method": "OTHER"}
LINES: dict[str, dict[str, Any]] = {
    "documents": {"doc_no": "D", "doc_title": "T"},
    "problems": {"phenomenon": "卡纸"},
    "whys": {"chain_no": 1, "level": 1, "why_question": "为什么？", "why_answer": "因为"},
    "causes": {"cause_category": "MACHINE", "cause": "磨损", "is_main": False},
    "root_causes": ROOT_CAUSE,
    "criteria": CRITERION,
    "objectives": {"code": "O1", **OBJECTIVE},
    "results": {"objective_item": "1", "code": "O1", "actual_value": "0", "measured_on": TODAY, "met": "true"},
}
MEASURELESS = ("remove_root_cause", "apply_acceptance")
"""Steps in whose way an unfinished measure would stand."""

FILLED: dict[str, dict[str, Any]] = {
    "raise_opportunity": {"title": "新", "description": "新", "source": "SERVICE_REPORT", "raising_dept": "信息部"},
    "amend_opportunity": {"title": "新标题", "description": "新内容"},
    "ask_info": {"question": "哪一台？"},
    "answer_info": {"answer": "三楼那台"},
    "assess": SCORES | {"nature": "OPTIMISATION"},
    "classify_daily": DAILY,
    "classify_capa": CAPA,
    "classify_project": CLASS,
    "decline": REASON,
    "merge": REASON | {"merge_into": "IMP-2026-9999"},
    "link_recurrence": {"earlier_item": "IMP-2025-0001"},
    "appeal": REASON,
    "uphold_decline": REASON,
    "overturn_decline": REASON,
    "reassign_owner": {"new_owner": "U_ZHOU"},
    "dispute_routing": REASON,
    "reroute": REASON | {"responsible_dept": "通信部"},
    "reclassify_to_daily": DAILY | REASON,
    "reclassify_to_capa": CAPA | REASON,
    "reclassify_to_project": CLASS | REASON,
    "urge": {"note": "请尽快"},
    "cancel": REASON,
    "confirm_resources": {"resources_ok": "true"},
    "record_monitoring": {"monitoring_note": "正常"},
    "report_result": {
        "measure_taken": "换了",
        "result": "好了",
        "executors": ["U_CHEN"],
        "started_on": TODAY,
        "completed_on": TODAY,
        "deviation": "无",
        "involves_change": "false",
    },
    "return_feedback": REASON,
    "amend_capa_header": REASON | {"capa_type": "PREVENTIVE", "severity": "MAJOR", "origin": "OTHER"},
    "describe_problem": {
        "phenomenon": "卡纸",
        "scope": "三楼",
        "impact_description": "排队",
        "found_on": TODAY,
        "found_by": "U_WU",
    },
    "record_containment": {"containment": "改用二楼打印机", "containment_on": TODAY},
    "add_why": {"chain_no": "1", "why_question": "为什么？", "why_answer": "因为"},
    "remove_why": {"chain_no": "1"},
    "add_cause": {"cause_category": "MACHINE", "cause": "进纸辊磨损"},
    "remove_cause": {"cause_item": "1"},
    "add_root_cause": {"root_cause": "没有更换周期", "root_cause_category": "METHOD", "rca_method": "OTHER"},
    "remove_root_cause": {"root_cause_item": "1"},
    "set_criterion": CRITERION,
    "add_measure": MEASURE,
    "reject_plan": REASON,
    "verify_effective": CHECK | {"sample_size": "50", "evidence": "记录"},
    "verify_ineffective": CHECK | {"sample_size": "50", "conclusion": "PARTLY"},
    "verify_daily_effective": CHECK | {"doc_revision": "NOT_NEEDED"},
    "verify_daily_ineffective": CHECK | {"conclusion": "INEFFECTIVE"},
    "add_document_change": {
        "doc_no": "D-1",
        "doc_title": "手册",
        "new_version": "V2",
        "revised_on": TODAY,
        "revision_summary": "补充",
    },
    "remove_document_change": REASON | {"doc_item": "1"},
    "record_training": {"training_topic": "新手册", "trained_on": TODAY, "attendees": ["U_CHEN"]},
    "record_similar_check": {"similar_scope": "二楼打印机", "similar_found": "false"},
    "mark_closing_na": {"closing_item": "TRAINING", "na_reason": "无须培训"},
    "draft_case": {
        "case_title": "打印机卡纸",
        "case_problem": "卡纸",
        "case_cause": "磨损",
        "case_practice": "定期更换",
        "case_result": "不再卡纸",
    },
    "return_standardization": REASON,
    "edit_charter_basics": {"project_name": "更换", "background": "卡纸", "scope_in": "三楼", "scope_out": "二楼"},
    "edit_charter_resources": {"proposed_manager": "U_HE", "people_needed": "一人", "people_days": "3", "budget": "0"},
    "add_objective": {name: value for name, value in OBJECTIVE.items() if name != "reach_by_effective"},
    "remove_objective": {"objective_item": "1"},
    "reject_charter_rep": REASON,
    "reject_charter_top": REASON,
    "form_team": TEAM,
    "change_team": TEAM | REASON,
    "report_progress": {"report_month": "2026-03", "progress_pct": "30", "done_text": "选型", "next_text": "安装"},
    "record_objective_result": {"objective_item": "1", "actual_value": "0", "measured_on": TODAY},
    "apply_acceptance": {"deliverables": "打印机", "result_summary": "不再卡纸"},
    "record_acceptance_check": CHECK | {"conclusion": "EFFECTIVE", "evidence": "记录"},
    "pass_acceptance": {"opinion": "同意"},
    "fail_acceptance": REASON | {"rectification_list": "二楼", "redo_by": "2026-04-01"},
    "suspend": REASON | {"resume_by": "2026-04-01"},
    "terminate": REASON,
    "request_extension": REASON | {"deadline_item": "action_due", "new_due": "2026-03-12"},
    "add_comment": {"comment": "好"},
}


@pytest.fixture
def workflow(database: Database) -> Workflow:
    with database.transaction() as session:
        storage.profile.apply(session, text=profile.built_in("demo"), by="test", now=NOW)
        session.add(_record("IMP-2026-9999", Stage.SUBMITTED))
    return Workflow(database, CompanySource(), LIFECYCLES)


def test_the_table_names_every_step() -> None:
    assert PERMITTED.keys() == IMPROVEMENT.steps.keys()


def test_every_stage_step_and_role(workflow: Workflow) -> None:
    """What `check` allows is what the table allows, for all of the several thousand combinations."""
    wrong = []
    for number, stage in enumerate(Stage, start=1):
        place(workflow.database, f"IMP-2026-{number:04d}", stage)
        with workflow.database.reading() as session:
            here = workflow.find(session, f"IMP-2026-{number:04d}", NOW)
        for step in IMPROVEMENT.steps.values():
            for role, person in PEOPLE.items():
                if _allowed(step.id, here, person) == _expected(step.id, stage, role):
                    continue
                wrong.append((step.id, stage, role))
    assert wrong == []


def test_the_permitted_ones_succeed_and_the_others_change_nothing(workflow: Workflow) -> None:
    """From the stages a step may start from, everybody tries for real: first those who may not, then those who may."""
    wrong = []
    for number, (step_id, stage, allowed) in enumerate(_attempts(), start=1):
        refused = f"IMP-2026-{number:04d}"
        place(workflow.database, refused, stage, measure=step_id not in MEASURELESS)
        wrong += [(step_id, stage, r) for r in sorted(PEOPLE.keys() - allowed) if _done(workflow, step_id, refused, r)]
        assert _as_placed(workflow.database, refused, stage)
        assert _refusals(workflow.database, refused) == len(PEOPLE) - len(allowed)
        for role in sorted(allowed):
            place(workflow.database, f"{refused}-{role}", stage, measure=step_id not in MEASURELESS)
            if not _done(workflow, step_id, f"{refused}-{role}", role):
                wrong.append((step_id, stage, role))
    assert wrong == []


def _attempts() -> Iterator[tuple[str, Stage, frozenset[str]]]:
    for step_id, (stages, roles) in PERMITTED.items():
        for stage in sorted(stages) or [Stage.NOTIFIED]:
            yield step_id, Stage(stage), frozenset(roles if stages else ())


def _expected(step_id: str, stage: Stage, role: str) -> bool:
    stages, roles = PERMITTED[step_id]
    return stage in stages and role in roles


def _allowed(step_id: str, here: scene.Scene, person: str) -> bool:
    try:
        judge(IMPROVEMENT.steps[step_id], here, person)
    except Refused:
        return False
    return True


def _done(workflow: Workflow, step_id: str, number: str, role: str) -> bool:
    person, values = PEOPLE[role], FILLED.get(step_id, {})
    try:
        workflow.perform(Request(step_id, person, f"{step_id}:{number}:{role}", NOW, number=number, values=values))
    except Refused:
        return False
    return True


def _refusals(database: Database, number: str) -> int:
    with database.reading() as session:
        return len(storage.history.refusals(session, number))


def place(database: Database, number: str, stage: Stage, *, measure: bool = True) -> None:
    """A record that stands in a stage with everything the steps from there look at."""
    with database.transaction() as session:
        session.add(_record(number, stage))
        session.flush()
        for relation, person in (("owner", "U_SMITH"), ("executor", "U_CHEN"), ("member", "U_HE")):
            session.add(Relation(record=number, relation=relation, person=person, round=1))
        for name, values in LINES.items():
            session.add(Entry(record=number, list=name, no=1, round=1, values=values))
        if measure:
            session.add(_measure(number))
        day = date(2026, 3, 9)
        session.add(
            Deadline(
                record=number,
                name="action_due",
                started_at=NOW,
                counted_from=date(2026, 3, 2),
                length_wd=5,
                original_due=day,
                current_due=day,
            )
        )


def _measure(number: str) -> Record:
    return Record(
        number=f"{number}-M9",
        kind="measure",
        stage="PROPOSED",
        parent=number,
        round=1,
        title="打印机卡纸",
        raiser="U_SMITH",
        owner="U_CHEN",
        created_at=NOW,
        created_on=date(2026, 3, 2),
        values=MEASURE,
    )


def _record(number: str, stage: Stage) -> Record:
    return Record(
        number=number,
        kind="improvement",
        stage=stage,
        class_="DAILY",
        round=1,
        title="打印机卡纸",
        raiser="U_WU",
        owner="U_SMITH",
        responsible_dept="信息部",
        created_at=NOW,
        created_on=date(2026, 3, 2),
        ended_on=date(2026, 3, 2) if stage in FINAL else None,
        values={
            "completed_on": TODAY,
            "alike": [{"number": "IMP-2025-0001", "title": "打印机卡纸", "open": False}],
            "declined_on": TODAY,
            "declined_by": "U_LIU",
            "submitted_by": "U_SMITH",
            "effective_in_round": 1,
            "requirement": "要求",
            "daily_kind": "RECORD_FORM",
            **CHARTER,
        },
    )


def _as_placed(database: Database, number: str, stage: Stage) -> bool:
    with database.reading() as session:
        record = storage.record.find(session, number)
    placed = _record(number, stage)
    return record is not None and record.model_dump() == placed.model_dump()
