"""The Web API over real HTTP: names of errors, who may read what, what is kept."""

import json
from collections.abc import Callable
from dataclasses import replace
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Company, ControlClient, Sandbox
from tests.sandbox.conftest import START
from tests.sandbox.payload_parts import actions, button, section

KEY = {"event_type": "improve_bot", "event_payload": {"key": "k1"}}


def refusal(call: Callable[..., Any], *args: Any, **words: Any) -> str:
    """The error name that the call is refused with."""
    with pytest.raises(SlackApiError) as refused:
        call(*args, **words)
    return str(refused.value.response["error"])


def raw(sandbox: Sandbox, method: str, body: str, kind: str = "application/json") -> dict[str, Any]:
    connection = HTTPConnection(urlsplit(sandbox.url).netloc)
    headers = {"Content-Type": kind, "Authorization": f"Bearer {sandbox.company.bot_token}"}
    connection.request("POST", f"/api/{method}", body.encode(), headers)
    found: dict[str, Any] = json.load(connection.getresponse())
    connection.close()
    return found


def test_auth_test_names_the_bot_and_its_scopes(web: WebClient) -> None:
    answer = web.auth_test()
    assert answer["user_id"] == "U_BOT"
    assert "chat:write" in answer.headers["X-OAuth-Scopes"].split(",")


def test_tokens(sandbox: Sandbox) -> None:
    assert refusal(WebClient("xoxb-wrong", base_url=sandbox.api_url).auth_test) == "invalid_auth"
    assert refusal(WebClient(base_url=sandbox.api_url).auth_test) == "not_authed"
    app_token = WebClient(sandbox.company.app_token, base_url=sandbox.api_url)
    assert refusal(app_token.users_info, user="U_CHEN") == "not_allowed_token_type"


def test_unknown_method(web: WebClient) -> None:
    assert refusal(web.api_call, "chat.scheduleMessage") == "unknown_method"


@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        ("{not json", "application/json", "invalid_json"),
        ("[1]", "application/json", "json_not_object"),
        ("hello", "text/plain", "invalid_post_type"),
        ("channel=C_QUALITY&text=x&blocks=%7B", "application/x-www-form-urlencoded", "invalid_blocks_format"),
        (
            "channel=C_QUALITY&text=x&metadata=%7B",
            "application/x-www-form-urlencoded",
            "invalid_metadata_format",
        ),
    ],
)
def test_bodies_that_cannot_be_read(sandbox: Sandbox, body: str, kind: str, error: str) -> None:
    assert raw(sandbox, "chat.postMessage", body, kind)["error"] == error


def test_missing_scope_says_which(company: Company) -> None:
    with Sandbox(replace(company, scopes=("chat:write",)), START) as sandbox:
        web = WebClient(sandbox.company.bot_token, base_url=sandbox.api_url)
        with pytest.raises(SlackApiError) as refused:
            web.users_info(user="U_CHEN")
        assert refused.value.response["needed"] == "users:read"
        assert refused.value.response["provided"] == "chat:write"
        assert refusal(web.conversations_info, channel="C_QUALITY") == "missing_scope"


def test_an_app_without_scopes_is_told_nothing(company: Company) -> None:
    with Sandbox(replace(company, scopes=("chat:write",)), START) as sandbox:
        people = ControlClient(sandbox.url)
        assert people.act("command", as_="U_CHEN", text="/improve")["error"] == "unknown_command"
        assert people.act("shortcut", as_="U_CHEN", callback_id="new")["error"] == "unknown_shortcut"
        people.act("user", id="U_CHEN", locale="en-US")
        people.look("home", as_="U_CHEN")
        assert {one["what"] for one in people.look("wire")["wire"]} == {"app_home_opened"}


def test_post_to_a_person_opens_the_dm(web: WebClient, people: ControlClient) -> None:
    assert refusal(web.chat_postMessage, channel="D_CHEN", text="hello") == "channel_not_found"
    assert web.chat_postMessage(channel="U_CHEN", text="hello")["channel"] == "D_CHEN"
    assert [one["text"] for one in people.look("messages", dm="U_CHEN")["messages"]] == ["hello"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C_NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": "C_OPEN", "text": "x"}, "not_in_channel"),
        ({"channel": "C_SECRET", "text": "x"}, "channel_not_found"),
        ({"channel": "U_BOT", "text": "x"}, "channel_not_found"),
        ({"channel": "C_QUALITY", "text": " "}, "no_text"),
        ({"channel": "C_QUALITY", "blocks": [section()]}, "no_text"),
        ({"channel": "C_QUALITY", "text": "x", "blocks": [{"type": "poem"}]}, "invalid_blocks"),
        ({"channel": "C_QUALITY", "text": "x", "attachments": [{"text": "x"}]}, "invalid_attachments"),
        ({"channel": "C_QUALITY", "text": "x", "thread_ts": "1.1"}, "thread_not_found"),
        ({"channel": "C_QUALITY", "text": "x", "markdown_text": "x"}, "markdown_text_conflict"),
        ({"channel": "C_QUALITY", "text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
    ],
)
@pytest.mark.filterwarnings("ignore:The top-level `text` argument:UserWarning")
def test_posts_that_are_refused(web: WebClient, arguments: dict[str, Any], error: str) -> None:
    assert refusal(web.chat_postMessage, **arguments) == error


def test_invalid_blocks_says_where(web: WebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        web.chat_postMessage(channel="C_QUALITY", text="x", blocks=[section("x" * 3_001)])
    messages = refused.value.response["response_metadata"]["messages"]
    assert messages == ["[ERROR] blocks[0].text.text: must be at most 3000 characters, has 3001"]


def test_deactivated_person(web: WebClient, people: ControlClient) -> None:
    web.chat_postMessage(channel="U_ZHOU", text="before")
    people.act("user", id="U_ZHOU", deleted=True)
    assert refusal(web.chat_postMessage, channel="U_ZHOU", text="after") == "channel_not_found"
    people.act("clock", to="2026-02-10T09:00:01+08:00")
    assert refusal(web.chat_postMessage, channel="D_ZHOU", text="after") == "channel_not_found"
    assert refusal(web.conversations_open, users="U_ZHOU") == "user_disabled"
    assert refusal(web.chat_postEphemeral, channel="C_QUALITY", user="U_ZHOU", text="x") == "user_not_in_channel"
    assert web.users_info(user="U_ZHOU")["user"]["deleted"] is True
    assert people.act("command", as_="U_ZHOU", text="/improve")["error"] == "user_deactivated"
    assert [one["text"] for one in people.look("messages", dm="U_ZHOU")["messages"]] == ["before"]


def test_metadata_comes_back_only_when_asked_for(web: WebClient) -> None:
    web.chat_postMessage(channel="C_QUALITY", text="x", metadata=KEY)
    asked = web.conversations_history(channel="C_QUALITY", include_all_metadata=True)["messages"][0]
    plain = web.conversations_history(channel="C_QUALITY")["messages"][0]
    assert asked["metadata"] == KEY
    assert plain["metadata"] == {"event_type": "improve_bot"}


def test_update_keeps_metadata_and_blocks_that_are_left_out(web: WebClient, people: ControlClient) -> None:
    posted = web.chat_postMessage(channel="C_QUALITY", text="x", metadata=KEY, blocks=[section("one")])
    web.chat_update(channel="C_QUALITY", ts=posted["ts"], text="y")
    message = people.look("messages", channel="C_QUALITY")["messages"][0]
    assert (message["text"], message["metadata"], message["blocks"][0]["text"]["text"]) == ("y", KEY, "one")
    web.chat_update(channel="C_QUALITY", ts=posted["ts"], text="y", blocks=[])
    assert people.look("messages", channel="C_QUALITY")["messages"][0]["blocks"] == []


def test_only_own_messages_can_be_changed(web: WebClient, people: ControlClient) -> None:
    ts = people.act("message", as_="U_CHEN", channel="C_QUALITY", text="mine")["ts"]
    assert refusal(web.chat_update, channel="C_QUALITY", ts=ts, text="x") == "cant_update_message"
    assert refusal(web.chat_delete, channel="C_QUALITY", ts=ts) == "cant_delete_message"
    assert refusal(web.chat_update, channel="C_QUALITY", ts="1.1", text="x") == "message_not_found"


def test_update_text_is_shorter_than_post_text(web: WebClient) -> None:
    posted = web.chat_postMessage(channel="C_QUALITY", text="x" * 4_001)
    assert refusal(web.chat_update, channel="C_QUALITY", ts=posted["ts"], text="x" * 4_001) == "msg_too_long"


def test_ephemeral_is_seen_by_one_person_and_never_in_the_history(web: WebClient, people: ControlClient) -> None:
    ts = web.chat_postEphemeral(channel="C_QUALITY", user="U_CHEN", text="psst")["message_ts"]
    assert web.conversations_history(channel="C_QUALITY")["messages"] == []
    assert people.look("messages", channel="C_QUALITY", as_="U_ZHOU")["messages"] == []
    seen = people.look("messages", channel="C_QUALITY", as_="U_CHEN")["messages"]
    assert [(one["text"], one["ephemeral_for"]) for one in seen] == [("psst", "U_CHEN")]
    assert refusal(web.chat_update, channel="C_QUALITY", ts=ts, text="x") == "message_not_found"
    assert refusal(web.chat_postEphemeral, channel="C_QUALITY", user="U_SMITH", text="x") == "user_not_in_channel"


def test_history_is_newest_first_paged_and_bounded(web: WebClient, people: ControlClient) -> None:
    for number in range(5):
        people.act("message", as_="U_CHEN", channel="C_QUALITY", text=str(number))
    first = web.conversations_history(channel="C_QUALITY", limit=2)
    second = web.conversations_history(channel="C_QUALITY", limit=2, cursor=first["response_metadata"]["next_cursor"])
    texts = [one["text"] for one in [*first["messages"], *second["messages"]]]
    assert (texts, second["has_more"]) == (["4", "3", "2", "1"], True)
    since = web.conversations_history(channel="C_QUALITY", oldest=second["messages"][0]["ts"])
    assert [one["text"] for one in since["messages"]] == ["4", "3"]


def test_threads(web: WebClient) -> None:
    parent = web.chat_postMessage(channel="C_QUALITY", text="parent")["ts"]
    web.chat_postMessage(channel="C_QUALITY", text="reply", thread_ts=parent)
    replies = web.conversations_replies(channel="C_QUALITY", ts=parent)["messages"]
    assert [one["text"] for one in replies] == ["parent", "reply"]
    assert [one["text"] for one in web.conversations_history(channel="C_QUALITY")["messages"]] == ["parent"]


def test_channels(web: WebClient) -> None:
    assert [one["id"] for one in web.conversations_list()["channels"]] == ["C_QUALITY", "C_OPEN"]
    assert web.conversations_info(channel="C_OPEN")["channel"]["is_member"] is False
    assert refusal(web.conversations_info, channel="C_SECRET") == "channel_not_found"
    assert web.conversations_join(channel="C_OPEN")["channel"]["is_member"] is True
    assert "U_BOT" in web.conversations_members(channel="C_OPEN")["members"]


def test_people_are_paged_and_have_a_locale_when_asked(web: WebClient) -> None:
    first = web.users_list(limit=3, include_locale=True)
    assert [one["locale"] for one in first["members"]] == ["zh-CN", "zh-CN", "en-US"]
    rest = web.users_list(limit=3, cursor=first["response_metadata"]["next_cursor"])
    assert ([one["id"] for one in rest["members"]], rest["response_metadata"]["next_cursor"]) == (
        ["U_BOT"],
        "",
    )
    user = web.users_info(user="U_SMITH")["user"]
    assert ("locale" in user, user["tz"], user["tz_offset"]) == (False, "Europe/London", 0)
    assert refusal(web.users_info, user="U_NOBODY") == "user_not_found"


def test_upload(web: WebClient, people: ControlClient) -> None:
    web.files_upload_v2(channel="C_QUALITY", filename="a.txt", content="hello", title="A", initial_comment="see")
    file = people.look("files")["files"][0]
    assert (file["title"], file["size"], file["channels"]) == ("A", 5, ["C_QUALITY"])
    message = people.look("messages", channel="C_QUALITY")["messages"][0]
    assert (message["text"], message["files"][0]["name"], message["metadata"]) == ("see", "a.txt", None)


def test_a_file_goes_to_conversations_and_not_to_people(web: WebClient) -> None:
    assert refusal(web.files_upload_v2, channel="U_CHEN", filename="a.txt", content="hello") == "invalid_arguments"
    dm = web.conversations_open(users=["U_CHEN"])["channel"]["id"]
    assert web.files_upload_v2(channel=dm, filename="a.txt", content="hello")["ok"]


def test_a_file_in_a_thread(web: WebClient, people: ControlClient) -> None:
    ts = web.chat_postMessage(channel="C_QUALITY", text="x")["ts"]
    share: dict[str, Any] = {"channel": "C_QUALITY", "filename": "a.txt", "content": "hello"}
    assert refusal(web.files_upload_v2, **share, thread_ts="1.0") == "thread_not_found"
    web.files_upload_v2(**share, thread_ts=ts, alt_txt="a greeting")
    replies = web.conversations_replies(channel="C_QUALITY", ts=ts)["messages"]
    assert [one["files"][0]["alt_txt"] for one in replies[1:]] == ["a greeting"]


def test_unfinished_upload_is_not_there(web: WebClient, people: ControlClient) -> None:
    ticket = web.files_getUploadURLExternal(filename="a.txt", length=5)
    assert refusal(web.files_completeUploadExternal, files=[{"id": ticket["file_id"]}]) == "file_not_found"
    assert people.look("files")["files"] == []


def test_log_tells_every_call(web: WebClient, people: ControlClient) -> None:
    web.chat_postMessage(channel="C_QUALITY", text="x", blocks=[actions(button())])
    refusal(web.users_info, user="U_NOBODY")
    log = people.look("log")["log"]
    assert [(one["method"], one["answer"]["ok"]) for one in log] == [
        ("chat.postMessage", True),
        ("users.info", False),
    ]
    assert log[0]["args"]["text"] == "x"
    assert [one["n"] for one in people.look("log", since=1)["log"]] == [2]


def test_permalink_leads_to_the_page(web: WebClient, sandbox: Sandbox) -> None:
    ts = web.chat_postMessage(channel="C_QUALITY", text="x")["ts"]
    link = web.chat_getPermalink(channel="C_QUALITY", message_ts=ts)["permalink"]
    assert link == f"{sandbox.url}/archives/C_QUALITY/p{ts.replace('.', '')}"
