"""The two databases with what can befall them: away for a moment, held by somebody, or without room to write."""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.support.postgres import Admin, Server


class Store(Protocol):
    """A database of one schedule."""

    url: str
    full: Path

    def restart(self, seconds: float) -> None:
        """Nobody gets at it for a while; what was under way is broken off."""

    def refuse(self) -> None:
        """Nothing more can be written."""

    def accept(self) -> None:
        """It can be written again."""

    def held(self) -> AbstractContextManager[None]:
        """Nobody can take a step until the block ends."""

    def drop(self) -> None:
        """Remove it."""


class FileStore:
    """SQLite: a file, its lock, and pages."""

    def __init__(self, template: Path, folder: Path) -> None:
        self._file = folder / "improve.db"
        shutil.copyfile(template, self._file)
        self.url = f"sqlite:///{self._file}"
        self.full = folder / "full"

    def restart(self, seconds: float) -> None:
        """Somebody else holds the lock."""
        with self.held():
            time.sleep(seconds)

    def refuse(self) -> None:
        """The disk is full."""
        self.full.touch()

    def accept(self) -> None:
        """There is room again."""
        self.full.unlink(missing_ok=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        """The write lock, as long as the block lasts."""
        with closing(sqlite3.connect(self._file, isolation_level=None, timeout=60)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.rollback()

    def drop(self) -> None:
        """The folder goes as a whole."""


class ServerStore:
    """PostgreSQL: a server that can be restarted, if it is our own, or else only sends everybody away."""

    def __init__(self, server: Server, template: str, folder: Path, *, own: bool) -> None:
        self._server, self._own = server, own
        self._admin: Admin = server.start()
        self._name = self._admin.create(template)
        self.url = self._admin.url_of(self._name)
        self.full = folder / "full"

    def restart(self, seconds: float) -> None:
        """At once, without waiting for anybody."""
        if self._own:
            self._server.restart()
        else:
            self._send_everybody_away()

    def refuse(self) -> None:
        """Every transaction is read-only."""
        self._ask("ALTER DATABASE {} SET default_transaction_read_only = on")
        self._send_everybody_away()

    def accept(self) -> None:
        """Transactions write again."""
        self._ask("ALTER DATABASE {} RESET default_transaction_read_only")
        self._send_everybody_away()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Receipts cannot be written, and with them no step."""
        address = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address) as connection:
            connection.execute("LOCK TABLE receipt IN ACCESS EXCLUSIVE MODE")
            yield

    def drop(self) -> None:
        """Remove the database."""
        self._admin.drop(self._name)

    def _send_everybody_away(self) -> None:
        self._ask(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = {}", sql.Literal(self._name)
        )

    def _ask(self, command: str, name: sql.Composable | None = None) -> None:
        address = self._admin.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL(command).format(name or sql.Identifier(self._name)))
