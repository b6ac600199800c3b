"""A replica with an empty outbox, and an empty workspace."""

from collections.abc import Iterator

import pytest

from bot.delivery import posting_client
from storage.database import Database
from tests.delivery.office import Office
from tests.delivery.slack_server import COMPANY, SlackServer


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    """An empty workspace."""
    with SlackServer() as server:
        yield server


@pytest.fixture
def office(database: Database, slack: SlackServer) -> Office:
    """One replica with an empty outbox."""
    return Office(database, slack, posting_client(COMPANY.bot_token, slack.url))
