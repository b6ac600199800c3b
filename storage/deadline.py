"""Deadlines: one row per record, name and instance, kept after it stopped."""

from collections.abc import Iterable
from collections.abc import Sequence as Many
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy
from sqlalchemy import Index, func, or_, text, update
from sqlmodel import Field, Session, col, select

from storage.base import NUMBERS, Base
from storage.record import EXCERPT, Excerpt, Record

SIZE = len(EXCERPT)
RUNNING = text("stopped_on IS NULL AND remaining_wd IS NULL")


class Deadline(Base, table=True):
    """One promise with a date. `original_due` is never overwritten; an extension moves `current_due` only.

    `counted_from` and `length_wd` say how the original was counted, so that it can be counted again when a
    calendar year is published; of a date chosen by a person the length is 0. `remaining_wd` is set while it is paused.
    `kept_wd` is how many working days after `counted_from` the date `kept_due` lay before the calendar changed; it says
    nothing of another date.
    """

    __table_args__ = (
        Index("ix_deadline_running", "current_due", sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("ix_deadline_stopped_on", "stopped_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    record: str = Field(max_length=40, index=True, foreign_key="record.number")
    name: str = Field(max_length=32)
    instance: str = Field(default="", max_length=40)
    started_at: datetime
    counted_from: date
    length_wd: int | None = None
    original_due: date
    current_due: date
    provisional: bool = False
    calendar: str = Field(default="", max_length=64)
    remaining_wd: int | None = None
    stopped_on: date | None = None
    extended: int = 0
    kept_due: date | None = None
    kept_wd: int | None = None

    @property
    def runs(self) -> bool:
        """Whether the clock is running now."""
        return self.stopped_on is None and self.remaining_wd is None


class Due(NamedTuple):
    """What a reminder says of a running deadline, and the record it is a deadline of."""

    id: int
    name: str
    instance: str
    current_due: date
    original_due: date
    record: Excerpt


OF_RECORDS = select(Deadline).where(col(Deadline.record).in_(NUMBERS)).order_by(col(Deadline.id))


def of_records(session: Session, numbers: Iterable[str]) -> Many[Deadline]:
    """All deadlines of these records, in the order they were started."""
    return session.exec(OF_RECORDS, params={NUMBERS.key: [*numbers]}).all()


def due_until(session: Session, day: date, *, names: Iterable[str], limit: int, after: Due | None) -> Many[Due]:
    """Running deadlines of these names of open records, due on or before `day`; by due date and id, page with `after`.

    In the order of the index on running deadlines: by id alone a page would be looked for among all that ever ran.
    """
    due, id_ = col(Deadline.current_due), col(Deadline.id)
    statement = (
        sqlalchemy.select(id_, col(Deadline.name), col(Deadline.instance), due, col(Deadline.original_due), *EXCERPT)
        .join(Record, col(Record.number) == col(Deadline.record))
        .where(
            col(Deadline.stopped_on).is_(None),
            col(Deadline.remaining_wd).is_(None),
            due <= day,
            col(Deadline.name).in_(list(names)),
            col(Record.ended_on).is_(None),
        )
    )
    if after is not None:
        statement = statement.where(due >= after.current_due, or_(due > after.current_due, id_ > after.id))
    found = session.connection().execute(statement.order_by(due, id_).limit(limit)).all()
    return [Due._make((*row[:-SIZE], Excerpt._make(row[-SIZE:]))) for row in found]


def first_due(session: Session, *, names: Iterable[str], since: date | None = None) -> date | None:
    """The earliest date on which something that runs under these names is due; only dates from `since` on, if given."""
    statement = select(func.min(Deadline.current_due)).where(
        col(Deadline.stopped_on).is_(None), col(Deadline.remaining_wd).is_(None), col(Deadline.name).in_(list(names))
    )
    return session.exec(statement if since is None else statement.where(col(Deadline.current_due) >= since)).one()


def reached(session: Session, day: date, *, name: str, limit: int, after: int = 0) -> Many[Deadline]:
    """Running deadlines of a name whose day has come by `day`, by id; page with `after`."""
    statement = select(Deadline).where(
        col(Deadline.stopped_on).is_(None),
        col(Deadline.remaining_wd).is_(None),
        col(Deadline.current_due) <= day,
        Deadline.name == name,
        col(Deadline.id) > after,
    )
    return session.exec(statement.order_by(col(Deadline.id)).limit(limit)).all()


def counted_and_open(session: Session) -> Many[Deadline]:
    """Deadlines not stopped yet that were counted in working days."""
    statement = select(Deadline).where(col(Deadline.stopped_on).is_(None), col(Deadline.length_wd).is_not(None))
    return session.exec(statement.order_by(col(Deadline.id))).all()


def keep(session: Session, deadline: Deadline, working_days: int) -> None:
    """Note how far a date lies, unless somebody moves it at this moment."""
    same = (col(Deadline.id) == deadline.id, col(Deadline.current_due) == deadline.current_due)
    session.execute(update(Deadline).where(*same).values(kept_due=deadline.current_due, kept_wd=working_days))
