"""What waits for a person: one question to the records that are open and the deadlines that run."""

from collections.abc import Collection, Mapping
from collections.abc import Sequence as Many
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, case, func, or_, tuple_, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.deadline import Deadline
from storage.record import Record
from storage.relation import Relation


def _several(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


def _stage_in(name: str) -> ColumnElement[bool]:
    return col(Record.stage).in_(_several(name))


PERSON: BindParameter[str] = bindparam("person")


class Likely(GenericFunction[bool]):
    """What is true of most rows. SQLite would else think that hardly anything is open, and look at all of it."""

    name = "likely"
    inherit_cache = True


@compiles(Likely, "postgresql")
def _as_it_is(element: GenericFunction[bool], compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


AHEAD = and_(col(Deadline.name) == bindparam("mark"), col(Deadline.current_due) > bindparam("today"))
DUE = tuple_(col(Record.stage), col(Deadline.name)).in_(_several("due"))
# One number, and no EXISTS: of that PostgreSQL makes a join, and takes thousands of marks for a single one.
RUNNING = (
    select(func.max(case((AHEAD, 2), (DUE, 1), else_=0)))
    .where(
        col(Deadline.record) == col(Record.number),
        col(Deadline.stopped_on).is_(None),
        col(Deadline.remaining_wd).is_(None),
    )
    .correlate(Record)
    .scalar_subquery()
)
WAITS = select(Record.number).where(Likely(col(Record.ended_on).is_(None)), or_(~_stage_in("dated"), RUNNING == 1))
TEAMS = select(Relation.record).where(Relation.person == PERSON, Relation.relation == "member")
# One question for each way, by its own index: asked with OR, the database looks at all that is open.
BY_NAME = (
    WAITS.where(Record.owner == PERSON, _stage_in("owner")),
    WAITS.where(Record.raiser == PERSON, _stage_in("raiser")),
    WAITS.where(col(Record.number).in_(TEAMS), _stage_in("member")),
)
BY_OFFICE = WAITS.where(_stage_in("office"))


def _waiting(*ways: SelectOfScalar[str]) -> SelectOfScalar[Record]:
    return (
        select(Record)
        .where(col(Record.number).in_(union_all(*ways)))
        .order_by(
            col(Record.major_problem).desc(),
            func.coalesce(col(Record.priority), 0).desc(),
            col(Record.created_at),
            col(Record.number),
        )
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )


WAITING_BY_NAME, WAITING = _waiting(*BY_NAME), _waiting(*BY_NAME, BY_OFFICE)


@dataclass(frozen=True)
class Stages:
    """The stages in which a record waits for its owner, for whoever raised it, for its team, and for an office."""

    owner: Collection[str]
    raiser: Collection[str]
    member: Collection[str]
    office: Collection[str]


def waiting_for(
    session: Session,
    person: str,
    stages: Stages,
    *,
    due: Mapping[str, str],
    mark: str,
    today: date,
    limit: int,
    offset: int = 0,
) -> Many[Record]:
    """Open records whose stage waits for this person, the major and urgent ones first.

    In a stage that has something `due` they wait while the deadline of that name runs, but for nobody as long as the
    day of a running `mark` is later than `today`, a day in the company's zone.
    """
    asked = {
        "person": person,
        "owner": [*stages.owner],
        "raiser": [*stages.raiser],
        "member": [*stages.member],
        "office": [*stages.office],
        "dated": [*due],
        "due": [*due.items()],
        "mark": mark,
        "today": today,
        "limit": limit,
        "offset": offset,
    }
    # Of no stage at all SQLite makes a question of its own, and looks at everything open to find nothing.
    return session.exec(WAITING if stages.office else WAITING_BY_NAME, params=asked).all()
