"""The whole bot, as a process, in the local workspace, on both databases."""

from collections.abc import Iterator

import pytest

from tests.support.town import Town, town


@pytest.fixture
def company(database_url: str) -> Iterator[Town]:
    with town(database_url) as place:
        yield place
