"""The day of the check: those who verify are asked for it once, on a working day, however late the bot comes."""

import pytest
from sqlmodel import col, select

from bot.improvement.check_day import open_reached
from storage.outbox import OutboxRow
from tests.support import capa
from tests.support.company import DemoCompany, at

PLANNED, DONE = at("2025-05-06 10:00"), at("2025-05-08 10:00")  # observed for 30 days, until Saturday 2025-06-07


@pytest.fixture
def number(company: DemoCompany) -> str:
    """A CAPA whose effect is observed."""
    number = capa.planned(company, PLANNED)
    capa.done(company, number, DONE)
    return number


def run(company: DemoCompany, *moments: str) -> None:
    """A tick at each of these times."""
    for moment in moments:
        open_reached(company.workflow, at(moment))


def opened(company: DemoCompany, number: str) -> int:
    """How often the check was opened."""
    return company.steps(number).count("open_check")


@pytest.mark.parametrize(
    ("moment", "times"),
    [
        ("2025-06-06 19:00", 0),  # the day before
        ("2025-06-07 09:00", 0),  # Saturday
        ("2025-06-09 08:59", 0),
        ("2025-06-09 09:00", 1),
        ("2025-06-09 20:00", 0),
        ("2025-06-10 09:00", 1),  # the bot was away for a day
        ("2025-06-18 16:00", 1),
    ],
)
def test_it_comes_on_the_first_working_day_that_the_bot_sees(
    company: DemoCompany, number: str, moment: str, times: int
) -> None:
    run(company, moment)
    assert opened(company, number) == times


def test_it_comes_once_and_asks_those_who_verify(company: DemoCompany, number: str) -> None:
    run(company, "2025-06-09 09:00", "2025-06-09 09:01", "2025-06-10 09:00")
    assert opened(company, number) == 1
    assert told(company) == ["U_LIU", "U_TANG"]


def test_it_does_not_come_while_a_measure_is_carried_out_again(company: DemoCompany, number: str) -> None:
    company.do("return_measure", f"{number}-M1", at("2025-06-06 10:00"), by="U_LIU", reason="没有生效")
    run(company, "2025-06-09 09:00")
    assert opened(company, number) == 0


def test_after_its_day_the_verifiers_are_asked_as_soon_as_the_measure_is_done_again(
    company: DemoCompany, number: str
) -> None:
    """The measure is reported with the dates it had: the check would lie in the past, its time is counted from now."""
    run(company, "2025-06-09 09:00")
    before = told(company)
    company.do("return_measure", f"{number}-M1", at("2025-06-10 10:00"), by="U_LIU", reason="缺少证据")
    dates = {"executors": ["U_CHEN"], "started_on": "2025-05-08", "completed_on": "2025-05-08"}
    company.do("report_measure_done", f"{number}-M1", at("2025-06-10 11:00"), by="U_CHEN", **capa.REPORT, **dates)
    assert told(company) == sorted(before * 2)
    assert company.due(number, "verify_due").isoformat() == "2025-06-13"
    run(company, "2025-06-10 11:01", "2025-06-10 11:02")
    assert opened(company, number) == 1


def test_a_check_that_was_made_before_its_day_is_not_asked_for(company: DemoCompany, number: str) -> None:
    capa.verified(company, number, at("2025-05-20 10:00"))
    run(company, "2025-06-09 09:00")
    assert opened(company, number) == 0


def told(company: DemoCompany) -> list[str]:
    """Who was asked for a check."""
    with company.database.reading() as session:
        rows = session.exec(select(OutboxRow).where(col(OutboxRow.kind) == "card"))
        return sorted(row.target for row in rows if row.data["news"] == "check_due")
