"""A machine that vanishes says no goodbye: the kernel and the server are told how long to wait for one.

That they do cannot be seen without such a machine; that they are told can.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from storage.database import IDLE_MS, WATCHED, Database
from tests.support.postgres import Reused


@pytest.fixture
def url(postgres_database: Reused) -> Iterator[str]:
    yield postgres_database.url
    postgres_database.empty()


def parameters(url: str) -> dict[str, str]:
    """What the driver was given to connect with."""
    database = Database(url)
    try:
        with database.engine.connect() as connection:
            return dict(connection.connection.driver_connection.info.get_parameters())  # type: ignore[union-attr]
    finally:
        database.dispose()


def test_a_server_that_vanishes_is_given_up_within_a_minute(url: str) -> None:
    assert {name: parameters(url)[name] for name in WATCHED} == {name: str(value) for name, value in WATCHED.items()}
    assert WATCHED["keepalives_idle"] + WATCHED["keepalives_interval"] * WATCHED["keepalives_count"] <= 60
    assert WATCHED["tcp_user_timeout"] <= 60_000


def test_who_runs_the_server_knows_better(url: str) -> None:
    assert (
        parameters(f"{url}&keepalives_idle=5" if "?" in url else f"{url}?keepalives_idle=5")["keepalives_idle"] == "5"
    )


def test_a_replica_that_vanishes_holds_its_locks_for_minutes_and_not_for_hours(url: str) -> None:
    database = Database(url)
    with database.transaction() as session:
        found = session.connection().execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one()
    database.dispose()
    assert found == f"{IDLE_MS // 60_000}min"
