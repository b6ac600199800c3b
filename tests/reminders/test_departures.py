"""Somebody leaves: it is kept and told in one piece, and what was rolled back was never so."""

import pytest
from sqlmodel import Session, col, select

from bot.company import Company, CompanySource
from bot.people.sync import save
from bot.reminders import orphans
from storage.outbox import OutboxRow
from tests.support.company import DemoCompany, at

NOW = at("2025-05-07 10:00")


class Killed(Exception):
    """The process ends here."""


class Unreadable(CompanySource):
    """The process dies when it wants to know whom to tell."""

    def fresh(self, session: Session) -> Company:
        """Never answers."""
        raise Killed


def told(company: DemoCompany) -> list[str]:
    """Who has been told of items left behind."""
    with company.database.reading() as session:
        return [row.target for row in session.exec(select(OutboxRow).where(col(OutboxRow.kind) == orphans.KIND))]


def test_a_departure_that_could_not_be_told_is_told_the_next_time(company: DemoCompany) -> None:
    company.daily(at("2025-05-06 10:00"), owner="U_CHEN")
    gone = company.person("U_CHEN", deactivated=True)
    with pytest.raises(Killed):
        orphans.keep(company.database, Unreadable(), [gone], NOW)
    assert told(company) == []

    for _ in range(2):
        orphans.keep(company.database, company.companies, [gone], NOW)
    assert told(company) == ["U_ZHOU"]


def test_what_a_transaction_wrote_and_rolled_back_is_not_remembered(company: DemoCompany) -> None:
    gone = company.person("U_CHEN", deactivated=True)
    with company.database.transaction() as session:
        save(session, [gone])
        assert not company.companies.fresh(session).directory.is_active("U_CHEN")
        session.rollback()
    with company.database.transaction() as session:
        save(session, [company.person("U_WU", name="吴小磊")])

    with company.database.reading() as session:
        directory = company.now(session).directory
    assert directory.is_active("U_CHEN")
    assert directory.name_of("U_WU") == "吴小磊"
