"""An empty register of the demo company."""

import pytest

from storage.database import Database
from tests.calendar.register import Register


@pytest.fixture
def register(database: Database) -> Register:
    """The demo profile applied, and nothing raised yet."""
    return Register(database)
