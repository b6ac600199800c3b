"""What happened in a window of time, found by the index on the time of history entries; and how often it came back."""

from collections.abc import Iterable
from collections.abc import Sequence as Many
from datetime import datetime
from typing import NamedTuple

import sqlalchemy
from sqlmodel import Session, col, func, or_, select

from storage.history import HistoryEntry
from storage.record import Record


class Event(NamedTuple):
    """A step that was taken: on what, which, and where it led; and some of what the record is by now."""

    number: str
    step: str
    to_stage: str
    raiser: str
    stage: str
    recurrence_of: str | None


def happened(session: Session, since: datetime, until: datetime, *, steps: Iterable[str], ended_in: str) -> Many[Event]:
    """What happened from `since` to before `until`: these steps, and whatever led to stage `ended_in`.

    Sorted by number, so that the lists made of them are.
    """
    entry, record = HistoryEntry, Record
    ended = (col(entry.to_stage) == ended_in) & (col(entry.from_stage) != ended_in)
    statement = (
        sqlalchemy.select(
            col(entry.record),
            col(entry.step),
            col(entry.to_stage),
            col(record.raiser),
            col(record.stage),
            col(record.recurrence_of),
        )
        .join(record, col(record.number) == col(entry.record))
        .where(col(entry.at) >= since, col(entry.at) < until, or_(col(entry.step).in_(list(steps)), ended))
        .order_by(col(entry.record), col(entry.seq))
    )
    return [Event(*row) for row in session.execute(statement)]


def recurrences(session: Session, numbers: Iterable[str]) -> dict[str | None, int]:
    """How often each of these improvements has come back."""
    statement = select(Record.recurrence_of, func.count()).where(col(Record.recurrence_of).in_(list(numbers)))
    return dict(session.exec(statement.group_by(col(Record.recurrence_of))).all())
