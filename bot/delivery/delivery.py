"""The sender: claims a row, renders and sends it between two transactions, and writes down how it ended."""

import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from slack_sdk import WebClient
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from bot.delivery.attempt import DELIVERY_ATTEMPTS, LAST_LOOK, SENDER_LOST, Outcome, attempt
from bot.delivery.budget import Budget
from bot.delivery.outgoing import Renderer
from bot.delivery.post import Ourselves, Posted
from bot.delivery.trouble import Kind, Trouble
from storage import sending
from storage.database import Database
from storage.outbox import OutboxRow

RETRY_AFTER = (timedelta(seconds=5), timedelta(seconds=20))
# Never shorter than the client's timeout: a post that was cut off may take that long to show in the history.
LOOK_AFTER = (timedelta(seconds=10), timedelta(seconds=15), timedelta(seconds=20))
# A lease starts at the drain's `now`; what the drain may take and the slowest single row have to fit into it. That is
# a file with an unclear end: drawn, looked up in an opened DM on three pages, and sent with three calls.
LEASE, DRAIN_SECONDS = timedelta(seconds=80), 5.0

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

    def drain(self, now: datetime) -> int:
        """Deal with what can be sent at `now`, one row after another, and say how many rows that were.

        It stops early when it has taken long, because its leases count from `now`; so it is called again,
        with a fresh `now`, until it answers 0. Trouble with the database is raised; the row it met is looked
        up in Slack when its lease has run out.
        """
        begun, count = self._stopwatch(), 0
        while self._stopwatch() - begun < DRAIN_SECONDS and (row := self._claim(now)):
            self._record(row, self._attempt(row), now)
            count += 1
        return count

    def next_send(self, now: datetime) -> datetime | None:
        """The earliest instant, not before `now`, at which something could be sent; None if nothing waits."""
        with self._database.reading() as session:
            return sending.next_possible(session, now=now, held=self._budget.held(now))

    def _claim(self, now: datetime) -> OutboxRow | None:
        with self._database.transaction() as session:
            row = sending.claim_next(session, now=now, lease_until=now + LEASE, held=self._budget.held(now))
        if row is not None:
            self._budget.spend(row, now)
        return row

    def _attempt(self, row: OutboxRow) -> Outcome:
        if row.attempts > LAST_LOOK:  # only a row that takes its senders down with it is claimed so often
            return Trouble(Kind.PERMANENT, row.error or SENDER_LOST)
        try:
            with self._database.reading() as session:
                outgoing = self._render(session, row)
            return attempt(self._slack, self._us, row, outgoing)
        except OperationalError:  # the database is away, which is not the row's fault: it is looked up later
            raise
        except Exception as error:  # broad: one row that cannot be rendered must not stop the others
            reference = secrets.token_hex(4)
            log.exception("outbox.broken", key=row.key, kind=row.kind, reference=reference)
            return Trouble(Kind.PERMANENT, f"{type(error).__name__}, reference {reference}")

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
        tries = LAST_LOOK if trouble.kind is Kind.UNCLEAR else DELIVERY_ATTEMPTS
        if trouble.kind is Kind.PERMANENT or row.attempts >= tries:
            kept = sending.mark_dead(session, row, error=trouble.error)
            if kept:
                log.error("outbox.dead", key=row.key, target=row.target, error=trouble.error)
                self._given_up(session, row)
            return kept
        if trouble.kind is Kind.UNCLEAR:
            at = now + max(LOOK_AFTER[row.attempts - 1], trouble.retry_after)
            return sending.mark_unknown(session, row, at=at, error=trouble.error)
        limited = trouble.kind is Kind.LIMITED
        at = now + (trouble.retry_after if limited else RETRY_AFTER[row.attempts - 1])
        return sending.retry_later(session, row, at=at, error=trouble.error, limited=limited)
