"""What a published, corrected or newly decided calendar does to dates that are running."""

import json
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

import storage.deadline
import storage.history
import storage.holiday
from bot.calendar_upkeep import import_year, recount, set_day
from bot.company import CompanySource
from bot.errors import UserError
from bot.improvement import LIFECYCLES
from bot.watch import Nobody
from bot.workflow import Workflow
from storage.outbox import OutboxRow
from tests.calendar.register import Register, at

NEW_YEAR_2027 = [("元旦", "2027-01-01", True), ("元旦", "2027-01-02", True), ("元旦", "2027-01-03", True)]
LONG_NEW_YEAR = [*NEW_YEAR_2027, ("元旦", "2027-01-04", True), ("元旦", "2027-01-05", True)]


def notice(days: list[tuple[str, str, bool]], year: int = 2027) -> str:
    return json.dumps({"year": year, "days": [{"name": n, "date": d, "isOffDay": off} for n, d, off in days]})


def publish(register: Register, days: list[tuple[str, str, bool]], day: str, year: int = 2027) -> Any:
    return import_year(register.workflow, notice(days, year), by="U_LIN", now=at(day))


def decide(register: Register, day: str, *, working: bool, on: str) -> Any:
    return set_day(register.workflow, date.fromisoformat(day), working=working, why="公司年会", by="U_LIN", now=at(on))


def dates(register: Register, number: str, name: str) -> tuple[str, str, bool]:
    deadline = register.deadline(number, name)
    return deadline.original_due.isoformat(), deadline.current_due.isoformat(), deadline.provisional


def steps(register: Register, number: str) -> list[str]:
    with register.database.reading() as session:
        return [entry.step for entry, _ in storage.history.of_record(session, number)]


def resumed_after_a_pause(register: Register) -> str:
    """An opportunity that waited two days for an answer: its date follows no longer from its length."""
    number = register.raised("2026-03-02")
    register.take("ask_info", "U_LIU", "2026-03-02", number, question="哪个班次?")
    return register.take("answer_info", "U_CHEN", "2026-03-04", number, answer="夜班")


class Killed(Exception):
    """The process is gone."""


class Death(Nobody):
    """Comes when the first date has been counted again."""

    def taken(self, step: str) -> None:
        raise Killed(step)


def dying(register: Register) -> Workflow:
    return Workflow(register.database, CompanySource(), LIFECYCLES, Death())


def told(register: Register, news: str) -> list[str]:
    with register.database.reading() as session:
        rows = session.exec(select(OutboxRow).order_by(OutboxRow.target)).all()
        return [row.target for row in rows if row.data.get("news") == news]


def test_a_provisional_date_moves_with_its_original_and_its_holder_is_told(register: Register) -> None:
    number = register.notified("2026-12-28")
    assert dates(register, number, "action_due") == ("2027-01-05", "2027-01-05", True)

    year, moved = publish(register, LONG_NEW_YEAR, "2026-12-29")

    assert (year, [move.new_due for move in moved]) == (2027, [date(2027, 1, 7)])
    assert dates(register, number, "action_due") == ("2027-01-07", "2027-01-07", False)
    assert steps(register, number)[-1] == "recount_due"
    assert told(register, "due_recounted") == ["U_CHEN"]


def test_a_date_that_only_becomes_firm_is_logged_and_nobody_is_disturbed(register: Register) -> None:
    number = register.notified("2026-12-28")

    publish(register, NEW_YEAR_2027, "2026-12-29")

    assert dates(register, number, "action_due") == ("2027-01-05", "2027-01-05", False)
    assert steps(register, number).count("recount_due") == 1
    assert told(register, "due_recounted") == []


def test_importing_again_changes_nothing(register: Register) -> None:
    number = register.notified("2026-12-28")
    publish(register, LONG_NEW_YEAR, "2026-12-29")

    assert publish(register, LONG_NEW_YEAR, "2026-12-30") == (2027, [])
    assert steps(register, number).count("recount_due") == 1


def test_a_corrected_notice_moves_only_the_current_date(register: Register) -> None:
    number = register.notified("2026-12-28")
    publish(register, LONG_NEW_YEAR, "2026-12-29")

    publish(register, NEW_YEAR_2027, "2026-12-30")

    assert dates(register, number, "action_due") == ("2027-01-07", "2027-01-05", False)


@pytest.mark.parametrize(
    ("day", "working", "current"),
    [
        ("2026-03-04", False, "2026-03-10"),  # a Wednesday of the count is taken off
        ("2026-03-07", True, "2026-03-07"),  # a Saturday is worked
        ("2026-03-11", False, "2026-03-09"),  # after the due date
        ("2026-03-02", False, "2026-03-09"),  # the day of the trigger never counts
    ],
)
def test_a_day_decided_by_the_company_moves_a_firm_date_but_not_its_original(
    register: Register, day: str, working: bool, current: str
) -> None:
    number = register.notified("2026-03-02")

    decide(register, day, working=working, on="2026-03-03")

    assert dates(register, number, "action_due") == ("2026-03-09", current, False)


def test_a_day_taken_back_brings_the_date_back_each_time(register: Register) -> None:
    number = register.notified("2026-03-02")

    for working, current in ((False, "2026-03-10"), (True, "2026-03-09"), (False, "2026-03-10")):
        decide(register, "2026-03-04", working=working, on="2026-03-03")
        assert dates(register, number, "action_due") == ("2026-03-09", current, False)


def test_a_paused_clock_is_left_and_counts_by_the_new_calendar_when_it_runs_on(register: Register) -> None:
    number = register.raised("2026-03-02")
    register.take("ask_info", "U_LIU", "2026-03-02", number, question="哪个班次?")

    decide(register, "2026-03-05", working=False, on="2026-03-03")
    assert dates(register, number, "triage_due")[1] == "2026-03-05"

    register.take("answer_info", "U_CHEN", "2026-03-04", number, answer="夜班")
    assert dates(register, number, "triage_due")[1] == "2026-03-10"


@pytest.mark.parametrize("decided_by", ["the company", "a notice"])
def test_a_clock_that_was_paused_keeps_its_working_days(register: Register, decided_by: str) -> None:
    number = resumed_after_a_pause(register)
    assert dates(register, number, "triage_due") == ("2026-03-05", "2026-03-09", False)

    if decided_by == "the company":
        decide(register, "2026-03-06", working=False, on="2026-03-05")
    else:
        publish(register, [("公司年会", "2026-03-06", True)], "2026-03-05", year=2026)

    assert dates(register, number, "triage_due") == ("2026-03-05", "2026-03-10", False)
    assert recount(register.workflow, at("2026-03-06")) == []


@pytest.mark.parametrize("finished_by", ["the day's own run", "the same command"])
def test_a_recount_that_dies_between_two_deadlines_is_finished_with_the_same_dates(
    register: Register, finished_by: str
) -> None:
    numbers = [resumed_after_a_pause(register) for _ in range(3)]
    assert {dates(register, number, "triage_due") for number in numbers} == {("2026-03-05", "2026-03-09", False)}
    with pytest.raises(Killed):
        set_day(dying(register), date(2026, 3, 6), working=False, why="公司年会", by="U_LIN", now=at("2026-03-05"))
    assert [steps(register, number).count("recount_due") for number in numbers] == [1, 0, 0]

    if finished_by == "the same command":
        decide(register, "2026-03-06", working=False, on="2026-03-05")
    recount(register.workflow, at("2026-03-06", hour=3))

    assert {dates(register, number, "triage_due") for number in numbers} == {("2026-03-05", "2026-03-10", False)}
    assert [steps(register, number).count("recount_due") for number in numbers] == [1, 1, 1]


def test_what_a_recount_that_died_had_not_come_to_survives_another_change(register: Register) -> None:
    numbers = [resumed_after_a_pause(register) for _ in range(2)]
    with pytest.raises(Killed):
        set_day(dying(register), date(2026, 3, 6), working=False, why="公司年会", by="U_LIN", now=at("2026-03-05"))

    decide(register, "2026-03-10", working=False, on="2026-03-05")
    assert {dates(register, number, "triage_due")[1] for number in numbers} == {"2026-03-11"}
    decide(register, "2026-03-06", working=True, on="2026-03-05")
    assert {dates(register, number, "triage_due")[1] for number in numbers} == {"2026-03-09"}


def test_the_same_date_after_another_pause_is_counted_by_the_calendar_of_then(register: Register) -> None:
    number = resumed_after_a_pause(register)
    decide(register, "2026-03-11", working=False, on="2026-03-05")
    register.take("ask_info", "U_LIU", "2026-03-05", number, question="哪一台?")
    decide(register, "2026-03-07", working=True, on="2026-03-05")
    register.take("answer_info", "U_CHEN", "2026-03-06", number, answer="三楼")
    assert dates(register, number, "triage_due") == ("2026-03-05", "2026-03-09", False)

    assert recount(register.workflow, at("2026-03-07", hour=3)) == []


def test_a_granted_date_stays(register: Register) -> None:
    number = register.notified("2026-03-02")
    register.take(
        "request_extension",
        "U_CHEN",
        "2026-03-03",
        number,
        deadline_item="action_due",
        new_due="2026-03-12",
        reason="等待备件",
    )
    register.take("approve_extension", "U_TANG", "2026-03-03", f"{number}-E1")

    decide(register, "2026-03-04", working=False, on="2026-03-03")

    assert dates(register, number, "action_due") == ("2026-03-09", "2026-03-12", False)


def test_a_date_granted_into_a_year_without_a_calendar_is_rolled_again_when_that_is_published(
    register: Register,
) -> None:
    number = register.notified("2026-12-22")
    wish = {"deadline_item": "action_due", "new_due": "2027-01-04", "reason": "等待备件"}
    register.take("request_extension", "U_CHEN", "2026-12-23", number, **wish)
    register.take("approve_extension", "U_TANG", "2026-12-23", f"{number}-E1")
    assert dates(register, number, "action_due") == ("2026-12-29", "2027-01-04", True)

    publish(register, LONG_NEW_YEAR, "2026-12-24")

    assert dates(register, number, "action_due") == ("2026-12-29", "2027-01-06", False)
    assert told(register, "due_recounted") == ["U_CHEN"]


def test_a_new_working_week_acts_only_on_what_begins_afterwards(register: Register) -> None:
    running = register.notified("2026-03-02")
    register.work_on(1, 2, 3, 4, 5, 6, since="2026-03-03")
    begun = register.notified("2026-03-04")
    assert recount(register.workflow, at("2026-03-04")) == []
    assert dates(register, running, "action_due") == ("2026-03-09", "2026-03-09", False)
    assert dates(register, begun, "action_due") == ("2026-03-10", "2026-03-10", False)

    decide(register, "2026-03-05", working=False, on="2026-03-04")

    assert dates(register, running, "action_due") == ("2026-03-09", "2026-03-10", False)
    assert dates(register, begun, "action_due") == ("2026-03-10", "2026-03-11", False)


def test_the_request_for_an_extension_has_a_date_that_moves_too(register: Register) -> None:
    number = register.notified("2026-03-02")
    register.take(
        "request_extension",
        "U_CHEN",
        "2026-03-03",
        number,
        deadline_item="action_due",
        new_due="2026-03-12",
        reason="等待备件",
    )

    decide(register, "2026-03-04", working=False, on="2026-03-03")

    assert dates(register, f"{number}-E1", "extension_due")[1] == "2026-03-05"
    assert "U_TANG" in told(register, "due_recounted")


def test_a_stopped_clock_that_runs_again_is_caught_by_the_daily_recount(register: Register) -> None:
    number = register.notified("2026-12-28")
    register.take("report_result", "U_CHEN", "2026-12-29", number, **REPORT)
    publish(register, LONG_NEW_YEAR, "2026-12-29")
    register.take("return_feedback", "U_LIU", "2026-12-30", number, reason="缺少证据")
    assert dates(register, number, "action_due") == ("2027-01-05", "2027-01-05", True)

    recount(register.workflow, at("2026-12-31"))

    assert dates(register, number, "action_due") == ("2027-01-07", "2027-01-07", False)


def test_the_december_of_a_notice_survives_the_import_of_that_december_s_own_year(register: Register) -> None:
    publish(register, [*NEW_YEAR_2027, ("元旦", "2026-12-31", True)], "2026-12-01")
    publish(register, [("元旦", "2026-01-01", True)], "2026-12-02", year=2026)
    assert decided(register) == ["2026-01-01", "2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03"]

    publish(register, NEW_YEAR_2027, "2026-12-03")
    assert decided(register) == ["2026-01-01", "2027-01-01", "2027-01-02", "2027-01-03"]


def test_the_company_s_word_and_the_notice_stand_side_by_side(register: Register) -> None:
    decide(register, "2027-01-01", working=True, on="2026-12-01")
    publish(register, NEW_YEAR_2027, "2026-12-02")

    with register.database.reading() as session:
        sources = [day.source for day in storage.holiday.days(session) if day.day == date(2027, 1, 1)]
    assert sources == ["import", "set"]


@pytest.mark.parametrize(
    ("day", "why", "msgid"),
    [("2026-03-04", "  ", "calendar.why_missing"), ("1900-01-01", "年会", "calendar.out_of_range")],
)
def test_a_decision_that_is_refused(register: Register, day: str, why: str, msgid: str) -> None:
    with pytest.raises(UserError) as refused:
        set_day(register.workflow, date.fromisoformat(day), working=False, why=why, by="U_LIN", now=at("2026-03-02"))

    assert refused.value.message.msgid == msgid
    assert decided(register) == []


def test_a_file_that_cannot_be_read_changes_nothing(register: Register) -> None:
    with pytest.raises(UserError):
        publish(register, [*NEW_YEAR_2027, ("元旦", "2027-02-30", True)], "2026-12-01")

    assert decided(register) == []


def decided(register: Register) -> list[str]:
    with register.database.reading() as session:
        return [day.day.isoformat() for day in storage.holiday.days(session)]


REPORT = {
    "measure_taken": "增加签字栏",
    "result": "已启用",
    "executors": ["U_CHEN"],
    "started_on": "2026-12-28",
    "completed_on": "2026-12-29",
    "deviation": "无",
    "involves_change": "false",
}
