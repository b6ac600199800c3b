"""The heads over all histories: each seals the last entry of every record that has gone on since the head before it.

Like the history both tables are append-only. What a head says is decided in `bot/proof`; here it is only kept.
"""

from collections.abc import Iterator
from collections.abc import Sequence as Many
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, SQLColumnExpression, collate, exists, func, insert, literal, select, true
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, col

from storage.base import Base
from storage.history import HistoryEntry

BATCH = 2000
LINES = ("head", "record", "seq", "hash")


class Head(Base, table=True):
    """What all histories together were at `at`. `day` is that day in the company's zone.

    `lines` records had gone on since the head before it; `records` and `entries` count everything sealed so far.
    """

    __tablename__ = "head"

    no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    day: date
    at: datetime
    lines: int
    records: int
    entries: int
    lines_digest: str = Field(max_length=64)
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)
    key: str | None = Field(default=None, max_length=16)
    signature: str | None = Field(default=None, max_length=64)


class HeadLine(Base, table=True):
    """The last entry that a record had when the head was made."""

    __tablename__ = "head_line"

    record: str = Field(primary_key=True, max_length=40)
    head: int = Field(primary_key=True, index=True)
    seq: int
    hash: str = Field(max_length=64)


Line = Row[str, int, str, int]
"""The record, seq and hash of a line, and the seq of the record that was sealed before it, or 0."""


def last(session: Session) -> Head | None:
    """The newest head."""
    return session.scalars(select(Head).order_by(col(Head.no).desc()).limit(1)).first()


def last_before(session: Session, day: date) -> Head | None:
    """The newest head of the days before this one."""
    earlier = select(Head).where(col(Head.day) < day)
    return session.scalars(earlier.order_by(col(Head.no).desc()).limit(1)).first()


def last_sealed(session: Session) -> int:
    """The number of the newest head that has lines; 0 if nothing is sealed."""
    return session.scalar(select(func.coalesce(func.max(col(HeadLine.head)), 0))) or 0


def all_(session: Session) -> Many[Head]:
    """All heads, oldest first: a few hundred a year."""
    return session.scalars(select(Head).order_by(col(Head.no))).all()


def seal(session: Session, *, no: int, since: datetime | None) -> None:
    """Write the lines of a head: every record with an entry from `since` on whose last one is not sealed yet."""
    recent, later, own = aliased(HistoryEntry), aliased(HistoryEntry), aliased(HistoryEntry)
    in_time = [col(entry.at) >= since for entry in (recent, later)] if since else [true(), true()]
    # One of each record without GROUP BY, for which SQLite would read the whole history.
    follows = (col(later.record) == col(recent.record)) & (col(later.seq) > col(recent.seq)) & in_time[1]
    last_seq = select(func.max(col(own.seq))).where(col(own.record) == col(recent.record)).scalar_subquery()
    rows = (
        select(literal(no), col(HistoryEntry.record), col(HistoryEntry.seq), col(HistoryEntry.hash))
        .select_from(recent)
        .join(HistoryEntry, (col(HistoryEntry.record) == col(recent.record)) & (col(HistoryEntry.seq) == last_seq))
        .where(in_time[0], ~exists().where(follows))
        .where(col(HistoryEntry.seq) > _sealed_before(col(HistoryEntry.record), no))
    )
    session.execute(insert(HeadLine).from_select(list(LINES), rows))


def lines(session: Session, no: int) -> Iterator[Line]:
    """The lines of a head by number: in the same order on every database."""
    before = _sealed_before(col(HeadLine.record), no)
    statement = select(col(HeadLine.record), col(HeadLine.seq), col(HeadLine.hash), before).where(
        col(HeadLine.head) == no
    )
    # PostgreSQL would sort by the language of its server.
    number = collate(col(HeadLine.record), "BINARY" if session.get_bind().dialect.name == "sqlite" else "C")
    yield from session.execute(statement.order_by(number).execution_options(yield_per=BATCH))


def broken_lines(session: Session) -> Iterator[Row[str, int, int]]:
    """The sealed entries that the history lacks, or has another one in the place of, the earliest first.

    Each is a record, the seq that was sealed, and the last seq that the record has now, or 0.
    """
    own = aliased(HistoryEntry)
    last_seq = select(func.max(col(own.seq))).where(col(own.record) == col(HeadLine.record))
    its_entry = (col(HistoryEntry.record) == col(HeadLine.record)) & (col(HistoryEntry.seq) == col(HeadLine.seq))
    statement = (
        select(col(HeadLine.record), col(HeadLine.seq), func.coalesce(last_seq.scalar_subquery(), 0))
        .outerjoin(HistoryEntry, its_entry)
        .where(col(HistoryEntry.hash).is_(None) | (col(HistoryEntry.hash) != col(HeadLine.hash)))
        .order_by(col(HeadLine.head))
    )
    yield from session.execute(statement.execution_options(yield_per=BATCH))


def first_step_after(session: Session, head: Head | None) -> datetime | None:
    """When the first step after a head was taken, or the first of all; None if nothing has happened since."""
    first = select(func.min(col(HistoryEntry.at)))
    return session.scalar(first if head is None else first.where(col(HistoryEntry.at) > head.at))


def first_unsealed(session: Session, before: datetime) -> HistoryEntry | None:
    """The earliest entry from before an instant that no head seals."""
    sealed = exists().where(
        col(HeadLine.record) == col(HistoryEntry.record), col(HeadLine.seq) >= col(HistoryEntry.seq)
    )
    statement = select(HistoryEntry).where(col(HistoryEntry.at) < before, ~sealed)
    return session.scalars(statement.order_by(col(HistoryEntry.at), col(HistoryEntry.record)).limit(1)).first()


def _sealed_before(record: SQLColumnExpression[str], head: SQLColumnExpression[int] | int) -> ColumnElement[int]:
    earlier = aliased(HeadLine)
    newest = select(func.max(col(earlier.seq))).where(col(earlier.record) == record, col(earlier.head) < head)
    return func.coalesce(newest.scalar_subquery(), 0)
