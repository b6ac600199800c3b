"""Everything a decision about one record looks at, read at once: the record, its people, dates, lists and parts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
from storage.record import Record
from storage.relation import Relation

T = TypeVar("T")


@dataclass
class Scene:
    """A record at an instant. `item` is the improvement it belongs to, or the record itself."""

    company: Company
    now: datetime
    record: Record
    item: Record
    relations: list[Relation]
    deadlines: list[Deadline]
    item_deadlines: list[Deadline]
    entries: list[Entry]
    parts: list[Record]

    @cached_property
    def today(self) -> date:
        """The company's calendar day."""
        return self.company.today(self.now)

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
    """The scenes of these records, in five queries however many they are."""
    items = _items(session, records)
    numbers = {record.number for record in records}
    relations = _grouped(storage.relation.of_records(session, items.keys()), "record")
    deadlines = _grouped(storage.deadline.of_records(session, numbers | items.keys()), "record")
    entries = _grouped(storage.entry.of_records(session, numbers), "record")
    parts = _grouped(storage.record.children(session, numbers), "parent")
    return [
        Scene(
            company=company,
            now=now,
            record=record,
            item=(item := items[record.parent or record.number]),
            relations=relations[item.number],
            deadlines=deadlines[record.number],
            item_deadlines=deadlines[item.number],
            entries=entries[record.number],
            parts=parts[record.number],
        )
        for record in records
    ]


def blank(company: Company, now: datetime, kind: str, actor: str) -> Scene:
    """The scene of a record that does not exist yet."""
    record = Record(
        number="", kind=kind, stage="", title="", raiser=actor, created_at=now, created_on=company.today(now)
    )
    return Scene(company, now, record, record, [], [], [], [], [])


def _items(session: Session, records: Iterable[Record]) -> dict[str, Record]:
    found = {record.number: record for record in records if record.parent is None}
    missing = {record.parent for record in records if record.parent} - found.keys()
    return found | {r.number: r for r in storage.record.find_all(session, [n for n in missing if n])}


def _grouped(rows: Iterable[T], name: str) -> dict[str, list[T]]:
    groups: dict[str, list[T]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, name)].append(row)
    return groups
