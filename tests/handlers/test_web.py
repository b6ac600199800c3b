"""HTTP mode: the health check answers, a signed request reaches the bot, an unsigned one does not; and the stop."""

import io
import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from tempfile import TemporaryFile
from threading import Event, Thread, current_thread
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from handlers.web import HEALTH, PATH, WSGI, application, serve
from tests.support.ports import free_port

SECRET = "s3cret"
FORM = "application/x-www-form-urlencoded"
FILES, SECONDS = 40, 20
COMMAND = urlencode({"command": "/improve", "text": "", "user_id": "U_CHEN", "team_id": "T1", "token": "x"})


@dataclass
class Door:
    """Lets a request wait before it is answered, and knows who answers it."""

    begun: Event = field(default_factory=Event)
    opened: Event = field(default_factory=Event)
    worker: Thread | None = None

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Called by the server around every answer."""
        self.worker = current_thread()
        self.begun.set()
        assert self.opened.wait(SECONDS)
        yield


@pytest.fixture
def app() -> Iterator[App]:
    app = App(
        client=WebClient("xoxb-1"),
        signing_secret=SECRET,
        token_verification_enabled=False,
        authorize=lambda **_: AuthorizeResult(
            enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_user_id="U_BOT"
        ),
    )
    app.command("/improve")(lambda ack: ack("heard"))
    yield app
    app.listener_runner.listener_executor.shutdown()


@pytest.fixture
def web(app: App) -> WSGI:
    return application(app, SECRET)


def test_the_health_check_answers(web: WSGI) -> None:
    assert _call(web, HEALTH, method="GET") == ("200 OK", "ok")


def test_a_signed_request_is_heard(web: WSGI) -> None:
    now, signature = _signed()
    status, body = _call(web, PATH, HTTP_X_SLACK_REQUEST_TIMESTAMP=now, HTTP_X_SLACK_SIGNATURE=signature)
    assert (status[:3], body) == ("200", "heard")


@pytest.mark.parametrize("signature", ["", "v0=0000"])
def test_an_unsigned_request_is_not(web: WSGI, signature: str) -> None:
    headers = {"HTTP_X_SLACK_REQUEST_TIMESTAMP": str(int(time.time())), "HTTP_X_SLACK_SIGNATURE": signature}
    assert _call(web, PATH, **headers)[0][:3] == "401"


def test_after_the_stop_a_line_that_was_kept_is_not_served(app: App) -> None:
    port = free_port()
    stop = serve(app, SECRET, port)
    with closing(HTTPConnection("127.0.0.1", port, timeout=SECONDS)) as line:
        assert _ask(line) == (200, b"ok")

        stop()

        with pytest.raises(ConnectionError):
            _ask(line)


def test_what_is_being_answered_is_finished_and_writes_to_no_file_but_its_own(app: App) -> None:
    port, door = free_port(), Door()
    stop = serve(app, SECRET, port, door.answering)
    with ThreadPoolExecutor(2) as people, ExitStack() as stack:
        answer = people.submit(_post, port)
        assert door.begun.wait(SECONDS)
        stopping = people.submit(stop)
        while _is_open(port):
            pass
        # They get the numbers of whatever the stop has closed.
        files = [stack.enter_context(TemporaryFile()) for _ in range(FILES)]
        door.opened.set()
        assert answer.result() == (200, b"heard")
        stopping.result()
        assert door.worker is not None
        door.worker.join(SECONDS)
        assert [os.fstat(file.fileno()).st_size for file in files] == [0] * FILES
        assert not door.worker.is_alive()


def _call(web: WSGI, path: str, *, method: str = "POST", **headers: str) -> tuple[str, str]:
    said: list[str] = []
    environ: dict[str, Any] = {
        "PATH_INFO": path,
        "REQUEST_METHOD": method,
        "CONTENT_TYPE": FORM,
        "CONTENT_LENGTH": str(len(COMMAND)),
        "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": io.BytesIO(COMMAND.encode()),
        **headers,
    }
    body = b"".join(web(environ, lambda status, _headers, *_: said.append(status)))
    return said[0], body.decode()


def _post(port: int) -> tuple[int, bytes]:
    now, signature = _signed()
    headers = {"Content-Type": FORM, "X-Slack-Request-Timestamp": now, "X-Slack-Signature": signature}
    with closing(HTTPConnection("127.0.0.1", port, timeout=SECONDS)) as line:
        line.request("POST", PATH, COMMAND, headers)
        return _answer(line)


def _ask(line: HTTPConnection) -> tuple[int, bytes]:
    line.request("GET", HEALTH)
    return _answer(line)


def _answer(line: HTTPConnection) -> tuple[int, bytes]:
    answer = line.getresponse()
    return answer.status, answer.read()


def _signed() -> tuple[str, str]:
    now = str(int(time.time()))
    return now, str(SignatureVerifier(SECRET).generate_signature(timestamp=now, body=COMMAND))


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
