"""What the effect of a step may do: change the record, start and stop its clocks, issue forms, tell people.

An effect never calls Slack, never asks the time and never commits. All of it happens in the transaction of
`Workflow.perform`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NoReturn

from sqlmodel import Session

import storage.entry
import storage.form
import storage.outbox
import storage.relation
from bot.errors import Invalid, Message, Refused
from bot.people.directory import Directory
from bot.people.who import SYSTEM, Who
from bot.profile import Profile
from bot.workdays import DueDate
from bot.workflow import cards, pictures
from bot.workflow.scene import Scene
from bot.workflow.step import Step
from storage.deadline import Deadline
from storage.entry import Entry
from storage.form import FormIssue
from storage.record import Record


@dataclass
class Change:
    """One step being taken on one record by one person, or by the system as a consequence of another step."""

    session: Session
    scene: Scene
    step: Step
    actor: str
    role: str
    key: str
    spawn: "Callable[[Change, str, Record, Mapping[str, Any]], None]"
    create: "Callable[[Change, str, str], Record]"
    stage: str = ""
    noted: dict[str, Any] = field(default_factory=dict)
    told: set[tuple[str, str]] = field(default_factory=set)

    @property
    def record(self) -> Record:
        """The record being changed."""
        return self.scene.record

    @property
    def today(self) -> date:
        """The company's calendar day."""
        return self.scene.today

    @property
    def profile(self) -> Profile:
        """The company profile."""
        return self.scene.company.profile

    @property
    def directory(self) -> Directory:
        """The company's people."""
        return self.scene.company.directory

    # Stage and values

    def go(self, stage: str) -> None:
        """Choose the stage, among those the step may lead to."""
        if stage not in self.step.to:
            raise ValueError(f"{self.step.id} does not lead to {stage}")
        self.stage = stage

    def put(self, **values: Any) -> None:
        """Keep values on the record, by field name, as JSON; None takes a value off."""
        merged = self.record.values | values
        self.record.values = {name: value for name, value in merged.items() if value is not None}

    def note(self, **values: Any) -> None:
        """Add what was computed to the history entry of this step."""
        self.noted |= values

    def refuse(self, reason: str, **params: Any) -> NoReturn:
        """Turn the step down: nothing is changed, the person is told why."""
        raise Refused(reason, **params)

    def invalid(self, field: str, fault: str, **params: Any) -> NoReturn:
        """Send the form back with a sentence at one field."""
        raise Invalid({field: Message(f"invalid.{fault}", params)})

    def reject(self, faults: Mapping[str, Message]) -> None:
        """Send the form back if there are sentences at fields."""
        if faults:
            raise Invalid(faults)

    # Clocks

    def start(self, name: str, *, working_days: int, after: date | None = None) -> Deadline:
        """Start a deadline of so many working days; day 0 is today, or the day `after` which it is counted."""
        counted_from = after or self.today
        due = self.scene.company.calendar.add(counted_from, working_days)
        return self.start_at(name, due, counted_from=counted_from, length_wd=working_days)

    def start_at(
        self, name: str, due: DueDate, *, counted_from: date, length_wd: int = 0, instance: str = ""
    ) -> Deadline:
        """Start a deadline on a date that was counted already, such as an `instance` of one that comes every month."""
        deadline = Deadline(
            record=self.record.number,
            name=name,
            instance=instance,
            started_at=self.scene.now,
            counted_from=counted_from,
            length_wd=length_wd,
            original_due=due.day,
            current_due=due.day,
            provisional=due.provisional,
            calendar=self.scene.company.calendar.version,
        )
        self.session.add(deadline)
        self.session.flush()
        self.scene.deadlines.append(deadline)
        return deadline

    def start_on(self, name: str, chosen: date) -> Deadline:
        """Start a deadline on a chosen date, or on the next working day if nobody works on it."""
        return self.start(name, working_days=0, after=chosen)

    def stop(self, *names: str) -> None:
        """Stop the named deadlines, running or paused; the day they stopped is kept."""
        for deadline in self.scene.deadlines:
            if deadline.name in names and deadline.stopped_on is None:
                deadline.stopped_on = self.today
                self.session.add(deadline)

    def stop_all(self) -> None:
        """Stop every deadline of the record."""
        self.stop(*{deadline.name for deadline in self.scene.deadlines})

    def reopen(self, name: str, *, at_least_wd: int = 0) -> None:
        """Let a stopped deadline run again unchanged, as when a result is sent back.

        The current date moves only where fewer than `at_least_wd` working days would be left; the original never does.
        """
        deadline = self.scene.deadline(name)
        if deadline is None:
            return
        deadline.stopped_on = None
        least = self.scene.company.calendar.add(self.today, at_least_wd)
        if at_least_wd and least.day > deadline.current_due:
            deadline.current_due, deadline.provisional = least.day, least.provisional
        self.session.add(deadline)

    def pause(self, name: str) -> None:
        """Stop the clock for a while and remember the working days left."""
        deadline = self.scene.deadline(name)
        if deadline is not None and deadline.runs:
            deadline.remaining_wd = self.scene.company.calendar.remaining(deadline.current_due, self.today)
            self.session.add(deadline)

    def resume(self, name: str) -> None:
        """Let a paused clock run on with the working days it had left, at least one; the original date stays."""
        deadline = self.scene.deadline(name)
        if deadline is None or deadline.remaining_wd is None:
            return
        due = self.scene.company.calendar.add(self.today, max(1, deadline.remaining_wd))
        deadline.current_due, deadline.provisional = due.day, due.provisional
        deadline.remaining_wd = None
        self.session.add(deadline)

    # Lists, relations, forms

    def append(self, name: str, values: Mapping[str, Any]) -> Entry:
        """Add a line to one of the record's lists, in its current round."""
        entry = storage.entry.append(
            self.session, record=self.record.number, list=name, round=self.record.round, values=dict(values)
        )
        self.scene.entries.append(entry)
        return entry

    def strike(self, name: str, no: int) -> None:
        """Strike out a line; it stays readable."""
        for entry in self.scene.lines(name):
            if entry.no == no:
                entry.struck = True
                self.session.add(entry)

    def relate(self, relation: str, *people: str, lasting: bool = False) -> None:
        """Enter people in a relation to the item, in its current round or for good."""
        item = self.scene.item
        round_ = 0 if lasting else item.round
        for person in people:
            storage.relation.add(self.session, record=item.number, relation=relation, person=person, round=round_)
        self._reload_relations()

    def unrelate(self, relation: str, person: str) -> None:
        """Take a person out of a lasting relation."""
        storage.relation.remove(self.session, record=self.scene.item.number, relation=relation, person=person)
        self._reload_relations()

    def issue(self, form: str, values: Mapping[str, Any], *, counter: int | None = None) -> FormIssue:
        """Issue a form of the item; `counter` is the round where the form counts rounds, else it runs, 0 means none.

        A form issued again in the same round gets a number of its own: the earlier one stays on file.
        """
        number = self.scene.item.number
        before = storage.form.of_record(self.session, number)
        if counter is None:
            counter = sum(earlier.form == form for earlier in before) + 1
        form_no = f"{number}-{form}{counter or ''}"
        again = sum(earlier.form_no == form_no or earlier.form_no.startswith(f"{form_no}-") for earlier in before)
        issued = FormIssue(
            form_no=f"{form_no}-{again + 1}" if again else form_no,
            record=number,
            form=form,
            round=self.scene.item.round,
            issued_at=self.scene.now,
            issuer=self.actor,
            values=dict(values),
        )
        self.session.add(issued)
        self.session.flush()
        self.note(form_no=issued.form_no)
        return issued

    def fill(self, form: str, values: Mapping[str, Any]) -> None:
        """Write a further part of the form of this round that was opened earlier, such as a report's plan."""
        for issued in self._standing_forms(form):
            if issued.round == self.scene.item.round:
                issued.values = {**issued.values, **values}
                self.session.add(issued)
                self.note(form_no=issued.form_no)

    def withdraw_forms(self, form: str, state: str, **saying: Any) -> None:
        """Mark the issued forms of a kind, or those of them `saying` this, as VOID or SUPERSEDED; they stay on file."""
        for issued in self._standing_forms(form):
            if saying.items() <= issued.values.items():
                issued.state = state
                self.session.add(issued)

    # Consequences and people

    def cause(self, step: str, record: Record, **values: Any) -> None:
        """Take a system step on this or a related record, in this transaction and with its own history entry."""
        self.spawn(self, step, record, values)

    def begin_part(self, kind: str, suffix: str) -> Record:
        """Create a part of this record, such as its extension request, with a number of its own."""
        return self.create(self, kind, suffix)

    def begin_record(self, kind: str) -> Record:
        """Create a record of another kind with a number of its own year, such as a case; a caused step begins it."""
        return self.create(self, kind, "")

    def tell(self, whom: Who | Iterable[str | None], news: str, **params: Any) -> None:
        """Send the record's card with a line of news to each of these people once; not to the actor."""
        people = whom.people(self.scene.case) if isinstance(whom, Who) else whom
        for person in people:
            if person and person != self.actor:
                self._tell(person, news, params)

    def notify(self, person: str | None, news: str, **params: Any) -> None:
        """Send it to one person even if they are the actor: a confirmation, or a duty they gave themselves."""
        if person and person != SYSTEM:
            self._tell(person, news, params)

    def has_heard(self, person: str | None) -> bool:
        """Whether somebody is told of this step already, by it or by what it caused, on any record."""
        return any(heard == person for heard, _ in self.told)

    def post(self, channel: str, news: str, **params: Any) -> None:
        """Put the record's card into a channel."""
        cards.put(
            self.session,
            self.record,
            place=channel,
            key=self.key,
            news=news,
            params=params,
            now=self.scene.now,
        )

    def share_picture(self, people: Iterable[str], version: int) -> None:
        """Send the picture of the round's analysis, as it is in this version of the plan, into their threads."""
        for person in dict.fromkeys(people):
            pictures.share(
                self.session,
                self.record,
                place=person,
                key=self.key,
                round=self.record.round,
                version=version,
                now=self.scene.now,
            )

    def _tell(self, person: str, news: str, params: Mapping[str, Any]) -> None:
        if (person, self.record.number) not in self.told and self.directory.is_active(person):
            self.told.add((person, self.record.number))
            cards.put(
                self.session,
                self.record,
                place=person,
                key=self.key,
                news=news,
                params=params,
                now=self.scene.now,
            )

    def _standing_forms(self, form: str) -> list[FormIssue]:
        found = storage.form.of_record(self.session, self.scene.item.number)
        return [issued for issued in found if issued.form == form and issued.state == "ISSUED"]

    def _reload_relations(self) -> None:
        # In place: the scenes of the item and of its parts share the list.
        self.scene.relations[:] = storage.relation.of_records(self.session, [self.scene.item.number])
