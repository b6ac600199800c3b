"""What Monday's digest says of CAPAs: how far they are, which need another round, and what is to be checked."""

from typing import Any

import pytest
from sqlalchemy import event

import storage.deadline
from storage import register
from storage.register import Involving
from tests.digest.desk import Desk
from tests.digest.test_message import paragraphs
from tests.support import capa
from tests.support.company import DemoCompany, at

MONDAY = "2025-06-09 09:00"
BEGUN = at("2025-05-06 10:00")  # measures are due on Friday 2025-05-16
FACTS = ("number", "check_date", "due", "holders")
QA = ["U_LIU", "U_TANG"]


def checked_on(company: DemoCompany, done: str) -> str:
    """A CAPA whose measures were done on this day; its effect is checked thirty days later."""
    number = capa.planned(company, BEGUN)
    capa.done(company, number, at(f"{done} 10:00"))
    return number


def second_round(company: DemoCompany) -> str:
    """A CAPA that had no effect."""
    number = checked_on(company, "2025-05-08")
    capa.failed(company, number, at("2025-05-09 10:00"))
    return number


def test_how_many_stand_in_each_stage_in_the_order_of_the_stages(company: DemoCompany, desk: Desk) -> None:
    checked_on(company, "2025-05-08")
    capa.effective(company, BEGUN)
    for _ in range(2):
        capa.planned(company, BEGUN)
    capa.classified(company, BEGUN)
    company.daily(BEGUN)
    line = desk.lines(MONDAY, "capa", "stages", "late")[0]
    assert [*line[0].items()] == [("ANALYSIS", 1), ("IMPLEMENTING", 2), ("VERIFYING", 1), ("STANDARDIZING", 1)]
    assert line[1] == 2


def test_those_in_a_later_round(company: DemoCompany, desk: Desk) -> None:
    number = second_round(company)
    capa.classified(company, BEGUN)
    facts = ("number", "department", "round", "stage")
    assert desk.lines(MONDAY, "rounds", *facts) == [(number, "信息部", 2, "ANALYSIS")]


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ("2025-05-06", [("2025-06-05", "2025-06-10", QA)]),  # the day has come, the time for it ends this week
        ("2025-05-08", [("2025-06-09", "2025-06-12", QA)]),  # Saturday, so Monday
        ("2025-05-14", [("2025-06-13", "2025-06-18", QA)]),
        ("2025-05-16", []),  # Sunday, so Monday of next week
    ],
)
def test_what_is_to_be_checked_this_week(
    company: DemoCompany, desk: Desk, done: str, expected: list[tuple[str, str, list[str]]]
) -> None:
    number = checked_on(company, done)
    assert desk.lines(MONDAY, "checks", *FACTS) == [(number, *facts) for facts in expected]


def test_a_check_date_is_neither_due_nor_overdue_nor_awaited_before_its_day(company: DemoCompany, desk: Desk) -> None:
    coming, reached = checked_on(company, "2025-05-14"), checked_on(company, "2025-05-06")
    lists = desk.digest(MONDAY)["lists"]
    assert [line["number"] for line in lists["due"]["lines"]] == [reached]
    assert [line["number"] for line in lists["decisions"]["lines"]] == [reached]
    assert lists["overdue"]["total"] == 0
    assert [line["number"] for line in lists["checks"]["lines"]] == [reached, coming]
    late = desk.digest("2025-06-16 09:00")["lists"]
    assert [line["deadline"] for line in late["overdue"]["lines"]] == ["verify_due"]


def test_late_measures_stand_with_their_holder_under_the_title_and_department_of_the_item(
    company: DemoCompany, desk: Desk
) -> None:
    number = capa.planned(company, BEGUN, department="通信部", owner="U_HE")
    facts = ("number", "title", "department", "holders", "overdue_wd", "very_late")
    assert desk.lines("2025-05-19 09:00", "overdue", *facts) == [
        (f"{number}-M1", "工单缺解决代码", "通信部", ["U_CHEN"], 1, False)
    ]


def test_measures_due_this_week(company: DemoCompany, desk: Desk) -> None:
    number = capa.planned(company, BEGUN)
    assert desk.lines("2025-05-12 09:00", "due", "number", "due") == [(f"{number}-M1", "2025-05-16")]


def test_plans_and_single_measures_await_a_decision(company: DemoCompany, desk: Desk) -> None:
    draft = capa.classified(company, BEGUN)
    capa.analysed(company, draft, BEGUN)
    capa.measured(company, draft, BEGUN)
    company.do("submit_plan", draft, BEGUN, by="U_ZHOU")
    running = capa.planned(company, BEGUN)
    added = capa.measured(company, running, at("2025-05-07 10:00"))
    company.do("request_drop", f"{running}-M1", at("2025-05-08 10:00"), by="U_ZHOU", reason="已无必要")
    assert desk.lines("2025-05-12 09:00", "decisions", "number", "stage", "holders") == [
        (draft, "PLAN_REVIEW", ["U_TANG"]),
        (added, "PROPOSED", ["U_TANG"]),
        (f"{running}-M1", "DROP_REVIEW", ["U_TANG"]),
    ]


def test_an_extension_of_a_measure_stands_under_its_number_with_its_own_dates(company: DemoCompany, desk: Desk) -> None:
    number = capa.planned(company, BEGUN, measures=2)
    wish = {"deadline_item": "measure_due", "new_due": "2025-05-20", "reason": "等待厂商补丁"}
    company.do("request_extension", f"{number}-M1", at("2025-05-14 10:00"), by="U_CHEN", **wish)
    company.approve_extension(f"{number}-E1", at("2025-05-14 11:00"))
    facts = ("number", "deadline", "original_due", "new_due")
    assert desk.lines("2025-05-19 09:00", "extensions", *facts) == [
        (f"{number}-M1", "measure_due", "2025-05-16", "2025-05-20")
    ]


def test_open_measures_of_somebody_who_left_have_no_owner(company: DemoCompany, desk: Desk) -> None:
    number = capa.planned(company, BEGUN, measures=2)
    company.deactivate("U_CHEN")
    facts = ("number", "department", "owner", "why")
    assert desk.lines("2025-05-12 09:00", "nobody", *facts) == [(f"{number}-M1", "信息部", "U_CHEN", "owner_left")]


def test_in_words(company: DemoCompany, desk: Desk) -> None:
    failed, late = second_round(company), capa.planned(company, BEGUN)
    checks = checked_on(company, "2025-05-14")
    said = paragraphs(company, desk, MONDAY)
    assert "*🛠 纠正与预防（CAPA）*\n未关闭 3 项：原因分析 1项、实施中 1项、待验证 1项\n措施逾期 1 项" in said
    assert f"*🔁 进入第2轮及以后（1）*\n• {failed} 工单缺解决代码 · 信息部 · 第2轮 · 原因分析" in said
    check = f"• {checks} 工单缺解决代码 · 验证日 2025年6月13日 周五 · 刘芳、唐静 · 期限 2025年6月18日 周三"
    assert f"*🔬 本周验证（1）*\n{check}" in said
    overdue = next(text for text in said if "逾期（2）" in text)
    assert f"{late}-M1 工单缺解决代码 · 信息部 · 陈晓 · 已逾期15个工作日" in overdue


def test_without_a_capa_nothing_is_said_of_it(company: DemoCompany, desk: Desk) -> None:
    company.daily(BEGUN)
    assert not [text for text in paragraphs(company, desk, MONDAY) if "CAPA" in text or "验证（" in text]


OPEN_ONLY = ("ix_record_ended_on (ended_on=?", "ix_deadline_stopped_on (stopped_on=?", "_open_", "_running")
BY_KEY = ("sqlite_autoindex_record_1 (number=?)",)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_nothing_is_looked_for_among_what_is_closed(company: DemoCompany) -> None:
    """Every question is answered by an index on what is open or runs, or by the keys found in one."""
    tables = [step for step in _plan(company) if step.split()[1] in ("record", "deadline")]
    assert tables
    assert [step for step in tables if not any(index in step for index in OPEN_ONLY + BY_KEY)] == []


def _plan(company: DemoCompany) -> list[str]:
    """How SQLite would find what is asked for."""
    day, found, asked = at(MONDAY).date(), [], list[tuple[str, Any]]()
    listener = (
        company.database.engine,
        "before_cursor_execute",
        lambda _c, _u, sql, given, *_: asked.append((sql, given)),
    )
    with company.database.reading() as session:
        event.listen(*listener)
        register.open_by_stage(session)
        register.beyond_first_round(session, "CAPA", limit=5)
        register.due_in_stage(session, day, day, stage="VERIFYING", names=("check_date",), limit=5)
        register.count_due_before(session, day, names=("measure_due",), class_="CAPA")
        register.held_by(session, ["U_CHEN"], measures_in=("OPEN",))
        register.owners(session)
        register.undecided(session, "extension", "REQUESTED")
        register.running(session, names=("verify_due",), involving=Involving("U_GUO", "总经办"), limit=5, after=None)
        storage.deadline.due_until(session, day, names=("verify_due",), limit=5, after=None)
        storage.deadline.reached(session, day, name="check_date", limit=5)
        event.remove(*listener)
        for sql, given in asked:
            found += [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)]
    return found
