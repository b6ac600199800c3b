"""What a calendar does to the dates of a CAPA: a chosen day is rolled, and the time for a check goes with its day."""

import json
from datetime import date

from sqlmodel import col, select

import storage.profile
from bot import profile
from bot.calendar_upkeep import import_year, recount, set_day
from storage.history import Refusal
from storage.outbox import OutboxRow
from tests.support import capa
from tests.support.company import DemoCompany, at

NEW_YEAR = {date(2027, 1, day): "元旦" for day in range(1, 6)}
BEGUN = at("2026-11-24 10:00")


def observed(company: DemoCompany, done: str) -> str:
    """A CAPA whose measures were done on this day; its effect is checked thirty days later."""
    number = capa.planned(company, BEGUN)
    capa.done(company, number, at(f"{done} 10:00"))
    return number


def publish(company: DemoCompany, day: str) -> None:
    """The holidays of 2027: the first five days of January."""
    days = [{"name": why, "date": off.isoformat(), "isOffDay": True} for off, why in NEW_YEAR.items()]
    import_year(company.workflow, json.dumps({"year": 2027, "days": days}), by="U_LIN", now=at(f"{day} 10:00"))


def decide(company: DemoCompany, off: str, on: str) -> None:
    """The company takes a day off."""
    day = date.fromisoformat(off)
    set_day(company.workflow, day, working=False, why="公司年会", by="U_LIN", now=at(f"{on} 10:00"))


def dates(company: DemoCompany, number: str, name: str) -> tuple[str, str, bool]:
    """The original and the current date of the newest deadline of this name, and whether they are provisional."""
    found = [deadline for deadline in company.deadlines(number) if deadline.name == name][-1]
    return found.original_due.isoformat(), found.current_due.isoformat(), found.provisional


def refused(company: DemoCompany) -> list[str]:
    """The attempts that were turned down."""
    with company.database.reading() as session:
        return [refusal.step for refusal in session.exec(select(Refusal))]


def told(company: DemoCompany) -> list[str]:
    """Who was told that a date moved."""
    with company.database.reading() as session:
        rows = session.exec(select(OutboxRow).where(col(OutboxRow.kind) == "card"))
        return sorted(row.target for row in rows if row.data["news"] == "due_recounted")


def test_a_check_date_in_a_year_without_a_calendar_is_provisional_and_takes_the_time_for_it_along(
    company: DemoCompany,
) -> None:
    number = observed(company, "2026-12-05")
    assert dates(company, number, "check_date") == ("2027-01-04", "2027-01-04", True)
    assert dates(company, number, "verify_due") == ("2027-01-07", "2027-01-07", True)

    publish(company, "2026-12-08")

    assert dates(company, number, "check_date") == ("2027-01-06", "2027-01-06", False)
    assert dates(company, number, "verify_due") == ("2027-01-11", "2027-01-11", False)
    assert (company.steps(number).count("recount_due"), refused(company)) == (1, [])
    assert told(company) == ["U_LIU", "U_TANG"]
    assert recount(company.workflow, at("2026-12-09 03:00")) == []


def test_a_firm_check_date_moves_and_the_originals_stay(company: DemoCompany) -> None:
    number = observed(company, "2026-11-25")
    assert dates(company, number, "check_date") == ("2026-12-25", "2026-12-25", False)

    decide(company, "2026-12-25", on="2026-12-01")

    assert dates(company, number, "check_date") == ("2026-12-25", "2026-12-28", False)
    assert dates(company, number, "verify_due")[:2] == ("2026-12-30", "2026-12-31")
    assert recount(company.workflow, at("2026-12-02 03:00")) == []


def test_the_time_for_a_check_moves_alone_where_the_day_of_the_check_stays(company: DemoCompany) -> None:
    number = observed(company, "2026-11-25")

    decide(company, "2026-12-29", on="2026-12-01")

    assert dates(company, number, "check_date") == ("2026-12-25", "2026-12-25", False)
    assert dates(company, number, "verify_due") == ("2026-12-30", "2026-12-31", False)


def test_the_time_for_a_check_is_counted_by_the_working_week_in_which_it_began(company: DemoCompany) -> None:
    number = observed(company, "2026-11-24")
    six_days = f"{profile.built_in('demo')}\n[calendar]\nworking_weekdays = [1, 2, 3, 4, 5, 6]\n"
    with company.database.transaction() as session:
        storage.profile.apply(session, text=six_days, by="test", now=at("2026-11-30 10:00"))

    decide(company, "2026-12-24", on="2026-12-01")

    assert recount(company.workflow, at("2026-12-02 03:00")) == []
    assert dates(company, number, "verify_due")[1] == "2026-12-30"


def test_a_measure_due_on_a_day_that_becomes_a_holiday_is_due_on_the_next_working_day(company: DemoCompany) -> None:
    number = capa.planned(company, BEGUN)
    measure = f"{number}-M1"
    assert dates(company, measure, "measure_due") == ("2026-12-04", "2026-12-04", False)

    decide(company, "2026-12-04", on="2026-11-25")

    assert dates(company, measure, "measure_due") == ("2026-12-04", "2026-12-07", False)
    assert told(company) == ["U_CHEN"]
