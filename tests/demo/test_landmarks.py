"""Where somebody who moves the clock may want to go, by the company's own calendar."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from bot.digest import Digests
from bot.reminders import Reminders
from storage.outbox import OutboxRow
from tests.support import capa
from tests.support.company import DemoCompany, at

Prepare = Callable[[DemoCompany], object]


def nothing(_company: DemoCompany) -> None:
    """Nobody has raised anything."""


def due_on_the_11th(company: DemoCompany) -> None:
    company.daily(at("2026-02-04 10:00"))


def overdue(company: DemoCompany) -> None:
    company.daily(at("2026-01-05 10:00"))


def due_far_away(company: DemoCompany) -> None:
    number = capa.classified(company, at("2026-02-04 10:00"))
    capa.analysed(company, number, at("2026-02-04 10:00"))
    capa.measured(company, number, at("2026-02-04 10:00"), due_on="2026-03-18")
    capa.approved(company, number, at("2026-02-04 10:00"))


def due_today_and_in_a_week(company: DemoCompany) -> None:
    company.daily(at("2026-02-04 10:00"))
    company.daily(at("2026-02-10 10:00"))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-04 10:00", "2026-03-05 09:00"),
        ("2026-03-04 09:00", "2026-03-05 09:00"),
        ("2026-03-04 08:59", "2026-03-04 09:00"),
        ("2026-02-13 18:00", "2026-02-14 09:00"),  # a Saturday that is worked for the Spring Festival
        ("2026-02-14 18:00", "2026-02-24 09:00"),  # the festival itself
        ("2026-02-27 18:00", "2026-02-28 09:00"),
        ("2026-09-30 12:00", "2026-10-08 09:00"),
    ],
)
def test_the_next_working_day_begins(company: DemoCompany, now: str, expected: str) -> None:
    reminders = Reminders(company.database, company.companies, company.workflow)
    assert reminders.next_moment(at(now)) == at(expected)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (nothing, "2026-02-10 10:00", None),
        (due_on_the_11th, "2026-02-05 10:00", "2026-02-10 09:00"),  # one working day ahead
        (due_on_the_11th, "2026-02-10 10:00", "2026-02-11 09:00"),  # then on the day
        (due_on_the_11th, "2026-02-11 10:00", "2026-02-12 09:00"),  # then daily
        (overdue, "2026-02-14 10:00", "2026-02-24 09:00"),  # but not in the festival
        (due_far_away, "2026-02-14 10:00", "2026-03-17 09:00"),
        (due_today_and_in_a_week, "2026-02-11 08:00", "2026-02-11 09:00"),
    ],
)
def test_the_next_reminder_is_as_far_as_the_first_rung(
    company: DemoCompany, before: Prepare, now: str, expected: str | None
) -> None:
    before(company)
    reminders = Reminders(company.database, company.companies, company.workflow)
    assert reminders.next_message(at(now)) == (at(expected) if expected else None)


def test_somebody_is_reminded_when_it_says_so_and_not_before(company: DemoCompany) -> None:
    due_on_the_11th(company)
    reminders = Reminders(company.database, company.companies, company.workflow)
    said, now = reminders.next_message(at("2026-02-05 10:00")), at("2026-02-05 10:00")

    while not _reminded(company):
        now = reminders.next_moment(now)
        reminders.run(now)
    assert now == said


def test_the_digest_is_a_landmark_too(company: DemoCompany) -> None:
    digests = Digests(company.database, company.companies)
    assert digests.next_moment(at("2026-02-14 10:00")) == at("2026-02-24 09:00")


def _reminded(company: DemoCompany) -> bool:
    with company.database.reading() as session:
        return session.exec(select(OutboxRow).where(OutboxRow.kind == "reminder")).first() is not None
