"""Empties the outbox as the sender does, without a Slack: every message arrives, or is refused for good."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlmodel import Session

from storage import sending
from storage.database import Database
from storage.outbox import OutboxRow

Told = Callable[[Session, OutboxRow], None]


def deliver(
    database: Database, now: datetime, *, sent: Told, given_up: Told, refused: Mapping[str, str] | None = None
) -> list[OutboxRow]:
    """Deal with all that waits, and give the rows in their order; `refused` maps a target to Slack's error."""
    done: list[OutboxRow] = []
    while (moment := _next_possible(database, now)) is not None:
        while row := _deliver_next(database, moment, sent, given_up, refused or {}):
            done.append(row)
    return done


def _next_possible(database: Database, now: datetime) -> datetime | None:
    with database.reading() as session:
        return sending.next_possible(session, now=now)


def _deliver_next(
    database: Database, moment: datetime, sent: Told, given_up: Told, refused: Mapping[str, str]
) -> OutboxRow | None:
    with database.transaction() as session:
        row = sending.claim_next(session, now=moment, lease_until=moment + timedelta(seconds=55))
        if row is None:
            return None
        error = refused.get(row.target)
        if error:
            sending.mark_dead(session, row, error=error)
            given_up(session, row)
        else:
            sending.mark_sent(session, row, now=moment, channel=row.target, ts=f"{moment.timestamp():.6f}")
            sent(session, row)
        return row
