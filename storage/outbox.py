"""Every message that leaves: written with the change that causes it, sent after the commit, kept for ever."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Sequence as Many
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Executable,
    Index,
    bindparam,
    exists,
    func,
    or_,
    text,
    update,
)
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.base import INSERT, JSON_COLUMN, NUMBERS, Base, Values, dialect_of, insert

QUEUED, LEASED, UNKNOWN, SENT, DEAD = "QUEUED", "LEASED", "UNKNOWN", "SENT", "DEAD"
REFRESH = "refresh"  # the kind that changes a message; all others post one, and Slack limits the two separately
PACE = timedelta(seconds=1)  # Slack takes about one message a second in a channel
UNHELD: Mapping[bool, datetime] = {}

NOW: BindParameter[datetime] = bindparam("now")
PACED: BindParameter[datetime] = bindparam("paced")
"""The instant of a question, and the one after which a target has had its last message too lately."""

# Literals, because SQLite uses a partial index only where the query repeats its condition word by word.
OPEN_ROWS, LIMITED_ROWS = text("not_before IS NOT NULL"), text("limited_until IS NOT NULL")
DEAD_ROWS = text("state = 'DEAD'")


class OutboxRow(Base, table=True):
    """One message, or one change of a message, to one person or channel.

    `key` says what it is about and is never used twice. The row is unfinished while `not_before` is set:
    QUEUED waits, LEASED is with a sender, UNKNOWN may stand in Slack already and is looked up before it is
    posted. `attempts` counts the claims, `claimed_at` is the first of them. `limited_until` is set while
    Slack's rate limit holds the row, and then holds all rows of the same method. `sent_at` stays empty where
    in the end nothing had to be sent.
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
    .values(state=UNKNOWN, lease_until=None, limited_until=None)
)
"""After a restore: what waited when the backup was made may have been sent since, and is looked up first."""


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
    statement = insert(session, OutboxRow).values(
        key=key,
        target=target,
        kind=kind,
        record=record,
        data=data or {},
        state=QUEUED,
        attempts=0,
        not_before=now,
        created_at=now,
    )
    entered = session.execute(statement.on_conflict_do_nothing(index_elements=["key"]).returning(col(OutboxRow.id)))
    return entered.first() is not None


@dataclass(frozen=True)
class Draft:
    """A message to be entered."""

    key: str
    target: str
    kind: str
    record: str | None = None
    data: Values = field(default_factory=dict)


def put_all(session: Session, drafts: Iterable[Draft], *, now: datetime) -> None:
    """Enter messages in the caller's transaction, in this order; one whose key has been entered before is left out."""
    common = {"state": QUEUED, "attempts": 0, "not_before": now, "created_at": now}
    rows = [vars(draft) | common for draft in drafts]
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


def claim_next(
    session: Session, *, now: datetime, lease_until: datetime, held: Mapping[bool, datetime] = UNHELD
) -> OutboxRow | None:
    """Take the oldest row that may be sent now, and hold it until `lease_until`; none if nothing may.

    First in, first out for each target: a row waits while an earlier one of its target is unfinished. A row
    whose lease ran out comes back as UNKNOWN: its sender may have died between posting and saying so. `held` says
    until when the sender itself holds back changes (True) or posts (False).
    """
    statement = _claimable(frozenset({*_limited(session, now), *held}))
    row = session.exec(statement, params={NOW.key: now, PACED.key: now - PACE}).first()
    if row is None:
        return None
    row.state = LEASED if row.state == QUEUED else UNKNOWN
    row.attempts += 1
    row.claimed_at = row.claimed_at or now
    row.lease_until, row.limited_until = lease_until, None
    session.add(row)
    session.flush()
    return row


def next_possible(session: Session, *, now: datetime, held: Mapping[bool, datetime] = UNHELD) -> datetime | None:
    """The earliest instant from `now` on at which a row could be sent, as far as it is known now; `held` as above."""
    sent = aliased(OutboxRow)
    last_sent = (
        select(func.max(sent.sent_at))
        .where(col(sent.target) == col(OutboxRow.target), col(sent.sent_at) > now - PACE)
        .scalar_subquery()
    )
    heads = select(OutboxRow, last_sent).where(col(OutboxRow.not_before).is_not(None), _first_in_line())
    limits = _limited(session, now)
    instants = [
        max(now, *_waits_for(row, last, limits.get(row.kind == REFRESH), held.get(row.kind == REFRESH)))
        for row, last in session.exec(heads)
    ]
    return min(instants, default=None)


def mark_sent(session: Session, row: OutboxRow, *, now: datetime, channel: str, ts: str | None) -> bool:
    """It stands in Slack at (`channel`, `ts`); of a file the ts may not be known.

    False, as for all marks, if the claim has passed on.
    """
    return _mark(session, row, state=SENT, not_before=None, sent_at=now, channel=channel, ts=ts, error=None)


def mark_settled(session: Session, row: OutboxRow, *, note: str | None) -> bool:
    """Nothing had to be sent, or what was to be changed is gone; `note` says why."""
    return _mark(session, row, state=SENT, not_before=None, error=note)


def retry_later(session: Session, row: OutboxRow, *, at: datetime, error: str, limited: bool = False) -> bool:
    """It was certainly not sent and is tried again at `at`; `limited` holds all rows of its method too."""
    return _mark(session, row, state=QUEUED, not_before=at, error=error, limited_until=at if limited else None)


def mark_unknown(session: Session, row: OutboxRow, *, at: datetime, error: str) -> bool:
    """It may have been sent: from `at` on it is looked up, and sent only if it is not there."""
    return _mark(session, row, state=UNKNOWN, not_before=at, error=error)


def mark_dead(session: Session, row: OutboxRow, *, error: str) -> bool:
    """It is not tried again."""
    return _mark(session, row, state=DEAD, not_before=None, error=error)


def dead(session: Session, limit: int) -> Many[OutboxRow]:
    """What could not be delivered, newest first."""
    return session.exec(select(OutboxRow).where(DEAD_ROWS).order_by(col(OutboxRow.id).desc()).limit(limit)).all()


def depth(session: Session) -> int:
    """How many messages are not finished."""
    return session.exec(select(func.count()).select_from(OutboxRow).where(OPEN_ROWS)).one()


def oldest(session: Session) -> datetime | None:
    """When the oldest message that is not finished was entered."""
    return session.exec(select(func.min(OutboxRow.created_at)).where(OPEN_ROWS)).one()


@cache
def _entering(dialect: str) -> Executable:
    return INSERT[dialect](OutboxRow).on_conflict_do_nothing(index_elements=["key"])


def _mark(session: Session, row: OutboxRow, **changes: Any) -> bool:
    """Write an outcome, also into `row`, if the claim is still ours; one that ran out may have passed on."""
    changes = {"lease_until": None, "limited_until": None} | changes
    statement = (
        update(OutboxRow)
        .where(col(OutboxRow.id) == row.id, col(OutboxRow.lease_until) == row.lease_until)
        .values(changes)
        .returning(col(OutboxRow.id))
        .execution_options(synchronize_session=False)
    )
    written = session.execute(statement).first() is not None
    if written:
        for name, value in changes.items():
            setattr(row, name, value)
    return written


def _waits_for(row: OutboxRow, last_sent: datetime | None, *limited: datetime | None) -> Iterator[datetime]:
    """Every instant that has to come before the row can be sent."""
    paced = last_sent + PACE if last_sent else None
    return (instant for instant in (row.not_before, row.lease_until, paced, *limited) if instant)


@cache
def _claimable(held: frozenset[bool]) -> SelectOfScalar[OutboxRow]:
    """The oldest row that may be sent `NOW`, unless it is a change (True) or a post (False) that is `held`.

    Kept, because it is asked again for every message, and putting it together takes longer than asking.
    """
    statement = select(OutboxRow).where(
        col(OutboxRow.not_before) <= NOW,
        # Also asked by _first_in_line, but PostgreSQL checks again only what stands on the row it locks.
        or_(col(OutboxRow.lease_until).is_(None), col(OutboxRow.lease_until) <= NOW),
        _first_in_line(in_flight_at=NOW),
        ~_paced(),
        *((col(OutboxRow.kind) == REFRESH) != refresh for refresh in held),
    )
    return statement.order_by(col(OutboxRow.id)).limit(1).with_for_update(skip_locked=True)


def _first_in_line(*, in_flight_at: BindParameter[datetime] | None = None) -> ColumnElement[bool]:
    """No earlier row of the target is unfinished and, given an instant, none at all is with a sender then."""
    other = aliased(OutboxRow)
    before: ColumnElement[bool] = col(other.id) < col(OutboxRow.id)
    if in_flight_at is not None:
        before = or_(before, col(other.lease_until) > in_flight_at)
    same_target = col(other.target) == col(OutboxRow.target)
    return ~exists().where(same_target, col(other.not_before).is_not(None), before)


def _paced() -> ColumnElement[bool]:
    """The target has had a message less than a second ago; asked of the database, so that replicas agree."""
    sent = aliased(OutboxRow)
    return exists().where(col(sent.target) == col(OutboxRow.target), col(sent.sent_at) > PACED)


def _limited(session: Session, now: datetime) -> dict[bool, datetime]:
    """Until when Slack's rate limit holds changes (True) and posts (False)."""
    statement = select(OutboxRow).where(col(OutboxRow.limited_until) > now)
    found: dict[bool, datetime] = {}
    for row in session.exec(statement.order_by(col(OutboxRow.limited_until))):
        if row.limited_until:
            found[row.kind == REFRESH] = row.limited_until
    return found
