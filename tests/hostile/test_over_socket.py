"""Socket Mode: what Bolt cannot read is not answered but logged, and the next one is heard."""

import logging
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from handlers.socket_mode import Socket
from tests.hostile.gate import NUMBERS, Gate
from tests.hostile.speech import Speech

UNREADABLE: dict[str, dict[str, Any]] = {
    "a team that is a number": {"team": 1},
    "several addresses for an answer": {"response_urls": [{"response_url": "https://slack.example/"}] * 2},
    "an address that is a text": {"response_urls": "卡\x00纸"},
}


@dataclass
class Line:
    """The client's side of a connection: keeps what would have been sent."""

    acked: list[str] = field(default_factory=list)
    broken: bool = False
    logger: logging.Logger = field(default_factory=lambda: logging.getLogger("line"))

    def send_socket_mode_response(self, response: SocketModeResponse) -> None:
        """Called by Bolt with an ack."""
        if self.broken:
            raise BrokenPipeError
        self.acked.append(response.envelope_id)


@pytest.fixture
def socket(at_the_gate: Gate) -> Iterator[Socket]:
    """The bot's end of a connection."""
    opened = Socket(at_the_gate.bot.app, "xapp-1", WebClient(), nullcontext)
    yield opened
    opened.client.close()


def _hear(socket: Socket, line: Any, name: str, payload: dict[str, Any]) -> None:
    socket.handle(line, SocketModeRequest(type="interactive", envelope_id=name, payload=payload))


@pytest.mark.parametrize("payload", UNREADABLE.values(), ids=UNREADABLE)
def test_what_nobody_can_read_is_not_answered_and_the_next_is_heard(
    payload: dict[str, Any], at_the_gate: Gate, speech: Speech, socket: Socket
) -> None:
    line = Line()
    _hear(socket, line, "unreadable", payload)
    _hear(socket, line, "readable", speech.press("U_SMITH", "accept", NUMBERS[1]))
    assert at_the_gate.bot.listeners.wait_until_idle()
    assert line.acked == ["readable"]
    assert [entry.step for entry in at_the_gate.history()] == ["accept"]
    assert [entry["event"] for entry in at_the_gate.logged] == ["unanswered_request"]


def test_a_line_that_breaks_under_an_ack_is_logged_and_the_next_is_heard(
    at_the_gate: Gate, speech: Speech, socket: Socket
) -> None:
    _hear(socket, Line(broken=True), "lost", speech.press("U_SMITH", "accept", NUMBERS[1]))
    line = Line()
    _hear(socket, line, "next", speech.home_opened("U_SMITH"))
    assert at_the_gate.bot.listeners.wait_until_idle()
    assert line.acked == ["next"]
    assert [entry["event"] for entry in at_the_gate.logged] == ["unanswered_request"]
