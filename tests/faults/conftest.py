"""The stage on which schedules are played; the PostgreSQL server is the run's, so it is never restarted here."""

from collections.abc import Iterator

import pytest

from tests.faults.play import Stage, stage
from tests.support.postgres import Server


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Iterator[Stage]:
    """What all schedules of a worker share."""
    with stage(tmp_path_factory.mktemp("faults"), postgres, own_server=False) as ready:
        yield ready
