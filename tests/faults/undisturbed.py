"""What the clock should have caused: the accepted steps taken again at their times, by a process nothing disturbs."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import update
from sqlmodel import Session, col, select

import storage.history
import storage.person
import storage.profile
from bot.company import CompanySource
from bot.digest import Digests
from bot.errors import UserError
from bot.improvement import LIFECYCLES
from bot.improvement.check_day import open_reached
from bot.people.who import SYSTEM
from bot.reminders import Reminders
from bot.reminders.hours import next_send_at
from bot.workflow import Request, Workflow
from storage.database import Database
from storage.history import Link
from storage.outbox import SENT, OutboxRow
from storage.person import Person
from storage.record import Record
from tests.faults.stores import FileStore
from tests.faults.world import World

SCHEDULED = ("reminder", "digest")


class Taken(NamedTuple):
    """A step that somebody took, and of which kind of record it was."""

    entry: Link
    kind: str


@dataclass(frozen=True)
class Due:
    """The keys of the reminders and digests, and how often the program takes which step of which record by itself."""

    keys: set[str]
    steps: Counter[tuple[str, str]]


def own_steps(session: Session) -> Counter[tuple[str, str]]:
    """What the program has done by itself: what it caused, opened, or passed up."""
    return Counter((link.step, link.record) for link in storage.history.links(session) if link.actor == SYSTEM)


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

    def live(self, until: datetime) -> Due:
        """What the clock had to cause from the beginning to this instant."""
        self._found()
        steps = self._steps()
        for moment in self._moments(until):
            while steps and steps[0].entry.at < moment:
                self._take(steps.pop(0))
            self._wake(moment)
        for step in steps:
            self._take(step)
        with self._database.reading() as session:
            keys = set(session.exec(select(OutboxRow.key).where(col(OutboxRow.kind).in_(SCHEDULED))))
            caused = own_steps(session)
        self._database.dispose()
        return Due(keys, caused)

    def _found(self) -> None:
        with self._world.database.reading() as theirs, self._database.transaction() as ours:
            in_force = storage.profile.current(theirs)
            assert in_force is not None
            storage.profile.apply(ours, text=in_force.text, by="test", now=self._world.plan.begin)
            known = [Person.model_validate(person.model_dump()) for person in storage.person.everyone(theirs)]
            storage.person.save(ours, known)

    def _steps(self) -> list[Taken]:
        """What people did, in the order in which it was done."""
        with self._world.database.reading() as session:
            kinds = dict(session.exec(select(Record.number, Record.kind)).all())
            people = [link for link in storage.history.links(session) if link.actor != SYSTEM]
        return [
            Taken(link, kinds[link.record]) for link in sorted(people, key=lambda one: (one.at, one.record, one.seq))
        ]

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

    def _take(self, taken: Taken) -> None:
        entry = taken.entry
        asked = LIFECYCLES[taken.kind].steps[entry.step].form.model_fields
        values = {name: value for name, value in json.loads(entry.values or "{}").items() if name in asked}
        number = None if entry.from_stage is None else entry.record
        try:
            self._workflow.perform(Request(entry.step, entry.actor, entry.key, entry.at, number=number, values=values))
        except UserError as refusal:
            self._world.wrong.append(f"{entry.record}: {entry.step} cannot be taken again: {refusal}")
        open_reached(self._workflow, entry.at)

    def _wake(self, now: datetime) -> None:
        open_reached(self._workflow, now)
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
