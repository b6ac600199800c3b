"""HTTP mode, with Bolt's own check of the signature on the other side."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from slack_bolt import BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier

from bot.sandbox import Company, ControlClient, Sandbox
from bot.sandbox.http_transport import signature
from tests.sandbox.http_bot import HttpBot, refused
from tests.sandbox.payload_parts import field, modal, option
from tests.support.ports import deaf_port

SECRET = "8f742231b10e"
MINUTE_LATER, FIVE_LATER = "2026-02-10T09:01:00+08:00", "2026-02-10T09:06:00+08:00"


@pytest.fixture
def company(company: Company) -> Company:
    return replace(company, signing_secret=SECRET)


@pytest.fixture
def bot(sandbox: Sandbox) -> Iterator[HttpBot]:
    """Reachable, not yet registered."""
    running = HttpBot(sandbox, SECRET)
    yield running
    running.stop()


@pytest.fixture
def registered(bot: HttpBot, people: ControlClient) -> HttpBot:
    assert people.act("transport", request_url=bot.url)["transport"] == "http"
    bot.requests.clear()
    return bot


def test_slack_sdk_takes_the_signature() -> None:
    at, body = int(time.time()), "payload=%7B%22%E8%AF%8D%22%7D"
    headers = signature(SECRET, body.encode(), at)
    assert SignatureVerifier(SECRET).is_valid_request(body, headers)
    assert not SignatureVerifier(SECRET).is_valid_request(body + "x", headers)
    assert not SignatureVerifier("another").is_valid_request(body, headers)
    assert not SignatureVerifier(SECRET).is_valid_request(body, signature(SECRET, body.encode(), at - 301))


def test_a_url_is_taken_when_it_answers_the_challenge(bot: HttpBot, people: ControlClient) -> None:
    assert people.look("time")["connections"] == 0
    assert people.act("transport", request_url=bot.url)["done"]
    assert (bot.bodies[0]["type"], people.look("time")["connections"]) == ("url_verification", 1)
    people.act("transport", request_url=None)
    assert people.act("command", as_="U_CHEN", text="/improve")["error"] == "dispatch_failed"
    assert len(bot.requests) == 1


def test_a_challenge_may_come_back_as_a_text(bot: HttpBot, people: ControlClient) -> None:
    bot.instead = lambda request: BoltResponse(status=200, body=str(request.body["challenge"]))
    assert people.act("transport", request_url=bot.url)["done"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [(refused(404), "http_error"), (refused(200), "the challenge did not come back")],
)
def test_urls_that_do_not_answer_the_challenge(bot: HttpBot, people: ControlClient, answer: Any, why: str) -> None:
    bot.instead = lambda _: answer
    found = people.act("transport", request_url=bot.url)
    assert (found["error"], found["detail"]) == ("url_verification_failed", why)
    assert people.look("time")["connections"] == 0


def test_urls_nobody_answers(people: ControlClient) -> None:
    with deaf_port() as port:
        answer = people.act("transport", request_url=f"http://127.0.0.1:{port}/")
    assert answer["detail"] == "connection_failed"
    assert people.act("transport", request_url="ftp://here")["error"] == "bad_request_url"


def test_a_bot_with_another_secret_refuses(sandbox: Sandbox, people: ControlClient) -> None:
    stranger = HttpBot(sandbox, "another")
    assert people.act("transport", request_url=stranger.url)["detail"] == "http_error"
    stranger.stop()


def test_a_command_and_its_form(registered: HttpBot, people: ControlClient) -> None:
    bot = registered
    record = field("record", {"type": "external_select", "min_query_length": 0})

    @bot.app.command("/improve")
    def open_modal(ack: Any, body: Any, client: Any) -> None:
        ack(f"heard {body['text']}")
        client.views_open(trigger_id=body["trigger_id"], view=modal(field("title"), record))

    @bot.app.options("record")
    def offer(ack: Any) -> None:
        ack(options=[option("IMP-1")])

    @bot.app.view("form")
    def submitted(ack: Any, view: Any) -> None:
        title = view["state"]["values"]["block_title"]["title"]["value"]
        ack(response_action="errors", errors={"block_title": "no"}) if title == "bad" else ack()

    assert people.act("command", as_="U_CHEN", text="/improve 打印机")["said"] == "heard 打印机"
    assert people.act("submit", as_="U_CHEN", values={"title": "bad", "record": "IMP-1"})["errors"] == {"title": "no"}
    assert people.act("submit", as_="U_CHEN", values={"title": "good"})["done"]
    kinds = [(request.headers["content-type"][0], request.body.get("type")) for request in bot.requests]
    form = "application/x-www-form-urlencoded"
    assert kinds == [(form, None), (form, "block_suggestion"), (form, "view_submission"), (form, "view_submission")]


def test_an_event_is_json_and_comes_again_until_it_is_taken(registered: HttpBot, people: ControlClient) -> None:
    registered.instead = lambda _: refused(503)
    people.act("user", id="U_CHEN", locale="en-US")
    assert retries(registered) == [None, ("1", "http_error")]
    people.act("clock", to=MINUTE_LATER)
    people.act("clock", to=FIVE_LATER)
    assert retries(registered)[2:] == [("2", "http_error"), ("3", "http_error")]
    people.act("clock", to="2026-02-11T09:00:00+08:00")
    assert len(registered.requests) == 4
    assert len({body["event_id"] for body in registered.bodies}) == 1
    assert registered.requests[0].headers["content-type"][0] == "application/json"


def test_a_bot_may_ask_for_no_retry(registered: HttpBot, people: ControlClient) -> None:
    registered.instead = lambda _: refused(500, **{"X-Slack-No-Retry": "1"})
    people.act("user", id="U_CHEN", locale="en-US")
    people.act("clock", to=FIVE_LATER)
    assert retries(registered) == [None]


def test_an_answer_after_three_seconds_is_none(registered: HttpBot, people: ControlClient) -> None:
    asked = threading.Event()

    def wait(_: BoltRequest) -> None:
        asked.wait(60)

    registered.app.command("/improve")(lambda ack: ack())
    registered.instead = wait
    assert people.act("command", as_="U_CHEN", text="/improve")["error"] == "dispatch_failed"
    entry = people.look("wire")["wire"][-1]
    asked.set()
    assert (entry["acked"], entry["reason"], entry["error"]) == (False, "http_timeout", "dispatch_failed")


@pytest.mark.parametrize("status", [404, 500])
def test_a_command_that_is_refused_is_sent_once(registered: HttpBot, people: ControlClient, status: int) -> None:
    registered.instead = lambda _: refused(status)
    assert people.act("command", as_="U_CHEN", text="/improve")["error"] == "dispatch_failed"
    people.act("clock", to=FIVE_LATER)
    assert len(registered.requests) == 1


def retries(bot: HttpBot) -> list[tuple[str, str] | None]:
    """Number and reason in the headers of each request that came."""
    found = []
    for request in bot.requests:
        number, reason = request.headers.get("x-slack-retry-num"), request.headers.get("x-slack-retry-reason")
        found.append((number[0], reason[0]) if number and reason else None)
    return found
