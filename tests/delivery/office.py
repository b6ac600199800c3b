"""A replica: a delivery, its database and its Slack, and a renderer that does what a row's data says."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from sqlmodel import Session

from bot.delivery import Attachment, Delivery, Outgoing
from bot.delivery.attempt import DELIVERY_ATTEMPTS
from bot.delivery.delivery import LEASE, LOOK_AFTER
from bot.delivery.outage import FIRST_PAUSE
from storage import outbox, sending
from storage.database import Database
from storage.outbox import OutboxRow
from tests.delivery.slack_server import SlackServer
from tests.support.ports import deaf_port

NINE = datetime(2026, 2, 10, 1, 0, tzinfo=UTC)
LOST_LEASE, LOOK = LEASE.total_seconds(), LOOK_AFTER.total_seconds()


def at(seconds: float) -> datetime:
    """The instant so many seconds after the test's beginning."""
    return NINE + timedelta(seconds=seconds)


def render(_: Session, row: OutboxRow) -> Outgoing | None:
    """Says the row's key, unless its data says otherwise."""
    wish = dict(row.data)
    if wish.pop("nothing", False):
        return None
    if wish.pop("broken", False):
        raise KeyError("no such sentence")
    if name := wish.pop("file", None):
        wish["file"] = Attachment(name, content=b"PNG", title="A picture", alt_text="What it shows")
    return Outgoing(**{"channel": row.target, "text": row.key} | wish)


@dataclass
class Office:
    """One replica, and what it was told."""

    database: Database
    slack: SlackServer
    client: WebClient
    sent: list[tuple[str, str, str | None]] = field(default_factory=list)
    given_up: list[tuple[str, str | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._sender = self.delivery()

    def put(self, *keys: str, target: str = "C_QUALITY", kind: str = "note", **data: Any) -> None:
        """Enter messages at nine."""
        with self.database.transaction() as session:
            for key in keys:
                outbox.put(session, key=key, target=target, kind=kind, now=NINE, data=data)

    def delivery(self, **more: Any) -> Delivery:
        """A sender of its own, as every process has one."""
        return Delivery(self.database, self.client, render, self._sent, self._given_up, **more)

    def drain(self, seconds: float = 0) -> int:
        """Send what can be sent so many seconds after nine."""
        self.slack.workspace.move_to(at(seconds))
        return self._sender.drain(at(seconds))

    def claim(self, seconds: float = 0) -> OutboxRow:
        """Take a row as a sender does that then dies."""
        with self.database.transaction() as session:
            row = sending.claim_next(session, now=at(seconds), lease_until=at(seconds) + LEASE)
        assert row is not None
        return row

    def next_send(self, seconds: float = 0) -> float | None:
        """In how many seconds after nine something can be sent, as seen at `seconds`."""
        found = self._sender.next_send(at(seconds))
        return (found - NINE).total_seconds() if found else None

    def run(self, until: float = 3600) -> list[float]:
        """Drain at every instant at which something can be sent, and say in which seconds after nine."""
        seconds, instants = self.next_send(), []
        while seconds is not None and seconds <= until:
            instants.append(seconds)
            self.drain(seconds)
            seconds = self.next_send(seconds)
        return instants

    @contextmanager
    def cut_off(self) -> Iterator[None]:
        """Nobody answers at Slack's address, as long as the block lasts."""
        address = self.client.base_url
        with deaf_port() as port:
            self.client.base_url = f"http://127.0.0.1:{port}/"
            yield
        self.client.base_url = address

    def spoil(self, key: str, method: str, mode: str, **more: Any) -> None:
        """Break every try of a row until it is finished, while others get their messages."""
        seconds = self.next_send()
        for _ in range(2 * DELIVERY_ATTEMPTS):
            if seconds is None or self.row(key).not_before is None:
                return
            if self.row(key).attempts < DELIVERY_ATTEMPTS:  # later it is only looked up
                self.slack.fault(method, mode, **more)
            self.drain(seconds)
            self.put(f"beside at {seconds}", target="U_CHEN")
            self.drain(seconds + FIRST_PAUSE.total_seconds())
            seconds = self.next_send(seconds + FIRST_PAUSE.total_seconds())

    def row(self, key: str) -> OutboxRow:
        """A row as it stands."""
        with self.database.reading() as session:
            found = outbox.find(session, key)
        assert found is not None
        return found

    def states(self, *keys: str) -> list[str]:
        """How rows stand."""
        return [self.row(key).state for key in keys]

    def _sent(self, _: Session, row: OutboxRow, channel: str, ts: str | None) -> None:
        self.sent.append((row.key, channel, ts))

    def _given_up(self, session: Session, row: OutboxRow) -> None:
        """Tell quality, as reminders do for somebody who cannot be reached."""
        self.given_up.append((row.key, row.error))
        outbox.put(session, key=f"{row.key}:quality", target="U_LIU", kind="note", now=NINE)
