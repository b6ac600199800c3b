"""Who stands in which relation to a record: watcher, owner of a round, executor of a round."""

from collections.abc import Iterable
from collections.abc import Sequence as Many

from sqlmodel import Field, Session, col, select

from storage.base import Base


class Relation(Base, table=True):
    """One person in one relation; `round` is 0 for relations that outlive rounds."""

    record: str = Field(primary_key=True, max_length=40, foreign_key="record.number")
    relation: str = Field(primary_key=True, max_length=24)
    person: str = Field(primary_key=True, max_length=32, index=True)
    round: int = Field(primary_key=True, default=0)


def of_records(session: Session, numbers: Iterable[str]) -> Many[Relation]:
    """All relations of these records."""
    statement = select(Relation).where(col(Relation.record).in_(list(numbers)))
    return session.exec(statement.order_by(col(Relation.round), col(Relation.relation), col(Relation.person))).all()


def add(session: Session, *, record: str, relation: str, person: str, round: int = 0) -> None:
    """Enter a relation; entering it twice changes nothing."""
    session.merge(Relation(record=record, relation=relation, person=person, round=round))
    session.flush()


def remove(session: Session, *, record: str, relation: str, person: str, round: int = 0) -> None:
    """Take a relation out, if it is there."""
    found = session.get(Relation, (record, relation, person, round))
    if found is not None:
        session.delete(found)
        session.flush()
