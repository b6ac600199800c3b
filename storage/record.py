"""Every record of every kind, and the sequences their numbers come from.

What is searched, sorted or guarded has a column; everything else a person filled in stands in `values`, by field
name. So a new kind of record or a new field needs no migration.
"""

import json
from collections.abc import Iterable
from collections.abc import Sequence as Many
from datetime import date, datetime
from typing import ClassVar, NamedTuple

import sqlalchemy
from sqlalchemy import BindParameter, Column, Index, Integer, Text, bindparam, cast, func
from sqlmodel import Field, Session, col, select

from storage.base import JSON_COLUMN, NUMBERS, Base, Values, insert

# Written by the engine; SQLAlchemy refuses a write whose row has moved on since it was read.
VERSION = Column("version", Integer, nullable=False)


class Record(Base, table=True):
    """One improvement, extension request or later kind; `version` rises with every step."""

    __mapper_args__: ClassVar = {"version_id_col": VERSION, "version_id_generator": False}
    __table_args__ = (
        Index(
            "ix_record_open_stage",
            "stage",
            "kind",
            sqlite_where=Column("ended_on").is_(None),
            postgresql_where=Column("ended_on").is_(None),
        ),
        Index(
            "ix_record_open_owner",
            "owner",
            sqlite_where=Column("ended_on").is_(None),
            postgresql_where=Column("ended_on").is_(None),
        ),
    )

    number: str = Field(primary_key=True, max_length=40)
    kind: str = Field(max_length=32)
    stage: str = Field(max_length=32)
    version: int = Field(default=1, sa_column=VERSION)
    parent: str | None = Field(default=None, max_length=40, index=True, foreign_key="record.number")
    class_: str | None = Field(default=None, sa_column=Column("class", Text))
    round: int = 0
    title: str
    raiser: str = Field(max_length=32, index=True)
    owner: str | None = Field(default=None, max_length=32)
    responsible_dept: str | None = None
    major_problem: bool = False
    priority: int | None = None
    recurrence_of: str | None = Field(default=None, max_length=40, index=True)
    created_at: datetime = Field(index=True)
    created_on: date
    ended_on: date | None = Field(default=None, index=True)
    retention_until: date | None = None
    values: Values = Field(default_factory=dict, sa_column=Column("values", JSON_COLUMN, nullable=False))


class Sequence(Base, table=True):
    """The last number given out for a prefix and a year."""

    prefix: str = Field(primary_key=True, max_length=48)
    year: int = Field(primary_key=True)
    last: int


NUMBER: BindParameter[str] = bindparam("number")
PARENT = select(Record.parent).where(Record.number == NUMBER).scalar_subquery()
ITEM_OF = select(Record).where(col(Record.number) == func.coalesce(PARENT, NUMBER)).with_for_update()
PARTS_OF = select(Record).where(col(Record.parent).in_(NUMBERS)).order_by(col(Record.created_at), col(Record.number))


def take_number(session: Session, *, prefix: str, year: int) -> int:
    """The next number of a sequence, taken inside the creating transaction.

    The row stays locked until commit, so a rolled back creation gives its number back and none is skipped.
    """
    statement = (
        insert(session, Sequence)
        .values(prefix=prefix, year=year, last=1)
        .on_conflict_do_update(index_elements=["prefix", "year"], set_={"last": col(Sequence.last) + 1})
        .returning(col(Sequence.last))
    )
    number: int = session.execute(statement).scalar_one()
    return number


def find(session: Session, number: str) -> Record | None:
    """The record with this number, as it is now."""
    return session.get(Record, number)


class Excerpt(NamedTuple):
    """Of a record what is decided on, for looking at many. Few decisions ask for a value: till then they stay text."""

    number: str
    kind: str
    stage: str
    parent: str | None
    class_: str | None
    round: int
    title: str
    raiser: str
    owner: str | None
    responsible_dept: str | None
    major_problem: bool
    priority: int | None
    created_at: datetime
    text: str

    @property
    def values(self) -> Values:
        """Everything else that was filled in, by field name."""
        found: Values = json.loads(self.text)
        return found


EXCERPT = (*(col(getattr(Record, name)) for name in Excerpt._fields[:-1]), cast(col(Record.values), Text))


def excerpts(session: Session, numbers: Iterable[str]) -> list[Excerpt]:
    """Of the records with these numbers what is decided on, in no order."""
    asked = sqlalchemy.select(*EXCERPT).where(col(Record.number).in_(list(numbers)))
    return [Excerpt._make(row) for row in session.connection().execute(asked).all()]


def find_all(session: Session, numbers: Iterable[str]) -> Many[Record]:
    """The records with these numbers, by number."""
    return session.exec(select(Record).where(col(Record.number).in_(list(numbers))).order_by(col(Record.number))).all()


def lock(session: Session, number: str) -> Record | None:
    """The record with this number, locked until the transaction ends; what is changed is written and read again."""
    session.flush()
    statement = select(Record).where(Record.number == number).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).first()


def lock_item(session: Session, number: str) -> Record | None:
    """The record of which this one is a part, or which it is itself, locked until the transaction ends."""
    return session.exec(ITEM_OF, params={NUMBER.key: number}).first()


def lock_next(session: Session, *, kinds: Iterable[str], after: str, limit: int) -> Many[Record]:
    """The next records of these kinds by number, locked until the transaction ends."""
    statement = select(Record).where(col(Record.kind).in_(list(kinds)), Record.number > after)
    statement = statement.order_by(col(Record.number))
    return session.exec(statement.limit(limit).with_for_update()).all()


def parent_of(session: Session, number: str) -> str | None:
    """The number of the record this one is a part of."""
    return session.exec(select(Record.parent).where(Record.number == number)).first()


def children(session: Session, numbers: Iterable[str]) -> Many[Record]:
    """The records that belong to these, in the order of their numbers."""
    return session.exec(PARTS_OF, params={NUMBERS.key: [*numbers]}).all()


def raised_by(session: Session, person: str, *, limit: int, offset: int = 0) -> Many[Record]:
    """What a person raised, newest first."""
    statement = (
        select(Record)
        .where(Record.raiser == person, Record.kind == "improvement")
        .order_by(col(Record.created_at).desc(), col(Record.number).desc())
        .limit(limit)
        .offset(offset)
    )
    return session.exec(statement).all()


def count_raised(session: Session, person: str) -> int:
    """How much a person raised."""
    mine = (Record.raiser == person, Record.kind == "improvement")
    return session.exec(select(func.count()).select_from(Record).where(*mine)).one()


def open_records(session: Session, *, kind: str, limit: int, offset: int = 0) -> Many[Record]:
    """Open records of a kind, newest first."""
    statement = (
        select(Record)
        .where(col(Record.ended_on).is_(None), Record.kind == kind)
        .order_by(col(Record.created_at).desc(), col(Record.number).desc())
        .limit(limit)
        .offset(offset)
    )
    return session.exec(statement).all()


def count_open(session: Session, *, kind: str) -> int:
    """How many records of a kind are open."""
    statement = select(func.count()).select_from(Record).where(col(Record.ended_on).is_(None), Record.kind == kind)
    return session.exec(statement).one()
