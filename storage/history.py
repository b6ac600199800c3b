"""What happened, for ever: the chained history, the refusals and the receipts of deliveries already handled.

UPDATE, DELETE and TRUNCATE on `history` and `refusal` are refused by the database itself (see the migrations).
The form's values stand in a table of their own, which a lawful purge may empty.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Sequence as Many
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import Column, ColumnElement, Executable, Row, Select, Text, exists, func, literal, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, col, select

from storage.base import INSERT, JSON_COLUMN, NUMBERS, Base, Values, dialect_of, table_of
from storage.record import Record

BATCH = 2000


class HistoryEntry(Base, table=True):
    """One step of one record, chained by `hash` to the entry before it."""

    __tablename__ = "history"

    record: str = Field(primary_key=True, max_length=40)
    seq: int = Field(primary_key=True)
    at: datetime = Field(index=True)
    actor: str = Field(max_length=32)
    role: str = Field(max_length=64)
    step: str = Field(max_length=48)
    from_stage: str | None = Field(default=None, max_length=32)
    to_stage: str = Field(max_length=32)
    round: int
    key: str = Field(max_length=160)
    values_digest: str = Field(max_length=64)
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class HistoryValues(Base, table=True):
    """What was filled in, as canonical JSON, with the salt of its digest."""

    __tablename__ = "history_values"

    record: str = Field(primary_key=True, max_length=40)
    seq: int = Field(primary_key=True)
    salt: str = Field(max_length=32)
    values: str = Field(sa_column=Column("values", Text, nullable=False))


class Link(NamedTuple):
    """An entry and its values, if they still exist, in the order of the columns."""

    record: str
    seq: int
    at: datetime
    actor: str
    role: str
    step: str
    from_stage: str | None
    to_stage: str
    round: int
    key: str
    values_digest: str
    previous: str
    hash: str
    salt: str | None
    values: str | None


class Refusal(Base, table=True):
    """An attempt that was turned down, and why. `after_seq` is the history entry it came after."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    record: str | None = Field(default=None, max_length=40, index=True)
    after_seq: int = 0
    step: str = Field(max_length=48)
    actor: str = Field(max_length=32)
    reason: str = Field(max_length=64)
    params: Values = Field(default_factory=dict, sa_column=Column("params", JSON_COLUMN, nullable=False))


class Receipt(Base, table=True):
    """One delivery that has been handled; the same delivery again changes nothing.

    `digest` is of what a form held, which can be sent again with something else in it. A purge of values empties it.
    """

    key: str = Field(primary_key=True, max_length=160)
    at: datetime
    record: str = Field(max_length=40)
    step: str = Field(max_length=48)
    digest: str | None = Field(default=None, max_length=64)


NEWEST = (
    select(HistoryEntry.record, func.max(HistoryEntry.seq).label("seq"))
    .where(col(HistoryEntry.record).in_(NUMBERS))
    .group_by(col(HistoryEntry.record))
    .subquery("newest")
)
ENDS = select(HistoryEntry.record, HistoryEntry.seq, HistoryEntry.hash).join(
    NEWEST, (NEWEST.c.record == HistoryEntry.record) & (NEWEST.c.seq == HistoryEntry.seq)
)


def ends(session: Session, numbers: Iterable[str]) -> Mapping[str, tuple[int, str]]:
    """The seq and the hash of the newest entry of each of these records; a record without history is left out."""
    found = session.exec(ENDS, params={NUMBERS.key: [*numbers]})
    return {record: (seq, hash_) for record, seq, hash_ in found}


def append(session: Session, links: Iterable[Link]) -> None:
    """Write entries with their values."""
    rows = [link._asdict() for link in links]
    for rows_of in (HistoryEntry, HistoryValues):
        table, names = table_of(rows_of), rows_of.model_fields
        session.connection().execute(table.insert(), [{name: row[name] for name in names} for row in rows])


def latest(session: Session) -> datetime | None:
    """When the last step was taken; None if nothing has happened yet."""
    return session.exec(select(func.max(HistoryEntry.at))).one()


def of_record(session: Session, number: str) -> Many[tuple[HistoryEntry, HistoryValues | None]]:
    """The whole history of a record, oldest first, with the values where they still exist."""
    statement = select(HistoryEntry, HistoryValues).outerjoin(HistoryValues, _same_entry())
    return session.exec(statement.where(HistoryEntry.record == number).order_by(col(HistoryEntry.seq))).all()


def links(session: Session) -> Iterator[Link]:
    """The histories of all records, one record after the other, each oldest first; never all in memory."""
    return map(Link._make, session.execute(_links().execution_options(yield_per=BATCH)))


def links_of(session: Session, number: str) -> Iterator[Link]:
    """The history of a record, oldest first."""
    return map(Link._make, session.execute(_links().where(col(HistoryEntry.record) == number)).all())


def strays(session: Session) -> Iterator[Row[str, int]]:
    """The records that do not stand in the register, or stand there at another stage than their last entry says.

    With the seq of that entry; 0 where the register has a record without any history.
    """
    later = aliased(HistoryEntry)
    is_last = ~exists().where(col(later.record) == HistoryEntry.record, col(later.seq) == HistoryEntry.seq + 1)
    elsewhere = (
        select(HistoryEntry.record, HistoryEntry.seq)
        .outerjoin(Record, col(Record.number) == HistoryEntry.record)
        .where(is_last, col(Record.stage).is_(None) | (col(Record.stage) != HistoryEntry.to_stage))
    )
    silent = select(Record.number, literal(0)).where(~exists().where(col(HistoryEntry.record) == Record.number))
    for statement in (elsewhere, silent):
        yield from session.execute(statement.execution_options(yield_per=BATCH))


def refusals(session: Session, number: str) -> Many[Refusal]:
    """What was refused on a record, oldest first."""
    return session.exec(select(Refusal).where(Refusal.record == number).order_by(col(Refusal.id))).all()


def claim(
    session: Session, *, key: str, at: datetime, step: str, record: str | None, digest: str | None
) -> Receipt | None:
    """Enter the receipt of a delivery for a record, or return the one that the same delivery before it left.

    Of two deliveries at the same time the second waits here until the first is committed. Without a record, `settle`
    names it later.
    """
    receipt = {"key": key, "at": at, "record": record or "", "step": step, "digest": digest}
    if session.connection().execute(_entering(dialect_of(session)), receipt).first() is not None:
        return None
    return session.exec(select(Receipt).where(Receipt.key == key)).one()


def settle(session: Session, *, key: str, record: str) -> None:
    """Name the record that a delivery has created."""
    session.execute(update(Receipt).where(col(Receipt.key) == key).values(record=record))


@cache
def _entering(dialect: str) -> Executable:
    return INSERT[dialect](Receipt).on_conflict_do_nothing(index_elements=["key"]).returning(col(Receipt.key))


def _same_entry() -> ColumnElement[bool]:
    return (col(HistoryValues.record) == col(HistoryEntry.record)) & (col(HistoryValues.seq) == col(HistoryEntry.seq))


def _links() -> Select[*tuple[Any, ...]]:
    columns = [*HistoryEntry.metadata.tables["history"].columns, col(HistoryValues.salt), col(HistoryValues.values)]
    statement = sqlalchemy.select(*columns).select_from(HistoryEntry).outerjoin(HistoryValues, _same_entry())
    return statement.order_by(col(HistoryEntry.record), col(HistoryEntry.seq))
