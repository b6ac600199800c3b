"""Brings a database to the schema of this program, in one transaction, or says that it is newer."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, event, text
from sqlalchemy.engine import URL, make_url

from storage.base import Base
from storage.search import is_ours

# Any number does, as long as nothing else in the database locks it.
UPGRADE_LOCK = 7_281_005


class NewerDatabase(Exception):
    """The database was last upgraded by a newer program; this one does not touch it."""

    def __init__(self, *, found: str, known: str) -> None:
        super().__init__(f"the database is at revision {found}, this program knows revisions up to {known}")
        self.found = found
        self.known = known


def upgrade(url: str) -> None:
    """Bring the database to the newest schema; nothing to do if it is there.

    Several processes may try at once. A SQLite file that holds an older schema is first copied beside itself.
    Raises `NewerDatabase`.
    """
    found = current(url)
    if found == head():
        return
    if found is not None:
        check_known(found)
        copy_beside(url, found)
    with transaction(url) as connection:
        command.upgrade(_config(connection), "head")


def downgrade(url: str, to: str) -> None:
    """Take the database back to an earlier revision; "base" is before the first one."""
    with transaction(url) as connection:
        command.downgrade(_config(connection), to)


def erase(url: str) -> None:
    """Leave nothing of what is in the database. Raises `NewerDatabase`."""
    found, address = current(url), make_url(url)
    if _is_sqlite(address):
        for suffix in ("", "-wal", "-shm"):
            Path(f"{address.database}{suffix}").unlink(missing_ok=True)
    elif found is not None:
        check_known(found)
        downgrade(url, "base")


def rebuild(url: str, revision: str) -> None:
    """Leave nothing in the database but empty tables as they were at a revision. Raises `NewerDatabase`."""
    erase(url)
    with transaction(url) as connection:
        command.upgrade(_config(connection), revision)


def is_missing(url: str) -> bool:
    """Whether it is a SQLite file that has not been made yet."""
    return _is_sqlite(make_url(url)) and not _file(make_url(url)).exists()


def current(url: str) -> str | None:
    """The revision the database is at; None for one without our tables, or a SQLite file not made yet."""
    if is_missing(url):
        return None
    with transaction(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The newest revision this program knows."""
    return _scripts().get_current_head() or ""


def is_known(revision: str) -> bool:
    """Whether this program can read a database at this revision, at least after an upgrade."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def difference(url: str) -> list[Any]:
    """What the tables in the code have and the database has not, or the other way round."""
    with transaction(url) as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        return list(compare_metadata(context, Base.metadata))


def write_revision(url: str, message: str) -> None:
    """Write the next numbered file from what the tables in the code have and an upgraded database has not."""
    number = f"{len(list(_scripts().walk_revisions())) + 1:04d}"
    with transaction(url) as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=number)


def check_known(found: str) -> None:
    """Raise `NewerDatabase` if this program does not know a revision."""
    if not is_known(found):
        raise NewerDatabase(found=found, known=head())


@contextmanager
def transaction(url: str) -> Iterator[Connection]:
    """One transaction around everything; the second of two processes waits and then finds nothing to do.

    On SQLite foreign keys are not looked at.
    """
    engine = create_engine(url, poolclass=NullPool)
    if _is_sqlite(engine.url):
        # The driver's own BEGIN comes too late for CREATE TABLE. Foreign keys stay off: tables get rebuilt.
        event.listen(engine, "connect", _let_us_begin)
        event.listen(engine, "begin", _begin_immediately)
    with engine.begin() as connection:
        if not _is_sqlite(engine.url):
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})
        yield connection


def _let_us_begin(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA busy_timeout=20000")


def _begin_immediately(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def copy_beside(url: str, revision: str) -> None:
    """Keep a SQLite file as it is, in a file of its own named after its revision."""
    address = make_url(url)
    if not _is_sqlite(address):
        return
    original = _file(address)
    copy = original.with_name(f"{original.name}.{revision}.backup")
    # The backup interface also sees what still stands in the write-ahead log.
    with closing(sqlite3.connect(original)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    # Alembic reads its options with ConfigParser, which would take a % in the path for its own.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _is_sqlite(address: URL) -> bool:
    return address.get_backend_name() == "sqlite"


def _file(address: URL) -> Path:
    return Path(address.database or "")
