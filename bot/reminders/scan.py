"""The look over all that is due or nearly: which rungs are open, and for whom. Nothing is written."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache, partial
from typing import NamedTuple

from sqlmodel import Session

import storage.deadline
import storage.reminder
from bot.company import Company
from bot.improvement.deadlines import DEADLINES, REMINDED, DeadlineKind
from bot.improvement.extension import undecided
from bot.people.who import Case
from bot.reminders import hours
from bot.reminders.ladder import Ladder, Rung, reached
from bot.reminders.line import Reached
from bot.workflow import scene
from storage.database import Database
from storage.deadline import Due
from storage.reminder import EntryKey

PAGE = 5_000


class Open(NamedTuple):
    """What one deadline has in store for one person: the rungs that are open, highest first."""

    person: str
    of: Reached
    rungs: tuple[Rung, ...]

    def keys(self, today: date) -> dict[EntryKey, Rung]:
        """Where they will stand in the ledger."""
        return {self.of.key(rung, self.person, today): rung for rung in self.rungs}


def scan(database: Database, company: Company, now: datetime) -> Iterator[list[Open]]:
    """The rungs that are open at `now`, in pages."""
    horizon = company.calendar.add(company.today(now), company.profile.reminders.before_wd).day
    after: Due | None = None
    while True:
        with database.reading() as session:
            found = storage.deadline.due_until(session, horizon, names=REMINDED, limit=PAGE, after=after)
            page = _Page(session, company, now, found)
        yield list(page.open())
        if len(found) < PAGE:
            return
        after = found[-1]


class _Page:
    """Some of the deadlines, and what has to be known of them. What follows from a date is found once for each date."""

    def __init__(self, session: Session, company: Company, now: datetime, found: Sequence[Due]) -> None:
        records = {due.record.number: due.record for due in found}
        self._found = found
        today = company.today(now)
        self._ladder = Ladder(company.directory)
        self._cases = scene.cases(session, company, [*records.values()])
        self._undecided = undecided(session)
        self._known = storage.reminder.known(
            session, records=records, today=today, stale=hours.day_begins(company, now)
        )
        calendar, lengths = company.calendar, company.profile.reminders
        self._reached = cache(partial(reached, today=today, calendar=calendar, lengths=lengths))
        self._overdue = cache(partial(calendar.overdue_by, today=today))
        self._remaining = cache(partial(calendar.remaining, today=today))

    def open(self) -> Iterator[Open]:
        """For each person whom one of the deadlines has reached: what of it is not in the ledger yet."""
        for due in self._found:
            kind, case = DEADLINES[due.name], self._cases[due.record.number]
            if case.record.stage not in kind.quiet_in:
                yield from self._open(kind, self._of(due, case))

    def _of(self, due: Due, case: Case) -> Reached:
        day = due.current_due
        return Reached(due, case, self._overdue(day), self._remaining(day), due.id in self._undecided)

    def _open(self, kind: DeadlineKind, of: Reached) -> Iterator[Open]:
        rungs = self._reached(of.due.current_due, at_once=kind.at_once, extension_pending=of.extension_pending)
        known = self._known.get(of.subject)
        for person, own in self._ladder.recipients(kind, of.case, rungs).items():
            left = tuple(rung for rung in own if (person, rung.value) not in known) if known else own
            if left:
                yield Open(person, of, left)
