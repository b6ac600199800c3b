"""The command line as it is typed, without a new process for each command."""

import os
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.__main__ import main


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int
    said: str
    complained: str


Type = Callable[..., Answer]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Type:
    """Type a command, in an environment that knows nothing of a bot unless the test says so."""
    for name in os.environ:
        if name.startswith(("IMPROVE_BOT_", "SLACK_", "LC_")) or name in ("DATABASE_URL", "PORT"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")

    def command(*arguments: str, **environment: str) -> Answer:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        out, err = capsys.readouterr()
        return Answer(int(left.value.code or 0), out, err)

    return command
