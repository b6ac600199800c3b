"""The demo as somebody meets it: lived once for all tests of this room, on a file of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.demo.run import ZONE, opened
from bot.render import Phrasebook, Words
from bot.sandbox import ControlClient
from tests.support.register import Register


@dataclass(frozen=True)
class Lived:
    """The workspace after the company's life, and the register behind the bot."""

    url: str
    control: ControlClient
    register: Register
    people: tuple[str, ...]

    def dm(self, person: str) -> list[dict[str, Any]]:
        """What stands between the bot and a person."""
        messages: list[dict[str, Any]] = self.control.look("messages", dm=person)["messages"]
        return messages

    def channel(self, channel: str) -> list[dict[str, Any]]:
        """What stands in a channel."""
        messages: list[dict[str, Any]] = self.control.look("messages", channel=channel)["messages"]
        return messages


@pytest.fixture(scope="session")
def words() -> Words:
    """The sentences of a Chinese terminal."""
    return Phrasebook(ZONE).words("zh_CN")


@pytest.fixture(scope="session")
def lived_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the life is kept."""
    return f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}"


@pytest.fixture(scope="session")
def lived(lived_url: str, words: Words) -> Iterator[Lived]:
    """The demo, opened as `improve-bot demo` opens it."""
    with opened(lived_url, words) as (sandbox, _bot):
        register = Register(lived_url)
        people = tuple(user.id for user in sandbox.company.users)
        yield Lived(sandbox.url, ControlClient(sandbox.url), register, people)
        register.close()


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database that is not there yet."""
    return f"sqlite:///{tmp_path / 'demo.db'}"
