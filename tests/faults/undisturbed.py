"""What the clock should have caused: the accepted steps taken again at their times, by a process nothing disturbs."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import update
from sqlmodel import Session, col, select

import storage.person
import storage.profile
import storage.record
import storage.reminder
from bot.clock import local_date
from bot.company import CompanySource
from bot.digest import Digests
from bot.errors import UserError
from bot.improvement import LIFECYCLES
from bot.people.who import SYSTEM
from bot.reminders import Reminders
from bot.reminders.hours import next_send_at
from bot.workflow import Request, Workflow
from storage.database import Database
from storage.history import HistoryEntry
from storage.outbox import SENT, OutboxRow
from storage.person import Person
from tests.faults.people import values_of
from tests.faults.stores import FileStore
from tests.faults.world import World

SCHEDULED = ("reminder", "digest")


class Undisturbed:
    """The same company with the same steps, without a fault and without Slack: what is put out is at once sent."""

    def __init__(self, world: World, template: Path, folder: Path) -> None:
        folder.mkdir()
        self._world = world
        self._database = Database(FileStore(template, folder).url)
        self._companies = CompanySource()
        self._workflow = Workflow(self._database, self._companies, LIFECYCLES)
        self._reminders = Reminders(self._database, self._companies, self._workflow)
        self._digests = Digests(self._database, self._companies)

    def scheduled_keys(self, until: datetime) -> set[str]:
        """The keys of the reminders and digests that were due from the beginning to this instant."""
        self._found()
        steps = self._steps()
        for moment in self._moments(until):
            while steps and steps[0].at < moment:
                self._take(steps.pop(0))
            self._wake(moment)
        for step in steps:
            self._take(step)
        with self._database.reading() as session:
            keys = session.exec(select(OutboxRow.key).where(col(OutboxRow.kind).in_(SCHEDULED)))
            found = set(keys)
        self._database.dispose()
        return found

    def _found(self) -> None:
        with self._world.database.reading() as theirs, self._database.transaction() as ours:
            in_force = storage.profile.current(theirs)
            assert in_force is not None
            storage.profile.apply(ours, text=in_force.text, by="test", now=self._world.plan.begin)
            known = [Person.model_validate(person.model_dump()) for person in storage.person.everyone(theirs)]
            storage.person.save(ours, known)

    def _steps(self) -> list[HistoryEntry]:
        """What people did, in the order in which it was done."""
        with self._world.database.reading() as session:
            statement = select(HistoryEntry).where(HistoryEntry.actor != SYSTEM)
            return [*session.exec(statement.order_by(col(HistoryEntry.at), HistoryEntry.record, col(HistoryEntry.seq)))]

    def _moments(self, until: datetime) -> Sequence[datetime]:
        """Every morning on which somebody was there to see it, and the ends of the times when nobody was."""
        downs = [(since.astimezone(UTC), end.astimezone(UTC)) for since, end in self._world.downs]
        mornings = [one for one in self._mornings(until) if not any(since < one < end for since, end in downs)]
        return sorted({self._world.plan.begin.astimezone(UTC), *mornings, *(end for _, end in downs)})

    def _mornings(self, until: datetime) -> Iterator[datetime]:
        with self._database.reading() as session:
            company = self._companies.load(session)
        morning = next_send_at(company, self._world.plan.begin)
        while morning <= until:
            yield morning
            morning = next_send_at(company, morning)

    def _take(self, entry: HistoryEntry) -> None:
        with self._world.database.reading() as session:
            record = storage.record.find(session, entry.record)
        assert record is not None
        values = values_of(entry.step, record, local_date(entry.at, self._world.plan.zone))
        number = None if entry.from_stage is None else entry.record
        try:
            self._workflow.perform(Request(entry.step, entry.actor, entry.key, entry.at, number=number, values=values))
        except UserError as refusal:
            self._world.wrong.append(f"{entry.record}: {entry.step} cannot be taken again: {refusal}")

    def _wake(self, now: datetime) -> None:
        self._digests.run(now)
        self._reminders.run(now)
        with self._database.transaction() as session:
            self._send(session, now)

    def _send(self, session: Session, now: datetime) -> None:
        waiting = session.exec(select(OutboxRow).where(col(OutboxRow.not_before).is_not(None))).all()
        for row in waiting:
            self._reminders.sent(session, row)
        sent = {"state": SENT, "not_before": None, "sent_at": now}
        session.execute(update(OutboxRow).where(col(OutboxRow.not_before).is_not(None)).values(sent))
