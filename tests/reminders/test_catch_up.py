"""Days without a running bot lose nothing and double nothing; so do two bots, and one that dies."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

import storage.outbox
import storage.sending
from bot.errors import Refused
from bot.improvement import LIFECYCLES
from bot.reminders import Reminders
from bot.workflow import Done, Request, Workflow
from storage.database import Database
from tests.reminders.desk import Desk
from tests.support.company import DemoCompany, at

CLASSIFIED = at("2025-04-29 14:05")  # due on Friday 2025-05-09


def test_a_second_tick_of_the_day_finds_nothing(company: DemoCompany, desk: Desk) -> None:
    company.daily(CLASSIFIED, owner="U_CHEN")
    assert desk.run("2025-05-09 09:00") != {}
    assert desk.run("2025-05-09 09:01") == {}
    assert desk.reminders.run(at("2025-05-09 17:00")) is False


def test_after_days_off_the_air_only_the_highest_rung_goes_out(company: DemoCompany, desk: Desk) -> None:
    number = company.daily(CLASSIFIED, owner="U_CHEN")
    assert desk.run("2025-05-13 11:20") == {"U_CHEN": ["0001 OVERDUE"]}
    assert sorted(desk.states(number)) == [
        ("U_CHEN", "BEFORE", "SUPERSEDED"),
        ("U_CHEN", "OVERDUE", "SENT"),
        ("U_CHEN", "TODAY", "SUPERSEDED"),
    ]


def test_missed_escalations_are_sent_once_to_each(company: DemoCompany, desk: Desk) -> None:
    company.daily(CLASSIFIED, owner="U_CHEN")
    desk.run("2025-05-12 09:00")
    assert desk.run("2025-05-20 09:00") == {
        "U_CHEN": ["0001 OVERDUE"],
        "U_LIU": ["0001 DEPT"],
        "U_MA": ["0001 REP"],
        "U_TANG": ["0001 DEPT"],
        "U_ZHOU": ["0001 DEPT"],
    }
    assert desk.run("2025-05-21 09:00") == {"U_CHEN": ["0001 OVERDUE"]}
    assert [row.data["lines"][0]["overdue_wd"] for row in desk.delivered if row.target == "U_CHEN"] == [1, 7, 8]


def test_a_person_who_is_told_on_both_levels_hears_of_the_higher(company: DemoCompany, desk: Desk) -> None:
    number = company.daily(CLASSIFIED, department="通信部")
    assert desk.run("2025-05-19 09:00")["U_MA"] == ["0001 REP"]
    assert ("U_MA", "DEPT", "SUPERSEDED") in desk.states(number)


def test_a_moved_date_starts_the_ladder_afresh(company: DemoCompany, desk: Desk) -> None:
    number = company.daily(CLASSIFIED, department="通信部")
    desk.run("2025-05-09 09:00")
    request = company.request_extension(number, at("2025-05-09 10:00"), by="U_HE", new_due="2025-05-14")
    company.approve_extension(request, at("2025-05-09 11:00"))
    days = ("2025-05-12", "2025-05-13", "2025-05-14", "2025-05-15")
    assert [desk.run(f"{day} 09:00") for day in days] == [
        {},
        {"U_HE": ["0001 BEFORE"]},
        {"U_HE": ["0001 TODAY"]},
        {"U_HE": ["0001 OVERDUE"]},
    ]


def test_what_begins_after_the_days_run_is_reached_the_next_day(company: DemoCompany, desk: Desk) -> None:
    """An extension is decided on within one working day: the day before it falls after that morning's run."""
    number = company.daily(CLASSIFIED, department="通信部")
    desk.run("2025-05-07 09:00")
    company.request_extension(number, at("2025-05-07 10:00"), by="U_HE", new_due="2025-05-14")
    assert desk.run("2025-05-08 09:00") == {"U_HE": ["0001 BEFORE"], "U_TANG": ["1-E1 TODAY"]}


def test_two_processes_at_once_send_each_message_once(company: DemoCompany, desk: Desk) -> None:
    for owner in ("U_CHEN", "U_SMITH", "U_ZHOU"):
        company.daily(CLASSIFIED, owner=owner)
    both = Barrier(2)

    def tick() -> bool:
        reminders = desk.reminders
        both.wait()
        return reminders.run(at("2025-05-14 09:00"))

    with ThreadPoolExecutor(2) as threads:
        ticks = [threads.submit(tick) for _ in range(2)]
    assert any(tick.result() for tick in ticks)
    assert desk.deliver(at("2025-05-14 09:01")) == {
        "U_CHEN": ["0001 OVERDUE"],
        "U_LIU": ["0001 DEPT", "0002 DEPT", "0003 DEPT"],
        "U_MA": ["0003 DEPT"],
        "U_SMITH": ["0002 OVERDUE"],
        "U_TANG": ["0001 DEPT", "0002 DEPT", "0003 DEPT"],
        "U_ZHOU": ["0001 DEPT", "0002 DEPT", "0003 OVERDUE"],
    }


class Killed(Exception):
    """The process ends here."""


class DyingDatabase(Database):
    """Lets a process write so many transactions before it dies."""

    writes = 1

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """The last one is not even begun."""
        if self.writes == 0:
            raise Killed
        self.writes -= 1
        with super().transaction() as session:
            yield session


def test_a_run_that_died_half_way_is_finished_by_the_next(company: DemoCompany, desk: Desk, database_url: str) -> None:
    for owner in ("U_CHEN", "U_SMITH"):
        company.daily(CLASSIFIED, owner=owner)
    dying = DyingDatabase(database_url)
    with pytest.raises(Killed):
        Reminders(dying, company.companies, company.workflow).run(at("2025-05-09 09:00"))
    dying.dispose()
    assert desk.deliver(at("2025-05-09 09:01")) == {"U_CHEN": ["0001 TODAY"]}
    assert desk.run("2025-05-09 09:05") == {"U_SMITH": ["0002 TODAY"]}


class Busy(Workflow):
    """Somebody else is at work on one of the records."""

    failure: Exception
    record: str

    def perform(self, request: Request) -> Done:
        """Fails for that record."""
        if request.number == self.record:
            raise self.failure
        return super().perform(request)


@pytest.mark.parametrize("failure", [Refused("wrong_stage"), StaleDataError()], ids=["refused", "written meanwhile"])
def test_an_escalation_that_fails_waits_a_day_and_stops_nothing_else(
    company: DemoCompany, desk: Desk, failure: Exception
) -> None:
    number, _ = (company.daily(CLASSIFIED, owner="U_CHEN") for _ in range(2))
    busy = Busy(company.database, company.companies, LIFECYCLES)
    busy.record, busy.failure = number, failure
    assert Reminders(company.database, company.companies, busy).run(at("2025-05-14 09:00"))
    assert desk.deliver(at("2025-05-14 09:01")) == {
        "U_CHEN": ["0001 OVERDUE", "0002 OVERDUE"],
        "U_LIU": ["0002 DEPT"],
        "U_TANG": ["0002 DEPT"],
        "U_ZHOU": ["0002 DEPT"],
    }
    assert desk.run("2025-05-15 09:00")["U_ZHOU"] == ["0001 DEPT"]
    assert company.steps(number)[-1] == "escalate"


def test_what_was_written_but_never_delivered_goes_out_the_next_day(company: DemoCompany, desk: Desk) -> None:
    """A message that missed its hours is not sent at night; the escalation in it is not lost."""
    number = company.daily(CLASSIFIED, owner="U_CHEN")
    desk.reminders.run(at("2025-05-14 19:59"))
    with company.database.transaction() as session:
        missed = storage.outbox.find(session, "remind:U_LIU:2025-05-14")
        assert missed is not None
        storage.sending.mark_settled(session, missed, note="too late")
    desk.deliver(at("2025-05-14 20:05"))
    assert desk.run("2025-05-15 09:00") == {"U_CHEN": ["0001 OVERDUE"], "U_LIU": ["0001 DEPT"]}
    assert ("U_LIU", "DEPT", "SENT") in desk.states(number)
