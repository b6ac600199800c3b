"""A company with some history, and somebody who writes into the database past the program."""

import pytest
from sqlalchemy import text

from bot.proof import Heads, Keys
from storage import migrate
from storage.database import Database
from tests.support.company import DemoCompany, at

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
