"""The whole bot behind Bolt's dispatch, and a workspace that answers it. Nothing but what a test says reaches it."""

import logging
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.listener.listener_error_handler import ListenerErrorHandler
from sqlmodel import col, select
from structlog.testing import capture_logs

import storage.history
from bot import app
from bot.app import Bot
from bot.clock import SimulatedClock
from bot.demo import workspace
from bot.improvement.stages import Stage
from bot.sandbox import Company, Sandbox
from bot.sandbox.state import Workspace
from bot.settings import Settings
from bot.workflow import Scene, scene
from storage.history import HistoryEntry
from storage.record import Record
from tests.support.company import DemoCompany
from tests.support.town import MONDAY
from tests.workflow.test_walk import place

NUMBERS = ("IMP-2026-0901", "IMP-2026-0902", "IMP-2026-0903", "IMP-2026-0904", "IMP-2026-0905")
STAGES = ("SUBMITTED", "NOTIFIED", "ANALYSIS", "CHARTER_DRAFT", "IMPLEMENTING")
SIGNING_SECRET = "5ecret-of-signing"


@dataclass(frozen=True)
class Escapes(ListenerErrorHandler):
    """Bolt's own edge, which nothing should reach."""

    caught: list[Exception]

    def handle(self, error: Exception, request: BoltRequest, response: BoltResponse | None) -> None:
        """Called with what came out of a listener."""
        self.caught.append(error)


@dataclass(repr=False)
class Gate:
    """Hears payloads; `escaped` is what came out of a listener of ours although its edge should have held it."""

    slack: Workspace
    bot: Bot
    company: DemoCompany
    logged: list[MutableMapping[str, Any]]
    escaped: list[Exception] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bot.app.listener_runner.listener_error_handler = Escapes(self.escaped)

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """What Hypothesis prints of it."""
        printer.text("Gate(…)")

    def dispatch(self, body: Mapping[str, Any]) -> BoltResponse | None:
        """What Socket Mode hands to Bolt; returns with the answer Slack waits for. None if Bolt cannot read it."""
        try:
            request = BoltRequest(mode="socket_mode", body=dict(body))
        except Exception:  # noqa: BLE001  as the edges of both transports do, see test_over_http and test_over_socket
            return None
        return self.bot.app.dispatch(request)

    def hear(self, body: Mapping[str, Any]) -> BoltResponse | None:
        """The same; returns when no listener works any more."""
        response = self.dispatch(body)
        assert self.bot.listeners.wait_until_idle()
        assert not any(line["event"] == "work_lost" for line in self.logged)
        return response

    def scenes(self) -> dict[str, Scene]:
        """Every record there is, as decisions see it."""
        with self.company.database.reading() as session:
            records = session.exec(select(Record)).all()
            found = scene.load(session, self.company.now(session), self.now, records)
        return {here.record.number: here for here in found}

    @property
    def now(self) -> datetime:
        """The company's time."""
        return self.bot.context.clock.now()

    def calls(self, since: int) -> list[dict[str, Any]]:
        """The Web API calls and answers since there were so many."""
        return [entry for entry in self.slack.wire.since(since) if entry["direction"] == "call"]

    def history(self) -> list[HistoryEntry]:
        """Every entry there is."""
        with self.company.database.reading() as session:
            order = (col(HistoryEntry.record), col(HistoryEntry.seq))
            return list(session.exec(select(HistoryEntry).order_by(*order)))

    def refusals(self, number: str) -> list[str]:
        """Why attempts on a record were turned down, oldest first."""
        with self.company.database.reading() as session:
            return [refusal.reason for refusal in storage.history.refusals(session, number)]


@contextmanager
def gate(company: DemoCompany, *, port: int | None = None) -> Iterator[Gate]:
    """The bot of the demo company, with a record in each of some stages."""
    for number, stage in zip(NUMBERS, STAGES, strict=True):
        place(company.database, number, Stage(stage))
    with Sandbox(_workspace(), MONDAY) as sandbox:
        settings = Settings(
            slack_bot_token=sandbox.company.bot_token,
            slack_app_token=sandbox.company.app_token,
            slack_signing_secret=SIGNING_SECRET,
            database_url=company.database.url.render_as_string(hide_password=False),
            slack_url=sandbox.api_url,
            port=port,
        )
        bot = app.build(settings, SimulatedClock(MONDAY))
        # Bolt repeats what it was given, and half a character cannot be told to pytest's other processes.
        logging.disable()
        try:
            with capture_logs() as logged:
                yield Gate(sandbox._workspace, bot, company, logged)
        finally:
            logging.disable(logging.NOTSET)
            bot.listeners.shutdown()
            bot.context.database.dispose()


@cache
def _workspace() -> Company:
    return workspace()
