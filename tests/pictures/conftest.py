"""The words of each language."""

import pytest

from bot.render import LANGUAGES, Phrasebook, Words
from tests.support.company import ZONE


@pytest.fixture(scope="module", params=LANGUAGES)
def words(request: pytest.FixtureRequest) -> Words:
    """One language after the other."""
    return Phrasebook(ZONE).words(str(request.param))
