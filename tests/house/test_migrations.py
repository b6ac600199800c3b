"""The migrations make exactly the tables of the code, can be undone, and guard what is never rewritten."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage import migrate
from storage.database import Database
from storage.history import HistoryEntry, Refusal

NOW = datetime(2026, 2, 10, 1, tzinfo=UTC)
ENTRY = HistoryEntry(
    record="IMP-2026-0001",
    seq=1,
    at=NOW,
    actor="U_CHEN",
    role="staff",
    step="raise_opportunity",
    to_stage="SUBMITTED",
    round=0,
    key="k",
    values_digest="v",
    previous="0",
    hash="h",
)


def test_the_migrated_schema_is_that_of_the_code(database_url: str) -> None:
    assert migrate.difference(database_url) == []


def test_every_migration_can_be_undone_and_done_again(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    migrate.downgrade(empty_database_url, "base")
    assert migrate.current(empty_database_url) is None

    migrate.upgrade(empty_database_url)
    assert migrate.difference(empty_database_url) == []


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE history SET actor = 'U_SOMEBODY'",
        "DELETE FROM history",
        "UPDATE refusal SET actor = 'U_SOMEBODY'",
        "DELETE FROM refusal",
    ],
)
def test_nobody_rewrites_what_happened(database: Database, attempt: str) -> None:
    _fill(database)

    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
        session.connection().execute(text(attempt))

    assert _who(database) == ["U_CHEN", "U_CHEN"]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", ["history", "refusal"])
def test_nobody_empties_a_table_at_once(database: Database, table: str) -> None:
    _fill(database)

    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
        session.connection().execute(text(f"TRUNCATE {table}"))

    assert _who(database) == ["U_CHEN", "U_CHEN"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", ["history", "refusal"])
def test_nobody_replaces_a_row(database: Database, table: str) -> None:
    _fill(database)

    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
        session.connection().execute(text(f"REPLACE INTO {table} SELECT * FROM {table}"))

    assert _who(database) == ["U_CHEN", "U_CHEN"]


def _fill(database: Database) -> None:
    with database.transaction() as session:
        session.add(HistoryEntry.model_validate(ENTRY.model_dump()))
        session.add(Refusal(at=NOW, step="close", actor="U_CHEN", reason="wrong_role"))


def _who(database: Database) -> list[str]:
    with database.reading() as session:
        rows = session.connection().execute(text("SELECT actor FROM history UNION ALL SELECT actor FROM refusal"))
        return [row.actor for row in rows]
