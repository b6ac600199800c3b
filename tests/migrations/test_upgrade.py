"""Upgrading: from nothing, again, by several at once, and never the database of a newer program."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import migrate
from storage.database import Database


def stamp(url: str, revision: str) -> None:
    """Leave the database as another version of the program would."""
    database = Database(url)
    with database.transaction() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})
    database.dispose()


def test_an_empty_database_gets_the_newest_schema(empty_database_url: str) -> None:
    assert migrate.current(empty_database_url) is None

    migrate.upgrade(empty_database_url)

    assert migrate.current(empty_database_url) == migrate.head() == "0006"


def test_upgrading_again_changes_nothing(database_url: str) -> None:
    migrate.upgrade(database_url)

    assert migrate.current(database_url) == migrate.head()


def test_replicas_that_start_together_upgrade_once(empty_database_url: str) -> None:
    with ThreadPoolExecutor(4) as replicas:
        list(replicas.map(migrate.upgrade, [empty_database_url] * 4))

    assert migrate.current(empty_database_url) == migrate.head()


def test_the_database_of_a_newer_program_is_left_alone(database_url: str) -> None:
    stamp(database_url, "9999")

    with pytest.raises(migrate.NewerDatabase) as refused:
        migrate.upgrade(database_url)

    assert (refused.value.found, refused.value.known) == ("9999", migrate.head())
    assert migrate.current(database_url) == "9999"


def test_asking_for_the_revision_makes_no_file(tmp_path: Path) -> None:
    assert migrate.current(f"sqlite:///{tmp_path / 'not there.db'}") is None
    assert list(tmp_path.iterdir()) == []


def test_a_new_file_needs_no_copy(tmp_path: Path) -> None:
    migrate.upgrade(f"sqlite:///{tmp_path / 'new.db'}")

    assert list(tmp_path.glob("*.backup")) == []


def test_an_older_file_is_copied_with_what_is_in_it(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    with sqlite3.connect(file) as old:
        old.execute("CREATE TABLE evidence (word TEXT)")
        old.execute("INSERT INTO evidence VALUES ('kept')")
    old.close()

    migrate.copy_beside(f"sqlite:///{file}", "0000")

    with sqlite3.connect(tmp_path / "old.db.0000.backup") as copy:
        assert copy.execute("SELECT word FROM evidence").fetchall() == [("kept",)]
    copy.close()
