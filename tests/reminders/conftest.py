"""The demo company and its reminders."""

import pytest

from tests.reminders.desk import Desk
from tests.support.company import DemoCompany


@pytest.fixture
def desk(company: DemoCompany) -> Desk:
    """Its reminders."""
    return Desk(company)
