"""A workspace with three people and, where a test asks for it, a real Bolt bot in it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from slack_sdk import WebClient

from bot.sandbox import Channel, Company, ControlClient, Sandbox, Shortcut, User
from tests.sandbox.bolt_bot import BoltBot
from tests.support.chromium import chromium, new_page

__all__ = ["chromium", "new_page"]

START = datetime(2026, 2, 10, 1, 0, tzinfo=UTC)


@pytest.fixture
def company() -> Company:
    """陈晓 and 周岚 read Chinese, Alex English; the bot is in #quality and not in #secret."""
    return Company(
        users=(
            User("U_CHEN", "chenxiao", "陈晓"),
            User("U_ZHOU", "zhoulan", "周岚"),
            User("U_SMITH", "alex", "Alex Smith", locale="en-US", tz="Europe/London"),
        ),
        channels=(
            Channel("C_QUALITY", "quality", ("U_CHEN", "U_ZHOU", "U_BOT")),
            Channel("C_OPEN", "open", ("U_CHEN",)),
            Channel("C_SECRET", "secret", ("U_CHEN",), is_private=True),
        ),
        shortcuts=(Shortcut("New", "new"), Shortcut("From message", "from_message", "message")),
    )


@pytest.fixture
def sandbox(company: Company) -> Iterator[Sandbox]:
    with Sandbox(company, START) as running:
        yield running


@pytest.fixture
def web(sandbox: Sandbox) -> WebClient:
    """The bot's Web API client; it does not retry."""
    return WebClient(sandbox.company.bot_token, base_url=sandbox.api_url, retry_handlers=[])


@pytest.fixture
def people(sandbox: Sandbox) -> ControlClient:
    """The hands and eyes of everybody in the workspace."""
    return ControlClient(sandbox.url)


@pytest.fixture
def ping_seconds() -> float:
    """How often `bot` looks after its line."""
    return 5


@pytest.fixture
def bot(sandbox: Sandbox, ping_seconds: float) -> Iterator[BoltBot]:
    """Connected, without any listener yet: a test adds those it needs to `bot.app`."""
    running = BoltBot(sandbox, ping_seconds).start()
    yield running
    running.stop_reconnecting()
    sandbox.stop()
    running.stop()
