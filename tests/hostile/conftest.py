"""The bot as it stands at the gate."""

from collections.abc import Iterator

import pytest

from tests.hostile.gate import Gate, gate
from tests.hostile.speech import Speech
from tests.support.company import DemoCompany


@pytest.fixture
def at_the_gate(company: DemoCompany) -> Iterator[Gate]:
    """The bot with five records, put together as for Socket Mode."""
    with gate(company) as opened:
        yield opened


@pytest.fixture
def speech(at_the_gate: Gate) -> Speech:
    """What Slack says to it."""
    return Speech(at_the_gate)
