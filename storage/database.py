"""One engine per process and two ways to use it: a transaction that writes, and a reading."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, create_engine

# Bolt's listeners, Socket Mode's workers and the clock may each hold a connection at the same time.
POOL_SIZE, POOL_OVERFLOW = 8, 40
SQLITE_WAIT_MS = 60_000
IDLE_MS = 300_000
WATCHED = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""A server that vanishes without a word, with its machine or behind a firewall, is given up within a minute."""

DEADLOCK = "40P01"


class Database:
    """A SQLite file or a PostgreSQL database, named by its URL.

    SQLite writes take the write lock at BEGIN: a lock taken later lets two writers read the same row and lose
    an update. `synchronous=FULL` because quality records are evidence.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.engine = create_engine(
            self.url,
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            # A server that was restarted has closed our connections: whoever clicks next should not be told so.
            pool_pre_ping=not self.is_sqlite,
            connect_args={} if self.is_sqlite else {k: v for k, v in WATCHED.items() if k not in self.url.query},
            # What goes wrong with a row is said without the row: what people wrote belongs in no log.
            hide_parameters=True,
        )
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            event.listen(self.engine, "connect", _prepare_postgresql)
        # Writers of one process take turns here: SQLite lets them poll for its lock, and under load one may starve.
        self._writers: AbstractContextManager[object] = Lock() if self.is_sqlite else nullcontext()
        self._reader = self.engine.execution_options(reading=True)

    @property
    def is_sqlite(self) -> bool:
        """Whether the file engine is in use."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits when the block ends and rolls back when it raises."""
        with self._writers, self._session(self.engine) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for questions only; it never waits for a writer and never commits."""
        with self._session(self._reader) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A reading that sees one moment from the first question to the last, however long it takes."""
        one_moment = {"reading": True} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self._session(self.engine.execution_options(**one_moment)) as session:
            yield session

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @staticmethod
    def _session(engine: Engine) -> Session:
        return Session(engine, expire_on_commit=False)


def is_deadlock(error: OperationalError) -> bool:
    """Whether PostgreSQL ended this transaction because it and another waited for each other."""
    return getattr(error.orig, "sqlstate", None) == DEADLOCK


def is_conflict(error: Exception) -> bool:
    """Whether a transaction failed only because somebody else wrote at the same time."""
    return isinstance(error, StaleDataError) or (isinstance(error, OperationalError) and is_deadlock(error))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={SQLITE_WAIT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgresql(connection: Any, _record: object) -> None:
    """A process that vanishes in the middle of a transaction would hold its locks for hours."""
    connection.execute(f"SET idle_in_transaction_session_timeout = {IDLE_MS}")
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
