"""The wire log: calls with refusals, payloads with the ack that came back, retries."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import ControlClient
from tests.sandbox.bolt_bot import BoltBot
from tests.sandbox.payload_parts import field, modal
from tests.sandbox.test_interaction import opens

Json = dict[str, Any]


def wire(people: ControlClient, *keys: str, since: int = 0) -> list[tuple[Any, ...]]:
    """These parts of every entry."""
    return [tuple(entry.get(key) for key in keys) for entry in people.look("wire", since=since)["wire"]]


def test_calls_and_refusals(web: WebClient, people: ControlClient) -> None:
    web.chat_postMessage(channel="C_QUALITY", text="x")
    with pytest.raises(SlackApiError):
        web.users_info(user="U_NOBODY")
    assert wire(people, "n", "direction", "what", "error", "transport") == [
        (1, "call", "chat.postMessage", None, "web_api"),
        (2, "call", "users.info", "user_not_found", "web_api"),
    ]
    entry = people.look("wire")["wire"][0]
    assert (entry["args"]["text"], entry["answer"]["channel"], entry["now"]) == (
        "x",
        "C_QUALITY",
        "2026-02-10T01:00:00+00:00",
    )
    assert "xoxb-" not in str(people.look("wire"))
    assert wire(people, "n", since=1) == [(2,)]


def test_a_payload_stands_before_the_calls_it_led_to(bot: BoltBot, people: ControlClient) -> None:
    @bot.app.command("/improve")
    def answer(ack: Any, client: Any) -> None:
        client.users_info(user="U_CHEN")
        ack("heard")

    people.act("command", as_="U_CHEN", text="/improve")
    assert wire(people, "direction", "what", "acked", "answer")[-2][:3] == ("payload", "slash_commands", True)
    payload = people.look("wire")["wire"][-2]
    assert (payload["answer"], payload["payload"]["command"]) == ({"text": "heard"}, "/improve")


def test_nobody_there_and_retries(people: ControlClient) -> None:
    people.act("command", as_="U_CHEN", text="/improve")
    people.act("user", id="U_CHEN", locale="en-US")
    people.act("clock", to="2026-02-10T09:10:00+08:00")
    assert wire(people, "what", "acked", "error", "attempt") == [
        ("slash_commands", False, "dispatch_failed", 0),
        *[("user_change", False, "connection_failed", attempt) for attempt in range(4)],
    ]
    assert [at[14:16] for (at,) in wire(people, "now")] == ["00", "00", "00", "01", "06"]


def test_a_wrong_answer_is_a_refusal(bot: BoltBot, people: ControlClient) -> None:
    opens(bot, modal(field("title")))

    @bot.app.view("form")
    def submitted(ack: Any) -> None:
        ack(response_action="errors", errors={"nowhere": "x"})

    people.act("command", as_="U_CHEN", text="/improve")
    people.act("submit", as_="U_CHEN", values={"title": "x"})
    assert wire(people, "what", "acked", "error")[-1] == ("view_submission", True, "invalid_arguments")


def test_what_goes_around_the_web_api(web: WebClient, people: ControlClient) -> None:
    web.files_upload_v2(channel="C_QUALITY", filename="a.txt", content="hello")
    assert [what for (what,) in wire(people, "what")] == [
        "files.getUploadURLExternal",
        "upload",
        "files.completeUploadExternal",
    ]


def test_response_urls_are_calls(bot: BoltBot, people: ControlClient) -> None:
    @bot.app.command("/improve")
    def answer(ack: Any, respond: Any) -> None:
        ack()
        respond("later")
        respond(text="", blocks=[{"type": "poem"}])

    people.act("command", as_="U_CHEN", text="/improve")
    assert wire(people, "what", "error", "transport")[-2:] == [
        ("response_url", None, "http"),
        ("response_url", "invalid_blocks", "http"),
    ]
