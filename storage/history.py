"""What happened, for ever: the chained history, the refusals and the receipts of deliveries already handled.

UPDATE, DELETE and TRUNCATE on `history` and `refusal` are refused by the database itself (see the migrations).
The form's values stand in a table of their own, which a lawful purge may empty.
"""

from collections.abc import Sequence as Many
from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, Session, col, select

from storage.base import JSON_COLUMN, Base, Values, insert


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
    """One delivery that has been handled; the same delivery again changes nothing."""

    key: str = Field(primary_key=True, max_length=160)
    at: datetime
    record: str = Field(max_length=40)
    step: str = Field(max_length=48)


def last(session: Session, number: str) -> HistoryEntry | None:
    """The newest entry of a record."""
    statement = select(HistoryEntry).where(HistoryEntry.record == number).order_by(col(HistoryEntry.seq).desc())
    return session.exec(statement.limit(1)).first()


def of_record(session: Session, number: str) -> Many[tuple[HistoryEntry, HistoryValues | None]]:
    """The whole history of a record, oldest first, with the values where they still exist."""
    statement = (
        select(HistoryEntry, HistoryValues)
        .outerjoin(
            HistoryValues,
            (col(HistoryValues.record) == col(HistoryEntry.record)) & (col(HistoryValues.seq) == col(HistoryEntry.seq)),
        )
        .where(HistoryEntry.record == number)
        .order_by(col(HistoryEntry.seq))
    )
    return session.exec(statement).all()


def refusals(session: Session, number: str) -> Many[Refusal]:
    """What was refused on a record, oldest first."""
    return session.exec(select(Refusal).where(Refusal.record == number).order_by(col(Refusal.id))).all()


def claim(session: Session, *, key: str, at: datetime, step: str) -> Receipt:
    """The receipt of a delivery: a new one with no record yet, or the one of the same delivery before it.

    Of two deliveries at the same time the second waits here until the first is committed.
    """
    statement = insert(session, Receipt).values(key=key, at=at, record="", step=step)
    session.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
    return session.exec(select(Receipt).where(Receipt.key == key)).one()
