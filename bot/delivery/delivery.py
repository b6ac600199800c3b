"""The sender: claims a row, renders and sends it between two transactions, and writes down how it ended."""

import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from slack_sdk import WebClient
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlmodel import Session

from bot.delivery.attempt import DELIVERY_ATTEMPTS, LAST_LOOK, SENDER_LOST, Outcome, attempt
from bot.delivery.budget import Budget
from bot.delivery.client import TIMEOUT_SECONDS
from bot.delivery.outage import Outage
from bot.delivery.outgoing import Renderer
from bot.delivery.post import PAGES, Ourselves, Posted
from bot.delivery.trouble import Kind, Trouble
from storage import sending
from storage.database import Database
from storage.outbox import OutboxRow

# A lease starts at the drain's `now`; what the drain may take and the slowest single row have to fit into it. That is
# a file with an unclear end: drawn, looked up on all pages of an opened DM for which we ask who we are, and then sent:
# the DM is opened again, a ticket asked for, the content uploaded and shared.
DRAIN_SECONDS, DRAWING_SECONDS, MOST_CALLS = 5.0, 5.0, PAGES + 6
LEASE = timedelta(seconds=DRAIN_SECONDS + DRAWING_SECONDS + MOST_CALLS * TIMEOUT_SECONDS)
RETRY_AFTER = timedelta(seconds=20)
# Counted from the drain's `now`, and never shorter than the client's timeout from when it was cut off: a post may take
# that long to show in the history.
LOOK_AFTER = timedelta(seconds=DRAIN_SECONDS + 2 * TIMEOUT_SECONDS)
# The new version of an upgrade, or a mended sentence, knows how to put it; until then its target waits as well.
REDRAW_AFTER, REDRAW_FOR = timedelta(minutes=1), timedelta(hours=1)
LONGEST_WAIT = timedelta(minutes=5)
DATABASE_AWAY = (DBAPIError, PoolTimeoutError)

Sent = Callable[[Session, OutboxRow, str, str | None], None]
"""Told, in the transaction that marks a row as sent, in which channel and at which ts it stands, if Slack says so."""

GivenUp = Callable[[Session, OutboxRow], None]
"""Told, in the transaction that marks a row as dead, of a row whose `error` says why."""

log = structlog.get_logger(__name__)


class Delivery:
    """Sends the outbox. Any number of threads, processes and machines may do so at the same time.

    `stopwatch` measures how long a drain takes, in seconds; what time it is comes with every call.
    """

    def __init__(
        self,
        database: Database,
        slack: WebClient,
        render: Renderer,
        sent: Sent,
        given_up: GivenUp,
        *,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._slack = slack
        self._us = Ourselves(slack)
        self._render = render
        self._sent = sent
        self._given_up = given_up
        self._stopwatch = stopwatch
        self._budget = Budget()
        self._outage = Outage()

    def drain(self, now: datetime) -> int:
        """Deal with what can be sent at `now`, one row after another, and say how many rows that were.

        It stops early when it has taken long, because its leases count from `now`; so it is called again,
        with a fresh `now`, until it answers 0. Trouble with the database is raised; the row it met is looked
        up in Slack when its lease has run out.
        """
        begun, count = self._stopwatch(), 0
        while self._stopwatch() - begun < DRAIN_SECONDS and (row := self._claim(now)):
            self._record(row, self._outage.hear(row, self._attempt(row), now), now)
            count += 1
        return count

    def next_send(self, now: datetime) -> datetime | None:
        """The earliest instant, not before `now`, at which something could be sent; None if nothing waits."""
        with self._database.reading() as session:
            return sending.next_possible(session, now=now, held=self._held(now))

    def _claim(self, now: datetime) -> OutboxRow | None:
        with self._database.transaction() as session:
            row = sending.claim_next(session, now=now, lease_until=now + LEASE, held=self._held(now))
        if row is not None:
            self._budget.spend(row, now)
        return row

    def _held(self, now: datetime) -> dict[bool, datetime]:
        """Until when changes and posts wait: for the rate we keep to, or for Slack to be well."""
        rate, outage = self._budget.held(now), self._outage.held(now)
        return {method: max(held[method] for held in (rate, outage) if method in held) for method in {*rate, *outage}}

    def _attempt(self, row: OutboxRow) -> Outcome:
        if row.attempts > LAST_LOOK:  # only a row that takes its senders down with it is claimed so often
            return Trouble(Kind.PERMANENT, row.error or SENDER_LOST)
        failure = Kind.UNDRAWN
        try:
            with self._database.reading() as session:
                outgoing = self._render(session, row)
            failure = Kind.UNCLEAR
            return attempt(self._slack, self._us, row, outgoing)
        except DATABASE_AWAY:  # which is not the row's fault: it is looked up later
            raise
        except Exception as error:  # broad: one row that our own code cannot deal with must not stop the others
            reference = secrets.token_hex(4)
            log.exception("outbox.broken", key=row.key, kind=row.kind, reference=reference)
            return Trouble(failure, f"{type(error).__name__}, reference {reference}", own=True)

    def _record(self, row: OutboxRow, outcome: Outcome, now: datetime) -> None:
        with self._database.transaction() as session:
            kept = self._write(session, row, outcome, now)
        if not kept:
            log.warning("outbox.lease_lost", key=row.key)

    def _write(self, session: Session, row: OutboxRow, outcome: Outcome, now: datetime) -> bool:
        match outcome:
            case None:
                return sending.mark_settled(session, row, note=None)
            case Posted(channel, ts):
                kept = sending.mark_sent(session, row, now=now, channel=channel, ts=ts)
                if kept:
                    self._sent(session, row, channel, ts)
                return kept
            case Trouble(kind=Kind.GONE, error=error):
                return sending.mark_settled(session, row, note=error)
            case Trouble():
                return self._write_trouble(session, row, outcome, now)

    def _write_trouble(self, session: Session, row: OutboxRow, trouble: Trouble, now: datetime) -> bool:
        waited, error = now - (row.claimed_at or now), trouble.error
        match trouble.kind:
            case Kind.AWAY | Kind.LIMITED:
                limited = trouble.kind is Kind.LIMITED
                return sending.put_back(session, row, at=now + trouble.retry_after, error=error, limited=limited)
            case Kind.UNSEEN | Kind.UNCLEAR:
                at = now + max(_pause(LOOK_AFTER, waited), trouble.retry_after)
                return sending.mark_unknown(session, row, at=at, error=error, counted=trouble.own)
            case Kind.REPEATABLE if not trouble.own or row.attempts < DELIVERY_ATTEMPTS:
                at = now + max(_pause(RETRY_AFTER, waited), trouble.retry_after)
                return sending.retry_later(session, row, at=at, error=error, counted=trouble.own)
            case Kind.UNDRAWN if waited < REDRAW_FOR:
                at = now + _pause(REDRAW_AFTER, waited)
                return sending.retry_later(session, row, at=at, error=error, counted=False)
            case _:
                return self._give_up(session, row, error)

    def _give_up(self, session: Session, row: OutboxRow, error: str) -> bool:
        kept = sending.mark_dead(session, row, error=error)
        if kept:
            log.error("outbox.dead", key=row.key, target=row.target, error=error)
            self._given_up(session, row)
        return kept


def _pause(shortest: timedelta, waited: timedelta) -> timedelta:
    """As long again as it has been tried already, so that the pauses double."""
    return min(max(shortest, waited), LONGEST_WAIT)
