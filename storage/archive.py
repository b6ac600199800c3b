"""A backup: every table as lines of JSON in one zip file, the same from both databases, to be restored into either.

The search index is left out; it is made of the records.
"""

import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, ClassVar

import sqlalchemy as sa
from pydantic import AwareDatetime, ConfigDict, Field, TypeAdapter
from sqlalchemy import Connection, Table
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.schema import AddConstraint, DropConstraint
from sqlmodel import Session

import storage.migrate
import storage.outbox
from storage import values
from storage.base import Base
from storage.database import Database
from storage.numbering import Numbering
from storage.search import SearchDocument

FORMAT, BATCH = 1, 1000
CONTENT = "content.json"
EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
"""No backup is as old as that."""

LONGEST_CONTENT, LONGEST_LINE = 1_000_000, 16_000_000
"""More bytes, or characters, than the table of contents or a row ever has; a larger one is not even read."""

UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError, RuntimeError)
"""`RuntimeError` is a file with a password, and JSON deeper than can be read."""

UNFIT = (DataError, IntegrityError)
"""Rows that a table does not take."""


class BadArchive(Exception):
    """The file is no backup, or not a whole one."""


class NotEmpty(Exception):
    """The database to restore into holds something already."""


@dataclass(frozen=True)
class Content:
    """What a backup holds: the schema's revision, when it was made, and of each table its columns and rows."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    format: int
    revision: str
    at: Annotated[AwareDatetime, Field(ge=EARLIEST)]
    columns: dict[str, list[str]]
    rows: dict[str, int]


def write(database: Database, file: Path, at: datetime) -> Content:
    """Back up the database as it is at one moment, while people go on working.

    The file may be read by its owner alone, and has its name only once it is whole. Raises `OSError`; a file that is
    there already is not written over.
    """
    if file.exists():
        raise FileExistsError(file)
    part = file.with_name(f"{file.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600), "w+b") as opened:
            with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as archive, database.snapshot() as session:
                content = _write_all(session, archive, at)
            os.fsync(opened.fileno())
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    return content


def restore(url: str, file: Path, numbering: Numbering, now: datetime) -> Content:
    """Fill an empty database from a backup, in one transaction, and bring it to the schema of this program.

    What was done between the backup and `now` may be lost: its numbers are not given out again.
    Raises `OSError`, `BadArchive`, `NotEmpty`, and `NewerDatabase` where a newer program made the backup.
    """
    with _opened(file) as archive:
        content = _content(archive)
        storage.migrate.check_known(content.revision)
        _check_empty(url)
        storage.migrate.rebuild(url, content.revision)
        tables = [table for table in Base.metadata.sorted_tables if table.name in content.columns]
        try:
            with storage.migrate.transaction(url) as connection, _without_foreign_keys(connection, tables):
                for table in tables:
                    _fill(connection, archive, table, content)
                connection.execute(storage.outbox.DOUBTING)
                numbering.leave_gap(connection, since=content.at, until=now)
        except (*UNREADABLE, *UNFIT) as error:
            raise BadArchive(file) from error
    storage.migrate.upgrade(url)
    return content


def _write_all(session: Session, archive: zipfile.ZipFile, at: datetime) -> Content:
    revision = session.connection().execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
    tables = [table for table in Base.metadata.sorted_tables if table.name != SearchDocument.__tablename__]
    content = Content(
        format=FORMAT,
        revision=revision,
        at=at.astimezone(UTC),
        columns={table.name: [column.name for column in table.columns] for table in tables},
        rows={table.name: _write(session, archive, table) for table in tables},
    )
    archive.writestr(CONTENT, json.dumps(asdict(content), default=values.plain))
    return content


def _write(session: Session, archive: zipfile.ZipFile, table: Table) -> int:
    count = 0
    with archive.open(_name(table.name), "w", force_zip64=True) as raw, TextIOWrapper(raw, "utf-8") as lines:
        for row in session.execute(sa.select(*table.columns).execution_options(yield_per=BATCH)):
            lines.write(json.dumps([values.plain(value) for value in row], separators=(",", ":")) + "\n")
            count += 1
    return count


def _opened(file: Path) -> zipfile.ZipFile:
    """The backup, once all of it could be read."""
    try:
        archive = zipfile.ZipFile(file)
        damaged = archive.testzip()
    except UNREADABLE as error:
        raise BadArchive(file) from error
    if damaged is not None:
        raise BadArchive(damaged)
    return archive


def _content(archive: zipfile.ZipFile) -> Content:
    try:
        if archive.getinfo(CONTENT).file_size > LONGEST_CONTENT:
            raise BadArchive(CONTENT)
        content = TypeAdapter(Content).validate_json(archive.read(CONTENT), strict=True)
    except UNREADABLE as error:
        raise BadArchive(CONTENT) from error
    if content.format != FORMAT:
        raise BadArchive(content.format)
    return content


def _check_empty(url: str) -> None:
    found = storage.migrate.current(url)
    if found is None and storage.migrate.is_missing(url):
        return
    with storage.migrate.transaction(url) as connection:
        tables = set(sa.inspect(connection).get_table_names())
        if found is None and tables:
            raise NotEmpty(url)
        ours = [table for table in Base.metadata.sorted_tables if table.name in tables]
        if any(connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() for table in ours):
            raise NotEmpty(url)


@contextmanager
def _without_foreign_keys(connection: Connection, tables: Iterable[Table]) -> Iterator[None]:
    """Rows come in any order; that they fit together is checked at the end."""
    if connection.dialect.name == "sqlite":
        yield  # they are off outside of `Database`
        if connection.execute(sa.text("PRAGMA foreign_key_check")).first() is not None:
            raise BadArchive("foreign keys")
        return
    keys = [key for table in tables for key in table.foreign_key_constraints]
    for key in keys:
        connection.execute(DropConstraint(key))
    yield
    for key in keys:
        connection.execute(AddConstraint(key))


def _fill(connection: Connection, archive: zipfile.ZipFile, table: Table, content: Content) -> None:
    columns = [table.columns[name] for name in content.columns[table.name]]
    # Of this revision's columns alone: the table in the code may have more, and would give them values.
    filled = sa.table(table.name, *(sa.column(column.name, column.type) for column in columns))
    readers = [(column.name, values.reader(column)) for column in columns]
    lines, count = _lines(archive, table.name), 0
    while batch := list(islice(lines, BATCH)):
        rows = [{name: read(value) for (name, read), value in zip(readers, line, strict=True)} for line in batch]
        connection.execute(sa.insert(filled), rows)
        count += len(rows)
    if count != content.rows[table.name]:
        raise BadArchive(table.name)
    if connection.dialect.name == "postgresql" and table.autoincrement_column is not None:
        _continue(connection, table.name, table.autoincrement_column.name)


def _continue(connection: Connection, table: str, column: str) -> None:
    """Let the next row have the next number."""
    number = sa.column(column, sa.Integer)
    sequence = sa.func.pg_get_serial_sequence(table, column)
    highest = sa.select(sa.func.max(number)).select_from(sa.table(table)).scalar_subquery()
    connection.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(highest, 1), highest.is_not(None))))


def _lines(archive: zipfile.ZipFile, table: str) -> Iterator[list[Any]]:
    with archive.open(_name(table)) as raw, TextIOWrapper(raw, "utf-8") as lines:
        while line := lines.readline(LONGEST_LINE):  # of a longer one a part, which is no JSON
            yield json.loads(line, parse_constant=values.no_number)


def _name(table: str) -> str:
    return f"{table}.jsonl"
