"""Calls over connections that stay open, against a server that says which connection each came on."""

import json
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest
from pydantic import SecretStr
from slack_bolt import BoltRequest
from slack_sdk.errors import SlackApiError

from bot import web_api
from bot.app import LISTENERS, build
from bot.clock import SimulatedClock
from bot.delivery import posting_client
from bot.settings import Settings
from bot.watch import Nobody
from bot.web_api import KeptAlive
from tests.support.company import DemoCompany, at
from tests.support.ports import deaf_port

VIEW = {"type": "modal"}


class Witness(Nobody):
    """Remembers what failed."""

    def __init__(self) -> None:
        self.failed: list[tuple[str, str]] = []

    def slack_failed(self, method: str, error: str) -> None:
        """Slack did not do what it was asked."""
        self.failed.append((method, error))


class Slack(ThreadingHTTPServer):
    """Gives back the trigger it was sent, or what stands in `says` for the next calls: a status and a body.

    `hangs_up` ends each connection after its answer without a word; `holds` keeps answers until it is set.
    """

    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}/api/"
        self.says: list[tuple[int, bytes]] = []
        self.came: list[tuple[int, str, str]] = []
        self.hangs_up = False
        self.holds = Event()
        self.holds.set()

    @property
    def connections(self) -> int:
        """How many there were."""
        return len({port for port, _, _ in self.came})


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: Slack

    def do_POST(self) -> None:
        """Answer a call."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.came.append((self.client_address[1], self.path, self.headers["Authorization"]))
        self.server.holds.wait()
        good = (200, json.dumps({"ok": True, "trigger": asked.get("trigger_id")}).encode())
        status, body = self.server.says.pop(0) if self.server.says else good
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.close_connection or self.server.hangs_up

    def log_message(self, format: str, *args: Any) -> None:
        """Calls are not worth a line each."""


@pytest.fixture
def slack() -> Iterator[Slack]:
    with Slack() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.holds.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def witness() -> Witness:
    return Witness()


@pytest.fixture
def client(slack: Slack, witness: Witness) -> KeptAlive:
    return KeptAlive("xoxb-1", base_url=slack.url, timeout=2, watch=witness)


def test_calls_that_follow_each_other_share_a_connection(slack: Slack, client: KeptAlive) -> None:
    answers = [client.views_open(trigger_id=str(n), view=VIEW)["trigger"] for n in range(5)]

    assert answers == ["0", "1", "2", "3", "4"]
    assert slack.connections == 1
    assert {came[1:] for came in slack.came} == {("/api/views.open", "Bearer xoxb-1")}


def test_calls_at_the_same_time_get_each_its_own_answer(slack: Slack, client: KeptAlive) -> None:
    def call(n: int) -> bool:
        return bool(client.views_open(trigger_id=str(n), view=VIEW)["trigger"] == str(n))

    with ThreadPoolExecutor(8) as people:
        assert all(people.map(call, range(200)))
    assert slack.connections <= 8


def test_a_connection_that_was_closed_meanwhile_is_replaced(slack: Slack, client: KeptAlive) -> None:
    slack.hangs_up = True
    answers = [client.views_open(trigger_id=str(n), view=VIEW)["trigger"] for n in range(3)]
    assert answers == ["0", "1", "2"]


def test_a_connection_that_was_silent_for_long_is_not_trusted(
    slack: Slack, client: KeptAlive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_api, "IDLE_SECONDS", -1)
    for _ in range(3):
        client.views_open(trigger_id="1", view=VIEW)
    assert slack.connections == 3


@pytest.mark.parametrize(
    ("answer", "error", "told"),
    [
        ((200, b'{"ok": false, "error": "expired_trigger_id"}'), "expired_trigger_id", "expired_trigger_id"),
        ((429, b'{"ok": false, "error": "ratelimited"}'), "ratelimited", "http_429"),
        ((502, b"<html>Bad Gateway</html>"), "unreadable", "http_502"),
        ((200, b"\xff"), "unreadable", "unreadable"),
        ((200, b"[]"), "unreadable", "unreadable"),
    ],
)
def test_what_slack_refuses_is_raised_and_told(
    slack: Slack, witness: Witness, answer: tuple[int, bytes], error: str, told: str
) -> None:
    client = KeptAlive("xoxb-1", base_url=slack.url, timeout=2, watch=witness)
    slack.says = [answer]

    with pytest.raises(SlackApiError) as refused:
        client.views_open(trigger_id="1", view=VIEW)

    response = refused.value.response
    assert (response.status_code, response["error"], response.headers["Retry-After"]) == (answer[0], error, "7")
    assert witness.failed == [("views.open", told)]
    assert client.views_open(trigger_id="2", view=VIEW)["trigger"] == "2"
    assert len(slack.came) == 2


def test_an_answer_that_does_not_come_is_not_asked_for_again(slack: Slack, client: KeptAlive, witness: Witness) -> None:
    client.views_open(trigger_id="1", view=VIEW)
    slack.holds.clear()

    with pytest.raises(TimeoutError):
        client.views_open(trigger_id="2", view=VIEW)

    slack.holds.set()
    assert witness.failed == [("views.open", "TimeoutError")]
    assert client.views_open(trigger_id="3", view=VIEW)["trigger"] == "3"
    assert len(slack.came) == 3


def test_where_nobody_listens_the_failure_is_told(witness: Witness) -> None:
    with deaf_port() as port:
        client = KeptAlive("xoxb-1", base_url=f"http://127.0.0.1:{port}/api/", timeout=2, watch=witness)
        client.retry_handlers[1:] = []

        with pytest.raises(OSError, match="refused"):
            client.views_open(trigger_id="1", view=VIEW)

    assert witness.failed == [("views.open", "URLError")]


def test_other_servers_than_slack_are_not_believed(client: KeptAlive) -> None:
    for one in (client, posting_client("xoxb-1")):
        assert isinstance(one.ssl, ssl.SSLContext)
        assert (one.ssl.verify_mode, one.ssl.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_neither_modals_nor_acks_wait_while_others_wait_for_slack(company: DemoCompany, slack: Slack) -> None:
    settings = Settings(
        slack_bot_token=SecretStr("xoxb-1"),
        slack_app_token=SecretStr("xapp-1"),
        database_url=company.database.url.render_as_string(hide_password=False),
        slack_url=slack.url,
    )
    bot = build(settings, SimulatedClock(at("2026-03-02 09:00")))
    slack.holds.clear()
    for n in range(LISTENERS + 1):
        assert bot.app.dispatch(typed("", str(n))).status == 200
    while len(slack.came) < LISTENERS:
        pass

    answer = bot.app.dispatch(typed("help", "x"))

    assert "/improve" in answer.body
    slack.holds.set()
    assert bot.listeners.wait_until_idle()
    assert len(slack.came) == LISTENERS + 1
    bot.listeners.shutdown()
    bot.context.database.dispose()


def typed(text: str, trigger: str) -> BoltRequest:
    """`/improve text`, as Socket Mode hands it to Bolt."""
    said = {"command": "/improve", "text": text, "user_id": "U_SMITH", "team_id": "T1", "trigger_id": trigger}
    return BoltRequest(mode="socket_mode", body=said)
