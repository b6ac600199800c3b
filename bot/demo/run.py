"""Starts the demo: database, workspace and bot, and the company's life before the first visitor comes."""

import logging
import tempfile
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from zoneinfo import ZoneInfo

import structlog
import typer

import storage.history
import storage.job
import storage.migrate
import storage.profile
from bot import app, profile
from bot.company import CompanySource
from bot.demo import script
from bot.demo.company import workspace
from bot.demo.living import LifeStoppedError, Living
from bot.demo.script import Act
from bot.improvement import LIFECYCLES
from bot.render import Phrasebook, Words
from bot.sandbox import ControlClient, Sandbox
from bot.settings import Settings
from bot.workflow import Workflow
from storage.database import Database

ZONE = ZoneInfo("Asia/Shanghai")
MID_WEEK = datetime(2026, 3, 4, 10, 0, tzinfo=ZONE)
"""When a visitor comes: the second week after the Spring Festival, after a Saturday that was worked."""

EMPTY = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
"""When a company begins that has nothing on record yet."""

FOUNDED_BEFORE = timedelta(days=365)
LOOK_SECONDS = 0.05


def run(words: Words, *, port: int, at: datetime | None, database: str | None, fresh: bool, browser: bool) -> None:
    """Serve the demo company until interrupted.

    `at` is where simulated time stands when it can be visited, aware; `database` a URL, else a file that is forgotten
    afterwards. A database without records is given some weeks of the company's life, unless it is to be `fresh`, which
    also empties one that has some. `words` are those of the terminal.
    """
    # The other lines are for whoever runs a company; somebody who tries it out wants to know of trouble only.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory(prefix="improve-bot-") as folder:
        url = database or f"sqlite:///{Path(folder) / 'demo.db'}"
        with opened(url, words, at=at, fresh=fresh, port=port) as (sandbox, bot):
            typer.echo(f"improve-bot demo: {sandbox.url}")
            if browser:
                webbrowser.open(sandbox.url)
            with suppress(KeyboardInterrupt):
                while bot.is_alive():
                    bot.join(timeout=1)


@contextmanager
def opened(
    url: str, words: Words, *, at: datetime | None = None, fresh: bool = False, port: int = 0
) -> Iterator[tuple[Sandbox, Thread]]:
    """The demo company at work, with the life it has behind it, until the block ends. Arguments as for `run`."""
    prepare(url, (at or MID_WEEK) - FOUNDED_BEFORE, fresh=fresh)
    before = _last_event(url)
    seeded = before is None and not fresh
    until = (at or MID_WEEK).astimezone(ZONE) if seeded else max(filter(None, (at or EMPTY, before)))
    acts = _acts(url, until) if seeded else []
    begin = script.beginning(acts) if acts else until
    with Sandbox(workspace(), begin, port=port) as sandbox, _bot(sandbox, url) as bot:
        if acts:
            _live(sandbox, url, acts, until, words)
        yield sandbox, bot


def prepare(url: str, now: datetime, *, fresh: bool = False) -> None:
    """A migrated database with the demo company's profile; an empty one if `fresh`."""
    if fresh:
        storage.migrate.erase(url)
    storage.migrate.upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        if storage.profile.current(session) is None:
            storage.profile.apply(session, text=profile.built_in("demo"), by="demo", now=now.astimezone(UTC))
    database.dispose()


def settings(sandbox: Sandbox, database: str) -> Settings:
    """The settings of a bot that lives in a sandbox."""
    return Settings(
        slack_bot_token=sandbox.company.bot_token,
        slack_app_token=sandbox.company.app_token,
        database_url=database,
        slack_url=sandbox.api_url,
        time_url=f"{sandbox.url}/_time",
    )


def _last_event(url: str) -> datetime | None:
    """The last that happened or was looked at by the clock; None if there is no record."""
    database = Database(url)
    with database.reading() as session:
        latest, tick = storage.history.latest(session), storage.job.last(session, "tick")
    database.dispose()
    return max(latest, tick.at) if latest and tick else latest


def _acts(url: str, until: datetime) -> list[Act]:
    database = Database(url)
    with database.reading() as session:
        calendar = CompanySource().load(session).calendar
    database.dispose()
    return script.acts(until, calendar)


@contextmanager
def _bot(sandbox: Sandbox, url: str) -> Iterator[Thread]:
    """A bot that lives in the workspace until the block ends; begins when it is there."""
    stop, control = Event(), ControlClient(sandbox.url)
    bot = Thread(target=app.run, args=(settings(sandbox, url), stop), name="bot")
    bot.start()
    try:
        while not control.look("time")["bots"]:
            bot.join(LOOK_SECONDS)
            if not bot.is_alive():
                raise LifeStoppedError("the bot did not start")
        yield bot
    finally:
        stop.set()
        bot.join()


def _live(sandbox: Sandbox, url: str, acts: list[Act], until: datetime, words: Words) -> None:
    typer.echo(words.say("cli.demo_living"), nl=False)
    since, database, companies = time.monotonic(), Database(url), CompanySource()
    with database.reading() as session:
        company = companies.load(session)
    workflow = Workflow(database, companies, LIFECYCLES)
    shown = Phrasebook(ZONE).words(company.profile.company.language)
    Living(workflow, company.calendar, shown, ControlClient(sandbox.url)).live(acts, until)
    database.dispose()
    typer.echo(words.say("cli.demo_lived", seconds=round(time.monotonic() - since)))
