"""429 in simulated time, and the faults a test can plant."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import ControlClient, Sandbox


def retry_after(call: Callable[[], Any]) -> str | None:
    """The Retry-After header of a 429, None where the call went through."""
    try:
        call()
    except SlackApiError as refused:
        if refused.response.status_code == 429 and refused.response["error"] == "ratelimited":
            return str(refused.response.headers["Retry-After"])
        raise
    return None


def test_a_channel_takes_two_messages_and_then_one_a_second(web: WebClient, people: ControlClient) -> None:
    post = partial(web.chat_postMessage, channel="C_QUALITY", text="x")
    assert [retry_after(post) for _ in range(3)] == [None, None, "1"]
    people.act("clock", to="2026-02-10T09:00:01+08:00")
    assert [retry_after(post) for _ in range(2)] == [None, "1"]


def test_another_channel_is_not_held_up_and_a_dm_is_one_channel(web: WebClient) -> None:
    targets = ["U_CHEN", "U_CHEN", "D_CHEN", "C_QUALITY"]
    waits = [retry_after(partial(web.chat_postMessage, channel=at, text="x")) for at in targets]
    assert waits == [None, None, "1", None]


def test_a_method_has_a_budget_a_minute(web: WebClient, people: ControlClient) -> None:
    assert [retry_after(web.users_list) for _ in range(21)] == [*[None] * 20, "60"]
    people.act("clock", to="2026-02-10T09:00:59+08:00")
    assert retry_after(web.users_list) == "1"
    people.act("clock", to="2026-02-10T09:01:00+08:00")
    assert retry_after(web.users_list) is None


def test_rate_limit_fault(web: WebClient, people: ControlClient) -> None:
    people.act("fault", method="users.info", mode="rate_limit", times=2, retry_after=30)
    look = partial(web.users_info, user="U_CHEN")
    assert [retry_after(look) for _ in range(3)] == ["30", "30", None]


def test_error_fault(web: WebClient, people: ControlClient) -> None:
    people.act("fault", method="chat.postMessage", mode="error", times=1, error="fatal_error")
    with pytest.raises(SlackApiError, match="fatal_error"):
        web.chat_postMessage(channel="C_QUALITY", text="x")


def test_error_fault_of_the_server(web: WebClient, people: ControlClient) -> None:
    people.act("fault", method="chat.postMessage", mode="error", status=503)
    with pytest.raises(SlackApiError) as refused:
        web.chat_postMessage(channel="C_QUALITY", text="x")
    assert refused.value.response.status_code == 503


@pytest.mark.parametrize(("mode", "arrived"), [("drop_before", []), ("drop_after", ["x"])])
def test_dropped_connection(web: WebClient, people: ControlClient, mode: str, arrived: list[str]) -> None:
    people.act("fault", method="chat.postMessage", mode=mode, times=1)
    with pytest.raises(ConnectionError):
        web.chat_postMessage(channel="C_QUALITY", text="x")
    assert [one["text"] for one in people.look("messages", channel="C_QUALITY")["messages"]] == arrived


@pytest.mark.parametrize(("when", "arrived"), [("before", []), ("after", ["x"])])
def test_slow_answer(sandbox: Sandbox, people: ControlClient, when: str, arrived: list[str]) -> None:
    people.act("fault", method="chat.postMessage", mode="slow", times=1, seconds=60, when=when)
    impatient = WebClient(sandbox.company.bot_token, base_url=sandbox.api_url, timeout=1, retry_handlers=[])
    with pytest.raises(TimeoutError):
        impatient.chat_postMessage(channel="C_QUALITY", text="x")
    assert [one["text"] for one in people.look("messages", channel="C_QUALITY")["messages"]] == arrived


def test_nobody_waits_for_a_call_whose_caller_has_hung_up(sandbox: Sandbox, people: ControlClient) -> None:
    people.act("fault", method="chat.postMessage", mode="slow", times=1, seconds=3600, when="before")
    gone = WebClient(sandbox.company.bot_token, base_url=sandbox.api_url, timeout=1, retry_handlers=[])
    with pytest.raises(TimeoutError):
        gone.chat_postMessage(channel="C_QUALITY", text="x")
    assert "error" in people.act("command", as_="U_CHEN", channel="C_QUALITY", text="/improve")


@pytest.mark.parametrize(
    "wish", [{"mode": "explode"}, {"mode": "slow", "when": "never"}, {"mode": "error", "color": 1}]
)
def test_faults_that_cannot_be(people: ControlClient, wish: dict[str, Any]) -> None:
    assert people.act("fault", method="users.info", **wish)["error"] == "bad_fault"


def test_faults_can_be_cleared(web: WebClient, people: ControlClient) -> None:
    people.act("fault", method="*", mode="error", times=99)
    people.act("fault", clear=True)
    assert web.auth_test()["ok"]
