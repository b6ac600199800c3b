"""The demo company and its digests."""

import pytest

from tests.digest.desk import Desk
from tests.support.company import DemoCompany


@pytest.fixture
def desk(company: DemoCompany) -> Desk:
    """Its digests."""
    return Desk(company)
