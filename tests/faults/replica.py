"""A bot process like `improve-bot run`, forked from one that has imported everything, because a start takes seconds."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

from bot.__main__ import main

STOP_SECONDS = 40
NO_ROOM, ROOM = 1, 4_294_967_294
"""SQLite never takes fewer pages than the file has, so that 1 means: not one more."""


def nursery() -> ForkServerContext:
    """Where replicas are forked; ask once, because it begins with a process of its own."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bot.__main__", "holidays.countries", __name__])
    return context


class Replica:
    """One process of the bot, which can be killed at any moment. `port` is where it listens over HTTP, else 0."""

    def __init__(
        self, context: ForkServerContext, environment: Mapping[str, str], log: Path, full: Path, port: int = 0
    ) -> None:
        self.port = port
        self._process: BaseProcess = context.Process(target=_live, args=(dict(environment), str(log), str(full)))
        self._process.start()

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.is_alive()

    def kill(self) -> None:
        """kill -9."""
        if self._process.pid is not None and self.alive:
            os.kill(self._process.pid, signal.SIGKILL)
        self._process.join()

    def stop(self) -> int | None:
        """Ask it to finish; its exit code, or None if it does not."""
        if self._process.pid is not None and self.alive:
            os.kill(self._process.pid, signal.SIGTERM)
        self._process.join(STOP_SECONDS)
        return self._process.exitcode


def _live(environment: dict[str, str], log: str, full: str) -> None:
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, sys.stdout.fileno())
    os.dup2(out, sys.stderr.fileno())
    os.environ.update(environment)
    if environment["DATABASE_URL"].startswith("sqlite"):
        _limit_pages(Path(full))
    main(["run"])


def _limit_pages(full: Path) -> None:
    """While the file `full` is there the disk is full; SQLite keeps this limit for each connection, not in the file."""

    def checkout(connection: Any, _record: object, _proxy: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {NO_ROOM if full.exists() else ROOM}")

    event.listen(Pool, "checkout", checkout)
