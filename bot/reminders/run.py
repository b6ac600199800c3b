"""The clock's part of the ladder: once a working day, everybody who has to be asked gets one message.

Every message is written together with its ledger entries, one transaction a person; when all are written the day is
marked as done, so that the ticks after it cost one small query. A process that dies half way leaves the day open: the
next tick goes through it again and finds only those who have had nothing yet. What begins or moves after the day's run
is reached by the next day's, because rungs go by what has been reached.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

import storage.deadline
import storage.job
import storage.outbox
import storage.reminder
from bot.company import Company, CompanySource
from bot.errors import UserError
from bot.people.who import SYSTEM
from bot.reminders import ahead, hours, orphans, redirect, vacancies
from bot.reminders.ladder import ESCALATIONS
from bot.reminders.line import Line
from bot.reminders.scan import Open, scan
from bot.workflow import Request, Workflow, cards
from storage.database import Database, is_conflict
from storage.outbox import OutboxRow
from storage.reminder import EntryKey

JOB, KIND = "remind", "reminder"
ESCALATE = "escalate"
log = structlog.get_logger()


class Reminders:
    """The reminders of one company. Any number of processes may run them at the same time."""

    def __init__(self, database: Database, companies: CompanySource, workflow: Workflow) -> None:
        self._database = database
        self._companies = companies
        self._workflow = workflow

    def run(self, now: datetime) -> bool:
        """Do the day's work if it is time and nobody has done it; says whether it did."""
        with self._database.reading() as session:
            company = self._companies.load(session)
            day = company.today(now).isoformat()
            if not hours.may_send(company, now) or storage.job.find(session, job=JOB, period=day):
                return False
        bundles: dict[str, list[Open]] = defaultdict(list)
        for found in scan(self._database, company, now):
            for one in self._escalated(found, now):
                bundles[one.person].append(one)
        sent = sum(self._remind(company, person, found, now) for person, found in sorted(bundles.items()))
        with self._database.transaction() as session:
            vacancies.report(session, company, now)
            storage.job.claim(session, job=JOB, period=day, now=now)
        log.info("reminders.day_done", day=day, messages=sent)
        return True

    def next_moment(self, now: datetime) -> datetime:
        """The next `send_at` of a working day, strictly after `now`."""
        with self._database.reading() as session:
            return hours.next_send_at(self._companies.load(session), now)

    def next_message(self, now: datetime) -> datetime | None:
        """The next moment, strictly after `now`, at which as things stand somebody will be reminded; None for never."""
        with self._database.reading() as session:
            return ahead.next_message(session, self._companies.load(session), now)

    def sent(self, session: Session, row: OutboxRow) -> None:
        """Told by the sender that a message stands in Slack; its lines are never sent again."""
        if row.kind == KIND:
            storage.reminder.settle(session, outbox_key=row.key, state=storage.reminder.SENT)

    def redirect(self, session: Session, row: OutboxRow, now: datetime) -> None:
        """Told by the sender that a message was given up: ask somebody else, if this person cannot be reached."""
        company = self._companies.load(session)
        if row.kind == KIND:
            redirect.redirect(session, company, row, now)
        elif row.kind == orphans.KIND:
            orphans.redirect(session, company, row, now)

    def _escalated(self, page: Sequence[Open], now: datetime) -> list[Open]:
        """What people may be told: that it was passed up is put on record before, once a due date.

        What cannot be recorded today waits for the next day's run, and keeps nothing else from being sent.
        """
        requests = {request.key: request for one in page for request in _escalations(one, now)}
        failed = {key for key, request in requests.items() if not self._recorded(request)}
        return [one for one in page if not any(request.key in failed for request in _escalations(one, now))]

    def _recorded(self, request: Request) -> bool:
        try:
            self._workflow.perform(request)
        except (UserError, StaleDataError, OperationalError) as error:
            if not isinstance(error, UserError) and not is_conflict(error):
                raise
            log.warning("reminders.not_escalated", key=request.key, error=str(error))
            return False
        return True

    def _remind(self, company: Company, person: str, found: Sequence[Open], now: datetime) -> bool:
        """Write a person's message and its ledger entries; false if the person has had one today."""
        today = company.today(now)
        outbox_key = f"remind:{person}:{today}"
        with self._database.transaction() as session:
            attempt = session.begin_nested()
            entered = storage.reminder.enter(
                session,
                (key for one in found for key in one.keys(today)),
                now=now,
                stale=hours.day_begins(company, now),
            )
            chosen = [best for one in found if (best := _highest(one, entered, today))]
            data = {"date": today.isoformat(), "lines": _in_order(facts for _, facts in chosen)}
            if chosen and storage.outbox.put(session, key=outbox_key, target=person, kind=KIND, data=data, now=now):
                storage.reminder.claim(session, (entered[key] for key, _ in chosen), outbox_key=outbox_key)
                cards.supersede(session, subject=KIND, place=person, outbox_key=outbox_key, now=now)
                return True
            attempt.rollback()
            return False


def _escalations(one: Open, now: datetime) -> Iterator[Request]:
    """The steps that put on record what these rungs pass up."""
    due, item = one.of.due, one.of.case.item
    name = f"{due.name}:{due.instance}" if due.instance else due.name
    for rung in (rung for rung in ESCALATIONS if rung in one.rungs):
        values = {"deadline": due.name, "rung": rung.value, "overdue_wd": one.of.overdue_wd}
        key = f"{ESCALATE}:{due.record.number}:{name}:{due.current_due}:{rung.value}"
        yield Request(ESCALATE, SYSTEM, key, now, number=item.number, values=values)


def _highest(one: Open, entered: Mapping[EntryKey, int], today: date) -> tuple[EntryKey, Line] | None:
    """The highest rung that was really open, with its line; what lies below it is superseded."""
    left = ((key, one.of.line(rung)) for key, rung in one.keys(today).items() if key in entered)
    return next(left, None)


def _in_order(lines: Iterable[Line]) -> list[dict[str, object]]:
    return [one.model_dump(mode="json") for one in sorted(lines, key=lambda one: one.urgency)]
