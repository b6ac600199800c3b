"""What is sent next, and what became of it: rows of the outbox are claimed, and every claim ends with a mark."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, exists, func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.outbox import DEAD, LEASED, QUEUED, REFRESH, SENT, UNKNOWN, OutboxRow

PACE = timedelta(seconds=1)  # Slack takes about one message a second in a channel
UNHELD: Mapping[bool, datetime] = {}

NOW: BindParameter[datetime] = bindparam("now")
PACED: BindParameter[datetime] = bindparam("paced")
"""The instant of a question, and the one after which a target has had its last message too lately."""


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


def put_back(session: Session, row: OutboxRow, *, at: datetime, error: str, limited: bool = False) -> bool:
    """It was certainly not sent, for no reason of its own: until `at` it waits as if nobody had claimed it.

    `limited` holds all rows of its method too.
    """
    unclaimed = {"attempts": row.attempts - 1, "claimed_at": None}
    limit = at if limited else None
    return _mark(session, row, state=QUEUED, not_before=at, error=error, limited_until=limit, **unclaimed)


def retry_later(session: Session, row: OutboxRow, *, at: datetime, error: str, counted: bool) -> bool:
    """It is tried again at `at`, looked up first only if it had to be now; `counted` if it spent an attempt."""
    state = UNKNOWN if row.state == UNKNOWN else QUEUED
    return _mark(session, row, state=state, not_before=at, error=error, attempts=_spent(row, counted))


def mark_unknown(session: Session, row: OutboxRow, *, at: datetime, error: str, counted: bool) -> bool:
    """It may have been sent: from `at` on it is looked up, and sent only if it is not there; `counted` as above."""
    return _mark(session, row, state=UNKNOWN, not_before=at, error=error, attempts=_spent(row, counted))


def mark_dead(session: Session, row: OutboxRow, *, error: str) -> bool:
    """It is not tried again."""
    return _mark(session, row, state=DEAD, not_before=None, error=error)


def _spent(row: OutboxRow, counted: bool) -> int:
    return row.attempts if counted else row.attempts - 1


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
