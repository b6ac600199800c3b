"""Who stands in which relation to a record: watcher, owner of a round, executor of a round."""

from collections.abc import Iterable
from collections.abc import Sequence as Many
from typing import NamedTuple

import sqlalchemy
from sqlmodel import Field, Session, col, select

from storage.base import NUMBERS, Base


class Relation(Base, table=True):
    """One person in one relation; `round` is 0 for relations that outlive rounds."""

    record: str = Field(primary_key=True, max_length=40, foreign_key="record.number")
    relation: str = Field(primary_key=True, max_length=24)
    person: str = Field(primary_key=True, max_length=32, index=True)
    round: int = Field(primary_key=True, default=0)


class Involvement(NamedTuple):
    """The same as plain values, for looking at many."""

    record: str
    relation: str
    person: str
    round: int


def involvements(session: Session, numbers: Iterable[str]) -> list[Involvement]:
    """All relations of these records, in no order."""
    columns = (col(getattr(Relation, name)) for name in Involvement._fields)
    asked = sqlalchemy.select(*columns).where(col(Relation.record).in_(list(numbers)))
    return [Involvement._make(row) for row in session.connection().execute(asked).all()]


OF_RECORDS = (
    select(Relation)
    .where(col(Relation.record).in_(NUMBERS))
    .order_by(col(Relation.round), col(Relation.relation), col(Relation.person))
)


def of_records(session: Session, numbers: Iterable[str]) -> Many[Relation]:
    """All relations of these records."""
    return session.exec(OF_RECORDS, params={NUMBERS.key: [*numbers]}).all()
