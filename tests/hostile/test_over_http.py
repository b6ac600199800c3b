"""HTTP mode: only what Slack signed a moment ago is heard, once, whoever else may be talking to the port."""

import hmac
import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from http.client import HTTPConnection
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest

from handlers.web import HEALTH, MOST_BODY, PATH, serve
from tests.hostile.gate import NUMBERS, SIGNING_SECRET, Gate, gate
from tests.hostile.speech import Speech
from tests.support.company import DemoCompany
from tests.support.ports import free_port

FORM = "application/x-www-form-urlencoded"
SLOW_CLIENTS = 150
DECEIT = (
    b"",
    b"payload=",
    b"payload=null",
    b"payload=[]",
    b"payload=" + b"[" * 100_000,
    b'{"n":' + b"7" * 10_000 + b"}",
    b'{"team":1}',
    b'{"response_urls":"ab"}',
    b"[]",
    b"{",
    b"\xff\xfe\x00",
    b"payload=%7B%22type%22%3A%22block_actions%22%7D",
)

Post = Callable[..., tuple[int, str]]


@pytest.fixture
def port() -> int:
    """One that is free."""
    return free_port()


@pytest.fixture
def served(company: DemoCompany, port: int) -> Iterator[Gate]:
    with gate(company, port=port) as opened:
        stop = serve(opened.bot.app, SIGNING_SECRET, port)
        try:
            yield opened
        finally:
            stop()


@pytest.fixture
def post(served: Gate, port: int) -> Post:
    def send(body: bytes, path: str = PATH, **headers: str) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("POST", path, body, {"Content-Type": FORM} | headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()
            served.bot.listeners.wait_until_idle()

    return send


def test_the_same_request_again_takes_the_step_once(served: Gate, post: Post) -> None:
    body = _interaction(Speech(served).press("U_SMITH", "accept", NUMBERS[1]))
    headers = _signed(body)
    assert [post(body, **headers)[0] for _ in range(3)] == [200, 200, 200]
    assert [entry.step for entry in served.history()] == ["accept"]


def test_a_form_sent_again_is_filed_once(served: Gate, post: Post) -> None:
    step = served.bot.context.workflow.step_of("improvement", "add_comment")
    body = _interaction(Speech(served).form("U_SMITH", step, NUMBERS[1]))
    headers = _signed(body)
    assert [post(body, **headers)[0] for _ in range(2)] == [200, 200]
    assert [entry.step for entry in served.history()] == ["add_comment"]


def test_what_slack_did_not_sign_just_now_is_not_heard(served: Gate, post: Post) -> None:
    body = _interaction(Speech(served).press("U_SMITH", "accept", NUMBERS[1]))
    tried = {
        "another secret": _signed(body, secret="guessed"),
        "yesterday's": _signed(body, ago=60 * 5 + 10),
        "from the future": _signed(body, ago=-60 * 60),
        "another body": _signed(body + b"&x=1"),
        "no signature": _signed(body) | {"X-Slack-Signature": ""},
        "no time": _signed(body) | {"X-Slack-Request-Timestamp": ""},
        "no number": _signed(body) | {"X-Slack-Request-Timestamp": "now"},
        "a number without end": _signed(body) | {"X-Slack-Request-Timestamp": "9" * 400},
        "no ASCII": _signed(body) | {"X-Slack-Signature": "v0=\xe9"},
    }
    assert {name: post(body, **headers)[0] for name, headers in tried.items()} == dict.fromkeys(tried, 401)
    assert served.history() == []


def test_what_slack_did_not_sign_is_not_read(served: Gate, post: Post) -> None:
    for body, kind in product(DECEIT, (FORM, "application/json")):
        forged = _signed(body, secret="guessed") | {"Content-Type": kind}
        assert post(body, **forged) == (401, "not signed"), body


def test_a_body_nobody_can_read_is_turned_away(served: Gate, post: Post, port: int) -> None:
    for body in DECEIT:
        status, said = post(body, **_signed(body))
        assert status in (400, 401, 404), body
        assert "Traceback" not in said
        assert "Error" not in said
    assert served.history() == []
    assert _healthy(port)


def test_a_body_larger_than_any_form_is_not_read(served: Gate, post: Post, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {MOST_BODY + 1}\r\n\r\n".encode())
        assert b" 413 " in line.recv(200)
    assert _healthy(port)


def test_the_largest_form_is_read(served: Gate, post: Post) -> None:
    filled = json.dumps({"values": ["质" * 3_000] * 100}, ensure_ascii=False)
    body = urlencode({"payload": filled}).encode()
    assert post(body, **_signed(body))[0] == 404  # Bolt has read it, and knows nobody who wants it


def test_other_paths_lead_nowhere(served: Gate, post: Post) -> None:
    body = _interaction(Speech(served).press("U_SMITH", "accept", NUMBERS[1]))
    for path in ("/", "/slack", f"{PATH}/", f"/x/..{PATH}", "/%2e%2e/etc/passwd", "/metrics/../.env"):
        assert post(body, path, **_signed(body))[0] == 404
    assert served.history() == []


def test_those_who_never_finish_keep_nobody_waiting(served: Gate, post: Post, port: int) -> None:
    body = _interaction(Speech(served).press("U_SMITH", "accept", NUMBERS[1]))
    with ExitStack() as waiting:
        for _ in range(SLOW_CLIENTS):
            line = waiting.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
            line.sendall(f"POST {PATH} HTTP/1.1\r\nContent-Length: 5000\r\n\r\npay".encode())
        assert post(body, **_signed(body))[0] == 200
    assert [entry.step for entry in served.history()] == ["accept"]


def test_the_server_does_not_say_what_it_is(served: Gate, port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", HEALTH)
    assert connection.getresponse().getheader("Server") in (None, "")
    connection.close()


def _healthy(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", HEALTH)
    status = connection.getresponse().status
    connection.close()
    return status == 200


def _interaction(payload: Mapping[str, Any]) -> bytes:
    return urlencode({"payload": json.dumps(payload)}).encode()


def _signed(body: bytes, *, secret: str = SIGNING_SECRET, ago: int = 0) -> dict[str, str]:
    timestamp = str(int(time.time()) - ago)
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, "sha256").hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}
