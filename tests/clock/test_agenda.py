"""What is done once a day: it counts as done when it succeeded, and one failing task stops no other."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
from slack_sdk import WebClient

import storage.holiday
import storage.job
import storage.person
from bot.clock import SimulatedClock
from bot.context import Context
from bot.delivery import Delivery, posting_client
from bot.digest import Digests
from bot.proof import Heads, Keys
from bot.reminders import Reminders
from bot.render import Phrasebook
from bot.scheduler import Agenda
from bot.workdays import parse_holiday_file
from handlers.messages import Renderer
from storage.holiday import CalendarDay
from tests.delivery.slack_server import COMPANY, SlackServer
from tests.support import capa
from tests.support.company import ZONE, DemoCompany, at

NIGHT = at("2026-12-29 03:00")
NEW_YEAR = json.dumps(
    {"year": 2027, "days": [{"name": "元旦", "date": f"2027-01-0{n}", "isOffDay": True} for n in range(1, 6)]}
)


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


@pytest.fixture
def agenda(company: DemoCompany, slack: SlackServer) -> Agenda:
    clock, client = SimulatedClock(NIGHT), posting_client(COMPANY.bot_token, slack.url)
    context = Context(company.database, company.companies, company.workflow, Phrasebook(ZONE), clock, client)
    delivery = Delivery(company.database, WebClient(), Renderer(context), lambda *_: None, lambda *_: None)
    reminders = Reminders(company.database, company.companies, company.workflow)
    heads = Heads(company.database, company.companies, Keys())
    return Agenda(context, delivery, reminders, Digests(company.database, company.companies), heads)


def published(company: DemoCompany) -> None:
    """A year was imported by a process that died before it had counted anything again."""
    notice = parse_holiday_file(NEW_YEAR)
    days = [
        CalendarDay(
            day=day, source="import", working=not off, why="元旦", notice=2027, entered_by="U_LIN", entered_at=NIGHT
        )
        for day, off in notice.days.items()
    ]
    with company.database.transaction() as session:
        storage.holiday.replace_year(session, year=notice.year, days=days, now=NIGHT)


def test_people_who_could_not_be_asked_for_are_asked_for_again(
    agenda: Agenda, company: DemoCompany, slack: SlackServer
) -> None:
    slack.fault("users.list", "error", error="fatal_error")
    for _ in range(3):
        agenda.run_due(NIGHT)

    assert len(slack.calls("users.list")) == 2
    with company.database.reading() as session:
        assert storage.person.find(session, "U_GONE") is not None


def test_a_recount_that_was_cut_off_is_finished_by_the_days_own(agenda: Agenda, company: DemoCompany) -> None:
    number = company.daily(at("2026-12-28 10:00"))
    published(company)

    agenda.run_due(NIGHT)

    assert company.due(number, "action_due") == date(2027, 1, 7)


def test_the_days_recount_runs_once_a_day(agenda: Agenda, company: DemoCompany) -> None:
    agenda.run_due(NIGHT)
    number = company.daily(at("2026-12-29 10:00"))
    published(company)

    agenda.run_due(at("2026-12-29 11:00"))
    assert company.due(number, "action_due") == date(2027, 1, 6)
    agenda.run_due(at("2026-12-30 03:00"))
    assert company.due(number, "action_due") == date(2027, 1, 8)


def test_the_check_is_opened_before_the_days_messages_are_written(agenda: Agenda, company: DemoCompany) -> None:
    number = capa.planned(company, at("2026-11-23 10:00"))
    capa.done(company, number, at("2026-11-27 10:00"))
    agenda.run_due(at("2026-12-28 09:00"))  # a Monday, the day after thirty days

    assert company.steps(number)[-1] == "open_check"
    with company.database.reading() as session:
        digest = storage.job.last(session, "digest")
    assert digest is not None
    assert [line["number"] for line in digest.data["lists"]["decisions"]["lines"]] == [number]
