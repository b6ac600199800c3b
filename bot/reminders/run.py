"""The clock's part of the ladder: once a working day, everybody who has to be asked gets one message.

Every message is written together with its ledger entries, one transaction a person; when all are written the day is
marked as done, so that the ticks after it cost one small query. A process that dies half way leaves the day open: the
next tick goes through it again and finds only those who have had nothing yet. What begins or moves after the day's run
is reached by the next day's, because rungs go by what has been reached.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

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
from bot.improvement.deadlines import DEADLINES, REMINDED
from bot.improvement.extension import pending_request
from bot.people.who import SYSTEM
from bot.reminders import ahead, hours, orphans, redirect, vacancies
from bot.reminders.ladder import ESCALATIONS, Rung, reached, recipients
from bot.reminders.line import Line, key_of, line
from bot.workflow import Request, Scene, Workflow, cards, scene
from storage.database import Database, is_conflict
from storage.deadline import Deadline
from storage.outbox import OutboxRow
from storage.record import Record
from storage.reminder import EntryKey

JOB, KIND, PAGE = "remind", "reminder", 200
ESCALATE = "escalate"
log = structlog.get_logger()


@dataclass(frozen=True)
class Open:
    """What one deadline has in store for one person: the line for the highest open rung, and all open ones."""

    person: str
    line: Line
    keys: Mapping[EntryKey, Rung]


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
        for found in self.scan(company, now):
            for one in self._escalated(found, now):
                bundles[one.person].append(one)
        sent = sum(self._remind(company, person, found, now) for person, found in sorted(bundles.items()))
        with self._database.transaction() as session:
            vacancies.report(session, company, now)
            storage.job.claim(session, job=JOB, period=day, now=now)
        log.info("reminders.day_done", day=day, messages=sent)
        return True

    def scan(self, company: Company, now: datetime) -> Iterator[list[Open]]:
        """The rungs that are open at `now`, in pages; nothing is written."""
        today, lengths = company.today(now), company.profile.reminders
        horizon, after = company.calendar.add(today, lengths.before_wd).day, 0
        while True:
            with self._database.reading() as session:
                found = storage.deadline.due_until(session, horizon, limit=PAGE, after=after)
                if not found:
                    return
                page = self._page(session, company, now, found)
            yield page
            after = found[-1][0].id or after

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

    @staticmethod
    def _page(
        session: Session, company: Company, now: datetime, found: Sequence[tuple[Deadline, Record]]
    ) -> list[Open]:
        records = {record.number: record for _, record in found if record.ended_on is None}
        scenes = {here.record.number: here for here in scene.load(session, company, now, [*records.values()])}
        known = storage.reminder.known(
            session, records=records, today=company.today(now), stale=hours.day_begins(company, now)
        )
        return [
            one
            for deadline, record in found
            if record.number in scenes and deadline.name in REMINDED
            for one in open_rungs(scenes[record.number], deadline, known)
        ]

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
                session, (key for one in found for key in one.keys), now=now, stale=hours.day_begins(company, now)
            )
            chosen = [best for one in found if (best := _highest(one, entered))]
            data = {"date": today.isoformat(), "lines": _in_order(facts for _, facts in chosen)}
            if chosen and storage.outbox.put(session, key=outbox_key, target=person, kind=KIND, data=data, now=now):
                storage.reminder.claim(session, (entered[key] for key, _ in chosen), outbox_key=outbox_key)
                cards.supersede(session, subject=KIND, place=person, outbox_key=outbox_key, now=now)
                return True
            attempt.rollback()
            return False


def open_rungs(here: Scene, deadline: Deadline, known: set[EntryKey]) -> Iterator[Open]:
    """For each person whom a deadline has reached: what of it is not in the ledger yet."""
    kind = DEADLINES[deadline.name]
    if here.record.stage in kind.quiet_in:
        return
    rungs = reached(
        deadline.current_due,
        here.today,
        here.company.calendar,
        here.company.profile.reminders,
        at_once=kind.at_once,
        extension_pending=pending_request(here, deadline) is not None,
    )
    for person, own in recipients(kind, here.case, rungs).items():
        keys = {key_of(deadline, rung, person, here.today): rung for rung in own}
        fresh = {key: rung for key, rung in keys.items() if key not in known}
        if fresh:
            yield Open(person, line(here, deadline, kind, next(iter(fresh.values()))), fresh)


def _escalations(one: Open, now: datetime) -> Iterator[Request]:
    """The steps that put on record what these rungs pass up."""
    line = one.line
    name = f"{line.deadline}:{line.instance}" if line.instance else line.deadline
    for rung in (rung for rung in ESCALATIONS if rung in one.keys.values()):
        values = {"deadline": line.deadline, "rung": rung.value, "overdue_wd": line.overdue_wd}
        key = f"{ESCALATE}:{line.number}:{name}:{line.due}:{rung.value}"
        yield Request(ESCALATE, SYSTEM, key, now, number=line.item, values=values)


def _highest(one: Open, entered: Mapping[EntryKey, int]) -> tuple[EntryKey, Line] | None:
    """The highest rung that was really open, with its line; what lies below it is superseded."""
    left = [(rung, key) for key, rung in one.keys.items() if key in entered]
    if not left:
        return None
    rung, key = max(left, key=lambda pair: pair[0].height)
    return key, one.line.model_copy(update={"rung": rung})


def _in_order(lines: Iterable[Line]) -> list[dict[str, object]]:
    return [one.model_dump(mode="json") for one in sorted(lines, key=lambda one: one.urgency)]
