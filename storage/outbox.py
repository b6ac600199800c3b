"""Every message that leaves: written with the change that causes it, sent after the commit, kept for ever."""

from collections.abc import Iterable
from collections.abc import Sequence as Many
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from sqlalchemy import (
    BindParameter,
    Column,
    Executable,
    Index,
    bindparam,
    func,
    text,
    update,
)
from sqlmodel import Field, Session, col, select

from storage.base import INSERT, JSON_COLUMN, NUMBERS, Base, Values, dialect_of, insert

QUEUED, LEASED, UNKNOWN, SENT, DEAD = "QUEUED", "LEASED", "UNKNOWN", "SENT", "DEAD"
REFRESH = "refresh"  # the kind that changes a message; all others post one, and Slack limits the two separately

# Literals, because SQLite uses a partial index only where the query repeats its condition word by word.
OPEN_ROWS, LIMITED_ROWS = text("not_before IS NOT NULL"), text("limited_until IS NOT NULL")
DEAD_ROWS = text("state = 'DEAD'")


class OutboxRow(Base, table=True):
    """One message, or one change of a message, to one person or channel.

    `key` says what it is about and is never used twice. The row is unfinished while `not_before` is set:
    QUEUED waits, LEASED is with a sender, UNKNOWN may stand in Slack already and is looked up before it is
    posted. `attempts` counts the claims, `claimed_at` is the first of them; one that failed for no reason of
    the row's own is not counted. `limited_until` is set while Slack's rate limit holds the row, and then holds
    all rows of the same method. `sent_at` stays empty where in the end nothing had to be sent.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_open", "id", sqlite_where=OPEN_ROWS, postgresql_where=OPEN_ROWS),
        Index("ix_outbox_open_target", "target", "id", sqlite_where=OPEN_ROWS, postgresql_where=OPEN_ROWS),
        Index("ix_outbox_limited", "limited_until", sqlite_where=LIMITED_ROWS, postgresql_where=LIMITED_ROWS),
        Index("ix_outbox_dead", "id", sqlite_where=DEAD_ROWS, postgresql_where=DEAD_ROWS),
        Index("ix_outbox_pace", "target", "sent_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=200, unique=True)
    target: str = Field(max_length=32)
    kind: str = Field(max_length=24)
    record: str | None = Field(default=None, max_length=40)
    data: Values = Field(default_factory=dict, sa_column=Column("data", JSON_COLUMN, nullable=False))
    state: str = Field(default=QUEUED, max_length=16)
    attempts: int = 0
    not_before: datetime | None = None
    lease_until: datetime | None = None
    claimed_at: datetime | None = None
    limited_until: datetime | None = None
    channel: str | None = Field(default=None, max_length=32)
    ts: str | None = Field(default=None, max_length=32)
    error: str | None = None
    created_at: datetime
    sent_at: datetime | None = None


TARGETS: BindParameter[Many[str]] = bindparam("targets", expanding=True)
NOT_BEGUN = (
    select(col(OutboxRow.record), OutboxRow.target, OutboxRow.key)
    .where(
        OPEN_ROWS,
        col(OutboxRow.target).in_(TARGETS),
        col(OutboxRow.record).in_(NUMBERS),
        OutboxRow.state == QUEUED,
    )
    .order_by(col(OutboxRow.id))
    .with_for_update(skip_locked=True)
)
DOUBTING = (
    update(OutboxRow)
    .where(col(OutboxRow.not_before).is_not(None))
    .values(
        state=UNKNOWN,
        claimed_at=func.coalesce(OutboxRow.claimed_at, OutboxRow.created_at),
        lease_until=None,
        limited_until=None,
    )
)
"""After a restore: what waited when the backup was made may have been sent since, and is looked up first."""


@dataclass(frozen=True)
class Draft:
    """A message to be entered."""

    key: str
    target: str
    kind: str
    record: str | None = None
    data: Values = field(default_factory=dict)


def put(
    session: Session,
    *,
    key: str,
    target: str,
    kind: str,
    now: datetime,
    record: str | None = None,
    data: Values | None = None,
) -> bool:
    """Enter a message in the caller's transaction; false if its key has been entered before."""
    row = _row(Draft(key, target, kind, record, data or {}), now)
    statement = insert(session, OutboxRow).values(row)
    entered = session.execute(statement.on_conflict_do_nothing(index_elements=["key"]).returning(col(OutboxRow.id)))
    return entered.first() is not None


def put_all(session: Session, drafts: Iterable[Draft], *, now: datetime) -> None:
    """Enter messages in the caller's transaction, in this order; one whose key has been entered before is left out."""
    rows = [_row(draft, now) for draft in drafts]
    if rows:
        session.connection().execute(_entering(dialect_of(session)), rows)


def find(session: Session, key: str) -> OutboxRow | None:
    """The row with this key."""
    return session.exec(select(OutboxRow).where(OutboxRow.key == key)).first()


def last_posted(session: Session, *, target: str, record: str, kind: str) -> OutboxRow | None:
    """The newest message of a kind about a record that a target has got.

    While a row is unfinished this stays the same for its target, because nothing overtakes it.
    """
    statement = select(OutboxRow).where(
        OutboxRow.target == target,
        OutboxRow.record == record,
        OutboxRow.kind == kind,
        col(OutboxRow.ts).is_not(None),
    )
    return session.exec(statement.order_by(col(OutboxRow.id).desc()).limit(1)).first()


def queued(session: Session, *, records: Iterable[str], targets: Iterable[str]) -> set[tuple[str, str, str]]:
    """Record, target and key of the rows about these records that wait for these targets, and that nobody has begun.

    They are locked until the caller commits: so they are rendered after that, and show what the caller changed.
    """
    found = session.exec(NOT_BEGUN, params={NUMBERS.key: [*records], TARGETS.key: [*targets]})
    return {(record, target, key) for record, target, key in found if record}


def dead(session: Session, limit: int) -> Many[OutboxRow]:
    """What could not be delivered, newest first."""
    return session.exec(select(OutboxRow).where(DEAD_ROWS).order_by(col(OutboxRow.id).desc()).limit(limit)).all()


def depth(session: Session) -> int:
    """How many messages are not finished."""
    return session.exec(select(func.count()).select_from(OutboxRow).where(OPEN_ROWS)).one()


def oldest(session: Session) -> datetime | None:
    """When the oldest message that is not finished was entered."""
    return session.exec(select(func.min(OutboxRow.created_at)).where(OPEN_ROWS)).one()


def _row(draft: Draft, now: datetime) -> Values:
    return vars(draft) | {"state": QUEUED, "attempts": 0, "not_before": now, "created_at": now}


@cache
def _entering(dialect: str) -> Executable:
    return INSERT[dialect](OutboxRow).on_conflict_do_nothing(index_elements=["key"])
