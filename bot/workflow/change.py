"""What the effect of a step may do: change the record, start and stop its clocks, issue forms, tell people.

An effect never calls Slack, never asks the time and never commits. All of it happens in the transaction of
`Workflow.perform`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NoReturn

from sqlmodel import Session

from bot.errors import Invalid, Message, Refused
from bot.people.directory import Directory
from bot.people.who import SYSTEM, Who
from bot.profile import Profile
from bot.workflow import cards
from bot.workflow.clocks import Clocks
from bot.workflow.outcome import Outcome
from bot.workflow.papers import Papers
from bot.workflow.pictures import picture
from bot.workflow.scene import Scene
from bot.workflow.step import Step
from storage.entry import Entry
from storage.record import Record
from storage.relation import Relation


@dataclass
class Change(Clocks, Papers):
    """One step being taken on one record by one person, or by the system as a consequence of another step."""

    session: Session
    scene: Scene
    step: Step
    actor: str
    role: str
    key: str
    spawn: "Callable[[Change, str, Record, Mapping[str, Any]], None]"
    create: "Callable[[Change, str], Record]"
    outcome: Outcome
    stage: str = ""
    noted: dict[str, Any] = field(default_factory=dict)

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

    # Lists and relations

    def append(self, name: str, values: Mapping[str, Any]) -> Entry:
        """Add a line to one of the record's lists, in its current round."""
        earlier = [entry.no for entry in self.scene.entries if entry.list == name]
        entry = Entry(
            record=self.record.number,
            list=name,
            no=max(earlier, default=0) + 1,
            round=self.record.round,
            values=dict(values),
        )
        self.session.add(entry)
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
        item, relations = self.scene.item, self.scene.relations
        round_ = 0 if lasting else item.round
        known = {one.person for one in relations if (one.relation, one.round) == (relation, round_)}
        for person in dict.fromkeys(people):
            if person not in known:
                entered = Relation(record=item.number, relation=relation, person=person, round=round_)
                self.session.add(entered)
                relations.append(entered)
        relations.sort(key=lambda one: (one.round, one.relation, one.person))

    def unrelate(self, relation: str, person: str) -> None:
        """Take a person out of a lasting relation."""
        for known in [*self.scene.relations]:
            if (known.relation, known.person, known.round) == (relation, person, 0):
                self.scene.relations.remove(known)
                self.session.delete(known)

    # Consequences and people

    def cause(self, step: str, record: Record, **values: Any) -> None:
        """Take a system step on this or a related record, in this transaction and with its own history entry."""
        self.spawn(self, step, record, values)

    def begin(self, kind: str) -> Record:
        """Create a record of another kind, such as an extension request or a case; a caused step begins its life."""
        return self.create(self, kind)

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
        return any(heard == person for heard, _ in self.outcome.told)

    def post(self, channel: str, news: str, **params: Any) -> None:
        """Put the record's card into a channel."""
        self.outcome.send(cards.card(self.record, place=channel, key=self.key, news=news, params=params))

    def share_picture(self, people: Iterable[str], version: int) -> None:
        """Send the picture of the round's analysis, as it is in this version of the plan, into their threads."""
        for person in people:
            self.outcome.send(
                picture(self.record, place=person, key=self.key, round=self.record.round, version=version)
            )

    def _tell(self, person: str, news: str, params: Mapping[str, Any]) -> None:
        if (person, self.record.number) not in self.outcome.told and self.directory.is_active(person):
            self.outcome.told.add((person, self.record.number))
            self.post(person, news, **params)
