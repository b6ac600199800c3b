"""A company with some history, and somebody who writes into the database past the program."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.cli.archives import NUMBERING
from bot.proof import Heads, Keys
from storage import archive, migrate
from storage.archive import Content
from storage.database import Database
from tests.support.company import DemoCompany, at
from tests.support.postgres import Server, fresh_database

MONDAY, TUESDAY, WEDNESDAY = (at(f"2026-03-0{day} 09:00") for day in (2, 3, 4))
KEYS = Keys(("k" * 32,))


@pytest.fixture
def heads(company: DemoCompany) -> Heads:
    """The heads of the company, signed."""
    return Heads(company.database, company.companies, KEYS)


@pytest.fixture
def numbers(company: DemoCompany, heads: Heads) -> list[str]:
    """Two improvements, one of which went on after the first of two heads."""
    first, second = company.daily(MONDAY), company.raise_(MONDAY, "夜班交接漏项")
    heads.run(MONDAY)
    company.accept(first, TUESDAY, by="U_ZHOU")
    heads.run(TUESDAY)
    return [first, second]


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path, postgres: Server) -> Iterator[str]:
    """Another database, without tables, of either engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'elsewhere.db'}"
    else:
        with fresh_database(postgres.start()) as url:
            yield url


@pytest.fixture
def opened(elsewhere: str) -> Iterator[Database]:
    """The same, to be looked at after the restore."""
    database = Database(elsewhere)
    yield database
    database.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "monday.backup"


@pytest.fixture
def empty(tmp_path: Path) -> str:
    """A file that is not there yet."""
    return f"sqlite:///{tmp_path / 'empty.db'}"


def restore(url: str, file: Path, now: datetime = WEDNESDAY) -> Content:
    """Restore a backup as the command does."""
    return archive.restore(url, file, NUMBERING, now)


def rewrite(database: Database, *statements: str) -> None:
    """Do to the tables what their triggers and keys refuse."""
    with migrate.transaction(database.url.render_as_string(hide_password=False)) as connection:
        if database.is_sqlite:
            found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
            for trigger in found:
                connection.execute(text(f"DROP TRIGGER {trigger}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))
