"""Everything a decision about one record looks at, read at once: the record, its people, dates, lists and parts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

from sqlmodel import Session

import storage.deadline
import storage.entry
import storage.record
import storage.relation
from bot.company import Company
from bot.people.who import Case
from storage.deadline import Deadline
from storage.entry import Entry
from storage.form import FormIssue
from storage.record import Excerpt, Record
from storage.relation import Relation

T = TypeVar("T")


@dataclass
class Scene:
    """A record at an instant. For a part, such as a measure, `above` is the scene of the item it belongs to.

    `relations` are the item's; `deadlines_of` and `entries_of` hold what belongs to its parts, by number. `forms` are
    those of an item, once somebody has asked for them.
    """

    company: Company
    now: datetime
    record: Record
    relations: list[Relation] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    parts: list[Record] = field(default_factory=list)
    deadlines_of: dict[str, list[Deadline]] = field(default_factory=dict)
    entries_of: dict[str, list[Entry]] = field(default_factory=dict)
    forms: list[FormIssue] | None = None
    above: "Scene | None" = None

    @cached_property
    def today(self) -> date:
        """The company's calendar day."""
        return self.company.today(self.now)

    @property
    def whole(self) -> "Scene":
        """The scene of the item: of what this is a part of, or this one itself."""
        return self.above or self

    @property
    def item(self) -> Record:
        """The item that the record is a part of, or the record itself."""
        return self.whole.record

    def of(self, record: Record) -> "Scene":
        """The scene of the item, or of one of its parts. What is changed in the one is changed in the other."""
        whole = self.whole
        if record.number == whole.record.number:
            return whole
        return Scene(
            company=self.company,
            now=self.now,
            record=record,
            relations=whole.relations,
            deadlines=whole.deadlines_of.setdefault(record.number, []),
            entries=whole.entries_of.setdefault(record.number, []),
            above=whole,
        )

    def part(self, number: str) -> "Scene":
        """The scene of the item, or of its part with this number."""
        return self.of(next((part for part in self.parts if part.number == number), self.record))

    @property
    def case(self) -> Case:
        """What entitlement is decided on."""
        return Case(self.record, self.item, self.relations, self.company.directory)

    def value(self, name: str) -> Any:
        """A field of the record, whether it has a column or stands among the values."""
        return getattr(self.record, name) if name in Record.model_fields else self.record.values.get(name)

    def running(self) -> list[Deadline]:
        """The deadlines whose clock runs."""
        return [deadline for deadline in self.deadlines if deadline.runs]

    def deadline(self, name: str) -> Deadline | None:
        """The newest deadline of this name, stopped or not."""
        return next((d for d in reversed(self.deadlines) if d.name == name), None)

    def lines(self, name: str) -> list[Entry]:
        """The lines of a list that have not been struck out."""
        return [entry for entry in self.entries if entry.list == name and not entry.struck]

    def pending(self, kind: str) -> list[Record]:
        """The parts of a kind that are not final yet."""
        return [part for part in self.parts if part.kind == kind and part.ended_on is None]


def load(session: Session, company: Company, now: datetime, records: Sequence[Record]) -> list[Scene]:
    """The scenes of these records, in six queries however many they are."""
    items = _items(session, records)
    parts = _grouped(storage.record.children(session, items), "parent")
    everything = {*items, *(part.number for children in parts.values() for part in children)}
    relations = _grouped(storage.relation.of_records(session, items), "record")
    deadlines = _grouped(storage.deadline.of_records(session, everything), "record")
    entries = _grouped(storage.entry.of_records(session, everything), "record")
    whole = {
        number: Scene(
            company=company,
            now=now,
            record=item,
            relations=relations[number],
            deadlines=deadlines[number],
            entries=entries[number],
            parts=parts[number],
            deadlines_of={part.number: deadlines[part.number] for part in parts[number]},
            entries_of={part.number: entries[part.number] for part in parts[number]},
        )
        for number, item in items.items()
    }
    return [whole[record.parent or record.number].of(record) for record in records]


def cases(session: Session, company: Company, records: Sequence[Record | Excerpt]) -> dict[str, Case]:
    """What entitlement to these records is decided on, by number: less than their scenes, and sooner read."""
    items = {record.number: record for record in records if record.parent is None}
    missing = {record.parent for record in records if record.parent} - items.keys()
    items |= {item.number: item for item in storage.record.excerpts(session, missing)} if missing else {}
    relations = _grouped(storage.relation.involvements(session, items), "record")
    return {
        record.number: Case(record, items[number], relations[number], company.directory)
        for record in records
        for number in [record.parent or record.number]
    }


def blank(company: Company, now: datetime, kind: str, actor: str) -> Scene:
    """The scene of a record that does not exist yet."""
    record = Record(
        number="", kind=kind, stage="", title="", raiser=actor, created_at=now, created_on=company.today(now)
    )
    return Scene(company, now, record)


def _items(session: Session, records: Iterable[Record]) -> dict[str, Record]:
    found = {record.number: record for record in records if record.parent is None}
    missing = {record.parent for record in records if record.parent} - found.keys()
    return found | {r.number: r for r in storage.record.find_all(session, missing)} if missing else found


def _grouped(rows: Iterable[T], name: str) -> dict[str, list[T]]:
    groups: dict[str, list[T]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, name)].append(row)
    return groups
