"""The bot as a process of its own: begun as a company begins it, or, in a tenth of the time, forked by a nursery.

The nursery is a process that has imported the bot and does nothing else; what it forks is a bot like any other.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerContext
from typing import IO, Protocol

from bot.__main__ import main

STOP_SECONDS = 20


class BotProcess(Protocol):
    """One running bot."""

    def ended(self, seconds: float) -> bool:
        """Whether it has come to its end; waits that long for it."""
        ...

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        ...

    def stop(self) -> int | None:
        """Let it finish; gives the exit code, None if it does not finish."""
        ...


class Begun:
    """`python -m bot run`."""

    def __init__(self, environment: Mapping[str, str], log: IO[bytes] | None) -> None:
        command = [sys.executable, "-m", "bot", "run"]
        self._process = subprocess.Popen(command, env=os.environ | environment, stdout=log, stderr=log)

    def ended(self, seconds: float) -> bool:
        """Whether it has come to its end."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> int | None:
        """Let it finish."""
        self._process.terminate()
        return self._process.returncode if self.ended(STOP_SECONDS) else None


class Forked:
    """The same program in a child of the nursery; it says what it has to say where the nursery does."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = _nursery().Process(target=_live, args=(dict(environment),))
        self._process.start()

    def ended(self, seconds: float) -> bool:
        """Whether it has come to its end."""
        self._process.join(seconds)
        return self._process.exitcode is not None

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self._process.join()

    def stop(self) -> int | None:
        """Let it finish."""
        self._process.terminate()
        self._process.join(STOP_SECONDS)
        return self._process.exitcode


def _nursery() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bot.__main__", "holidays.countries"])
    return context


def _live(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    main(["run"])
