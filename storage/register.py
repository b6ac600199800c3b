"""Questions about the whole register: what is open, what is late, what waits.

They are answered by the partial indexes on open records and running deadlines. A list comes with how many there are in
all.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Sequence as Many
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Text, cast, exists
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, and_, col, func, or_, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from storage.deadline import Deadline
from storage.outbox import OutboxRow
from storage.record import Record
from storage.relation import Relation

T = TypeVar("T")
Running = tuple[Deadline, Record]


@dataclass(frozen=True)
class Listed(Generic[T]):
    """The first rows of a list, and how long the list is."""

    rows: Many[T]
    total: int


@dataclass(frozen=True)
class Involving:
    """Somebody, and the department this person belongs to."""

    person: str
    department: str | None


def open_by_stage(session: Session) -> Many[tuple[str | None, str, int]]:
    """How many improvements are open, by class, None for those not classified yet, and stage."""
    found = select(Record.class_, Record.stage, func.count()).where(*_open("improvement"))
    return session.exec(found.group_by(col(Record.class_), col(Record.stage))).all()


def beyond_first_round(session: Session, class_: str, *, limit: int) -> Listed[Record]:
    """Open improvements of a class that are in a later round than the first, oldest first."""
    conditions = (*_open("improvement"), col(Record.class_) == class_, col(Record.round) > 1)
    return _records(session, *conditions, limit=limit)


def due_in_stage(
    session: Session, first: date, last: date, *, stage: str, names: Iterable[str], limit: int
) -> Listed[Record]:
    """Open improvements in a stage with a running deadline of these names from the first to the last of these days.

    In the order of those days; each stands there once, with however many deadlines.
    """
    soonest = (
        select(Deadline.record, func.min(Deadline.current_due).label("due"))
        .where(*_runs(names), col(Deadline.current_due).between(first, last))
        .group_by(col(Deadline.record))
        .subquery("soonest")
    )
    found = select(Record).join(soonest, soonest.c.record == col(Record.number))
    found = found.where(*_open("improvement"), col(Record.stage) == stage)
    rows = session.exec(found.order_by(soonest.c.due, col(Record.number)).limit(limit)).all()
    return Listed(rows, len(rows) if len(rows) < limit else _count(session, found))


def major_problems(session: Session, *, limit: int) -> Listed[Record]:
    """Open improvements that are major problems, oldest first."""
    return _records(session, *_open("improvement"), col(Record.major_problem).is_(True), limit=limit)


def in_stages(session: Session, stages: Iterable[str], *, limit: int) -> Listed[Record]:
    """Open improvements in these stages, oldest first."""
    return _records(session, *_open("improvement"), col(Record.stage).in_(list(stages)), limit=limit)


def undecided(session: Session, kind: str, stage: str) -> Many[Record]:
    """Open records of a kind in a stage, such as requests that wait for somebody's decision."""
    found = select(Record).where(*_open(kind), col(Record.stage) == stage)
    return session.exec(found.order_by(col(Record.number))).all()


def held_by(session: Session, people: Iterable[str], *, measures_in: Iterable[str]) -> Many[Record]:
    """Open improvements that one of these people owns, and their measures in these stages, oldest first."""
    statement = select(Record).where(_held(measures_in), col(Record.owner).in_(list(people)))
    return session.exec(statement.order_by(col(Record.created_at), col(Record.number))).all()


def owners(session: Session) -> Many[str | None]:
    """Everybody who owns anything open; answered by the index on them alone."""
    return session.exec(select(Record.owner).where(col(Record.ended_on).is_(None)).distinct()).all()


def count_due_before(session: Session, day: date, *, names: Iterable[str], class_: str) -> int:
    """How many running deadlines of these names, of the parts of improvements of a class, are late on this day."""
    items = select(Record.number).where(Record.class_ == class_, *_open("improvement"))
    late = _running(names).where(col(Deadline.current_due) < day, col(Record.parent).in_(items))
    return _count(session, late)


def due_before(session: Session, day: date, *, names: Iterable[str], limit: int) -> Listed[Running]:
    """Running deadlines of these names that are late on this day, the latest first."""
    return _deadlines(session, names, col(Deadline.current_due) < day, limit=limit)


def due_between(session: Session, first: date, last: date, *, names: Iterable[str], limit: int) -> Listed[Running]:
    """Running deadlines of these names due from the first to the last of these days, in the order of days."""
    return _deadlines(session, names, col(Deadline.current_due).between(first, last), limit=limit)


def waiting_since(session: Session, day: date, *, names: Iterable[str], limit: int) -> Listed[Running]:
    """Running deadlines of these names that were counted from this day or earlier, the longest waiting first."""
    since = col(Deadline.counted_from)
    return _deadlines(session, names, since <= day, limit=limit, first=since)


def running(
    session: Session, *, names: Iterable[str], involving: Involving | None, limit: int, after: Deadline | None
) -> Many[Running]:
    """Running deadlines of these names with their records, by due date and id; page with `after`.

    Given somebody, only where this person or the department may be involved: a few more, but none less. In the order
    of the index on running deadlines: by id alone a page would be looked for among all that ever ran.
    """
    due, id_ = col(Deadline.current_due), col(Deadline.id)
    statement = _running(names).order_by(due, id_).limit(limit)
    if involving is not None:
        item = aliased(Record)
        statement = statement.join(item, col(item.number) == func.coalesce(col(Record.parent), col(Record.number)))
        statement = statement.where(or_(*_involved(involving, item)))
    if after is not None:
        statement = statement.where(due >= after.current_due, or_(due > after.current_due, id_ > after.id))
    return session.exec(statement).all()


def message_states(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """How the messages with these keys stand, as far as there are such messages."""
    statement = select(OutboxRow.key, OutboxRow.state).where(col(OutboxRow.key).in_(list(keys)))
    return dict(session.exec(statement).all())


def _open(kind: str) -> tuple[ColumnElement[bool], ...]:
    return (col(Record.ended_on).is_(None), col(Record.kind) == kind)


def _held(measures_in: Iterable[str]) -> ColumnElement[bool]:
    """Open improvements, and measures in these stages."""
    measure = and_(col(Record.kind) == "measure", col(Record.stage).in_(list(measures_in)))
    return and_(col(Record.ended_on).is_(None), or_(col(Record.kind) == "improvement", measure))


def _records(session: Session, *conditions: ColumnElement[bool], limit: int) -> Listed[Record]:
    found = select(Record).where(*conditions)
    rows = session.exec(found.order_by(col(Record.created_at), col(Record.number)).limit(limit)).all()
    return Listed(rows, len(rows) if len(rows) < limit else _count(session, found))


def _deadlines(
    session: Session,
    names: Iterable[str],
    condition: ColumnElement[bool],
    *,
    limit: int,
    first: Mapped[date] | None = None,
) -> Listed[Running]:
    found = _running(names).where(condition)
    order = col(Deadline.current_due) if first is None else first
    rows = session.exec(found.order_by(order, col(Deadline.id)).limit(limit)).all()
    return Listed(rows, len(rows) if len(rows) < limit else _count(session, found))


def _count(session: Session, found: Select[Any, Any] | SelectOfScalar[Any]) -> int:
    counted = found.with_only_columns(func.count(), maintain_column_froms=True)
    number: int = session.execute(counted).scalar_one()
    return number


def _running(names: Iterable[str]) -> Select[Deadline, Record]:
    return (
        select(Deadline, Record)
        .join(Record, col(Record.number) == col(Deadline.record))
        .where(*_runs(names), col(Record.ended_on).is_(None))
    )


def _involved(who: Involving, item: type[Record]) -> Iterator[ColumnElement[bool]]:
    """Named in a column, in a relation, anywhere among the values, or by the department that is responsible."""
    yield from (column == who.person for record in (item, Record) for column in (col(record.owner), col(record.raiser)))
    yield from (cast(col(record.values), Text).contains(who.person, autoescape=True) for record in (item, Record))
    yield exists().where(col(Relation.record) == col(item.number), col(Relation.person) == who.person)
    if who.department:
        yield col(item.responsible_dept) == who.department


def _runs(names: Iterable[str]) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Deadline.stopped_on).is_(None),
        col(Deadline.remaining_wd).is_(None),
        col(Deadline.name).in_(list(names)),
    )


def passed_between(session: Session, since: date, until: date) -> Many[Record]:
    """Open records with a running deadline due on or after `since` and before `until`."""
    numbers = select(Deadline.record).where(
        col(Deadline.stopped_on).is_(None),
        col(Deadline.remaining_wd).is_(None),
        col(Deadline.current_due) >= since,
        col(Deadline.current_due) < until,
    )
    return session.exec(select(Record).where(col(Record.number).in_(numbers)).order_by(col(Record.number))).all()


def ended(session: Session, *, stage: str, since: date) -> Many[Record]:
    """Records that ended in a stage on or after `since`."""
    statement = select(Record).where(col(Record.ended_on) >= since, Record.stage == stage)
    return session.exec(statement.order_by(col(Record.number))).all()
