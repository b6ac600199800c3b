"""What a bot sends wrongly is refused with Slack's own error name, and nothing of it stays."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient

from bot.sandbox import ControlClient, Sandbox
from tests.sandbox.payload_parts import home, modal, section

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
TOO_LONG = "x" * 41_000
POST = {"channel": "C_QUALITY", "text": "x"}


def text(data: Any) -> str:
    return json.dumps(data)


# (what, method, content type, body, Slack's error)
BAD: list[tuple[str, str, str, str, str]] = [
    ("half a JSON object", "chat.postMessage", JSON, '{"channel": ', "invalid_json"),
    ("a JSON list", "chat.postMessage", JSON, "[]", "json_not_object"),
    ("XML", "chat.postMessage", "text/xml", "<message/>", "invalid_post_type"),
    ("half of the blocks", "chat.postMessage", FORM, "channel=C_QUALITY&text=x&blocks=%5B%7B", "invalid_blocks_format"),
    ("blocks that are no list", "chat.postMessage", JSON, text({**POST, "blocks": {"a": 1}}), "invalid_blocks_format"),
    ("blocks that are no objects", "chat.postMessage", JSON, text({**POST, "blocks": ["x"]}), "invalid_blocks"),
    ("an unknown method", "chat.shout", JSON, "{}", "unknown_method"),
    ("a method of no family", "shout", JSON, "{}", "unknown_method"),
    ("41,000 characters", "chat.postMessage", JSON, text({**POST, "text": TOO_LONG}), "msg_too_long"),
    (
        "41,000 characters to one",
        "chat.postEphemeral",
        JSON,
        text({**POST, "user": "U_CHEN", "text": TOO_LONG}),
        "msg_too_long",
    ),
    ("51 blocks", "chat.postMessage", JSON, text({**POST, "blocks": [section()] * 51}), "invalid_blocks"),
    (
        "a view with 101 blocks",
        "views.open",
        JSON,
        text({"trigger_id": "1.2.3", "view": modal(*[section()] * 101)}),
        "invalid_arguments",
    ),
    (
        "a Home tab with 101 blocks",
        "views.publish",
        JSON,
        text({"user_id": "U_CHEN", "view": home(*[section()] * 101)}),
        "invalid_arguments",
    ),
    (
        "a view of 300 kB",
        "views.publish",
        JSON,
        text({"user_id": "U_CHEN", "view": home(*[section("x" * 3_000)] * 100)}),
        "view_too_large",
    ),
    ("half a view", "views.open", FORM, "trigger_id=1.2.3&view=%7B", "invalid_arguments"),
    ("a view without a trigger", "views.open", JSON, text({"view": modal(section())}), "invalid_arguments"),
    ("an upload of zero bytes", "files.getUploadURLExternal", FORM, "filename=a.txt&length=0", "missing_argument"),
    ("an upload without a length", "files.getUploadURLExternal", FORM, "filename=a.txt", "missing_argument"),
    ("an upload of -1 bytes", "files.getUploadURLExternal", FORM, "filename=a.txt&length=-1", "invalid_arguments"),
    ("a page that is none", "users.list", JSON, text({"cursor": "somewhere"}), "invalid_cursor"),
]


def ask(sandbox: Sandbox, method: str, kind: str, body: str, token: str = "xoxb-sandbox") -> dict[str, Any]:
    connection = HTTPConnection(urlsplit(sandbox.url).netloc)
    headers = {"Content-Type": kind, "Authorization": f"Bearer {token}"}
    connection.request("POST", f"/api/{method}", body.encode(), headers)
    found: dict[str, Any] = json.load(connection.getresponse())
    connection.close()
    return found


@pytest.mark.parametrize("row", BAD, ids=[row[0] for row in BAD])
def test_bad_input(sandbox: Sandbox, people: ControlClient, row: tuple[str, str, str, str, str]) -> None:
    _, method, kind, body, error = row
    answer = ask(sandbox, method, kind, body)
    assert (answer["ok"], answer["error"]) == (False, error)
    assert people.look("messages", channel="C_QUALITY")["messages"] == []
    assert people.look("home", as_="U_CHEN", peek=1)["view"] is None
    entry = people.look("wire")["wire"][0]
    assert (entry["what"], entry["error"]) == (method, error)


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        ("xoxb-stranger", "chat.postMessage", "invalid_auth"),
        ("", "chat.postMessage", "not_authed"),
        ("xapp-sandbox", "chat.postMessage", "not_allowed_token_type"),
        ("xoxb-sandbox", "apps.connections.open", "not_allowed_token_type"),
    ],
)
def test_wrong_token(sandbox: Sandbox, token: str, method: str, error: str) -> None:
    assert ask(sandbox, method, JSON, text(POST), token)["error"] == error


def test_a_file_that_is_not_as_long_as_announced(sandbox: Sandbox, web: WebClient, people: ControlClient) -> None:
    ticket = web.files_getUploadURLExternal(filename="a.txt", length=5)
    connection = HTTPConnection(urlsplit(sandbox.url).netloc)
    connection.request("POST", urlsplit(str(ticket["upload_url"])).path, b"")
    assert connection.getresponse().status == 400
    connection.close()
    assert people.look("files")["files"] == []


@pytest.mark.parametrize(
    ("call", "wish", "error"),
    [
        ("submit", {"as": "U_CHEN", "values": {}}, "no_open_view"),
        ("click", {"as": "U_NOBODY"}, "user_not_found"),
        ("shortcut", {"as": "U_CHEN", "callback_id": "nothing"}, "unknown_shortcut"),
        ("shortcut", {"as": "U_CHEN", "callback_id": "from_message"}, "unknown_shortcut"),
        ("shortcut", {"as": "U_CHEN", "callback_id": "new", "channel": "C_QUALITY", "ts": "1.1"}, "message_not_found"),
        ("clock", {"to": "noon"}, "not_an_instant"),
    ],
)
def test_wishes_nobody_can_have(people: ControlClient, call: str, wish: dict[str, Any], error: str) -> None:
    assert people.act(call, **wish)["error"] == error
    assert people.look("wire")["wire"] == []


def test_looks_from_nowhere(people: ControlClient) -> None:
    assert people.look("log", since="yesterday")["error"] == "not_a_number"
    assert people.look("wire", since="-1")["error"] == "not_a_number"
