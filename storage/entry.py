"""Entries of these records's own lists, such as its document revisions. Struck out, never removed."""

from collections.abc import Iterable
from collections.abc import Sequence as Many

from sqlalchemy import Column
from sqlmodel import Field, Session, col, select

from storage.base import JSON_COLUMN, NUMBERS, Base, Values


class Entry(Base, table=True):
    """One line of one list; `no` counts within the list and is never reused."""

    record: str = Field(primary_key=True, max_length=40, foreign_key="record.number")
    list: str = Field(primary_key=True, max_length=32)
    no: int = Field(primary_key=True)
    round: int = 0
    struck: bool = False
    values: Values = Field(default_factory=dict, sa_column=Column("values", JSON_COLUMN, nullable=False))


OF_RECORDS = select(Entry).where(col(Entry.record).in_(NUMBERS)).order_by(col(Entry.list), col(Entry.no))


def of_records(session: Session, numbers: Iterable[str]) -> Many[Entry]:
    """All entries of these records, struck ones included."""
    return session.exec(OF_RECORDS, params={NUMBERS.key: [*numbers]}).all()
