"""Thousands of messages that wait for two thousand people, sent in simulated time as fast as Slack allows.

The workspace's own count of calls says how fast that is: 300 posts a minute, and about one a second for each person.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse
from sqlmodel import Session

import storage.outbox
from bot.delivery import Delivery, Outgoing
from bot.demo.company import workspace
from bot.sandbox.rates import PER_CHANNEL_SECONDS, WINDOW_SECONDS, WORKSPACE_POSTS, Rates
from bot.sandbox.state import Workspace
from storage.database import Database
from storage.outbox import OutboxRow
from tests.benchmarks.databases import ENGINES
from tests.benchmarks.harness import Line
from tests.benchmarks.run import Run
from tests.support.company import at

BEGUN, PEOPLE = at("2026-03-02 09:00"), 2_000


class Limited(WebClient):
    """Slack as far as it counts: takes a post, or says how long to wait."""

    def __init__(self, place: Workspace) -> None:
        super().__init__("xoxb-bench")
        self.place, self._rates = place, Rates(place)
        self.refused, self.posted = 0, 0

    def api_call(self, api_method: str, **asked: Any) -> SlackResponse:
        """The answer to one call."""
        channel = (asked.get("json") or asked.get("params") or {}).get("channel")
        seconds = self._rates.wait(api_method, channel)
        if seconds is not None:
            self.refused += 1
            return self._answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(seconds)})
        self.posted += 1
        return self._answer({"ok": True, "channel": channel, "ts": self.place.next_ts()}, 200, {})

    def _answer(self, data: dict[str, object], status: int, headers: dict[str, str]) -> SlackResponse:
        answer = SlackResponse(
            client=self, http_verb="POST", api_url="", req_args={}, data=data, headers=headers, status_code=status
        )
        taken: SlackResponse = answer.validate()  # type: ignore[no-untyped-call]
        return taken


def lines(run: Run) -> Iterator[Line]:
    """On both engines."""
    for engine in ENGINES:
        database = Database(run.databases.new(engine))
        queue(database, run.messages)
        slack = Limited(Workspace(workspace(), BEGUN))
        ended = sent_out(database, slack)
        taken = (ended - BEGUN).total_seconds()
        if slack.posted != run.messages:
            raise RuntimeError(f"{slack.posted} of {run.messages} messages arrived")
        what, note = f"{run.messages:,} queued messages, {engine}", f"{taken:.0f} s of simulated time"
        allowed = fastest(run.messages)
        yield Line("outbox", what, "the rate the workspace allows", allowed / taken, 0.95, at_least=True, note=note)
        yield Line("outbox", what, "refusals", slack.refused, 0)
        database.dispose()


def queue(database: Database, messages: int) -> None:
    """Everybody's messages, one after the other."""
    with database.transaction() as session:
        for n in range(messages):
            target = f"U{n % PEOPLE:05}"
            storage.outbox.put(session, key=f"bench:{n}", target=target, kind="note", now=BEGUN)


def sent_out(database: Database, slack: Limited) -> datetime:
    """Send until nothing waits; when that was."""
    delivery = Delivery(database, slack, _rendered, _told, _told)
    now: datetime | None = BEGUN
    ended = BEGUN
    while now is not None:
        slack.place.move_to(now)
        while delivery.drain(now):
            ended = now
        now = delivery.next_send(now)
    return ended


def fastest(messages: int) -> float:
    """The least seconds in which a workspace takes so many posts: each minute's at once when it begins."""
    whole = (messages - 1) // WORKSPACE_POSTS * WINDOW_SECONDS
    return max(whole, (messages / PEOPLE - 2) * PER_CHANNEL_SECONDS, timedelta.resolution.total_seconds())


def _rendered(_session: Session, row: OutboxRow) -> Outgoing:
    return Outgoing(row.target, text=row.key)


def _told(*_what: object) -> None:
    """Nobody waits to hear of it."""
