"""The demo company and its digests."""

import pytest

from storage.database import Database
from tests.digest.desk import Desk
from tests.support.company import DemoCompany


@pytest.fixture
def company(database: Database) -> DemoCompany:
    """The demo company with nothing raised yet."""
    return DemoCompany(database)


@pytest.fixture
def desk(company: DemoCompany) -> Desk:
    """Its digests."""
    return Desk(company)
