"""The demo company and its reminders."""

import pytest

from storage.database import Database
from tests.reminders.desk import Desk
from tests.support.company import DemoCompany


@pytest.fixture
def company(database: Database) -> DemoCompany:
    """The demo company with nothing raised yet."""
    return DemoCompany(database)


@pytest.fixture
def desk(company: DemoCompany) -> Desk:
    """Its reminders."""
    return Desk(company)
