"""HTTP mode: the health check answers, a signed request reaches the bot, an unsigned one does not."""

import io
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from handlers.web import HEALTH, PATH, WSGI, application

SECRET = "s3cret"
COMMAND = urlencode({"command": "/improve", "text": "", "user_id": "U_CHEN", "team_id": "T1", "token": "x"})


@pytest.fixture
def web() -> Iterator[WSGI]:
    app = App(
        client=WebClient("xoxb-1"),
        signing_secret=SECRET,
        token_verification_enabled=False,
        authorize=lambda **_: AuthorizeResult(
            enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_user_id="U_BOT"
        ),
    )
    app.command("/improve")(lambda ack: ack("heard"))
    yield application(app)
    app.listener_runner.listener_executor.shutdown()


def test_the_health_check_answers(web: WSGI) -> None:
    assert _call(web, HEALTH, method="GET") == ("200 OK", "ok")


def test_a_signed_request_is_heard(web: WSGI) -> None:
    now = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=now, body=COMMAND)
    status, body = _call(web, PATH, HTTP_X_SLACK_REQUEST_TIMESTAMP=now, HTTP_X_SLACK_SIGNATURE=str(signature))
    assert (status[:3], body) == ("200", "heard")


@pytest.mark.parametrize("signature", ["", "v0=0000"])
def test_an_unsigned_request_is_not(web: WSGI, signature: str) -> None:
    headers = {"HTTP_X_SLACK_REQUEST_TIMESTAMP": str(int(time.time())), "HTTP_X_SLACK_SIGNATURE": signature}
    assert _call(web, PATH, **headers)[0][:3] == "401"


def _call(web: WSGI, path: str, *, method: str = "POST", **headers: str) -> tuple[str, str]:
    said: list[str] = []
    environ: dict[str, Any] = {
        "PATH_INFO": path,
        "REQUEST_METHOD": method,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(COMMAND)),
        "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": io.BytesIO(COMMAND.encode()),
        **headers,
    }
    body = b"".join(web(environ, lambda status, _headers, *_: said.append(status)))
    return said[0], body.decode()
