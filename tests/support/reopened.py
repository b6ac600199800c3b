"""Databases opened once for test after test: what SQLAlchemy has compiled for one serves the next.

To compile the statements again took an eighth of the time of a test that does a few steps.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from storage.database import Database


class Reopened:
    """One `Database` for each address, connected only while a test has it."""

    def __init__(self) -> None:
        self._known: dict[str, Database] = {}

    @contextmanager
    def open(self, url: str) -> Iterator[Database]:
        """The database at this address; its tables must be those it had before."""
        database = self._known.get(url) or self._open(url)
        try:
            yield database
        finally:
            database.dispose()

    def _open(self, url: str) -> Database:
        database = self._known[url] = Database(url)
        if database.is_sqlite:
            event.listen(database.engine, "connect", _need_not_survive)
        return database


def _need_not_survive(connection: Any, _record: object) -> None:
    """The rows of a test need not survive a power cut, and to wait for the disk at every commit takes long."""
    connection.execute("PRAGMA synchronous=OFF").close()
