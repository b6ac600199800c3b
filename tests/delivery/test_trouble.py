"""How a failed call to Slack is read."""

from datetime import timedelta
from http.client import BadStatusLine, IncompleteRead, RemoteDisconnected
from socket import gaierror
from urllib.error import URLError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import default_retry_handlers
from slack_sdk.web import SlackResponse

from bot.delivery import posting_client
from bot.delivery.trouble import Kind, judge


def answer(status: int, error: str | None, **headers: str) -> SlackApiError:
    """A refusal as the SDK raises it."""
    response = SlackResponse(
        client=WebClient(),
        http_verb="POST",
        api_url="",
        req_args={},
        data={"ok": False} | ({"error": error} if error else {}),
        headers=headers,
        status_code=status,
    )
    return SlackApiError("refused", response)  # type: ignore[no-untyped-call] # the SDK's own gap


HTML = "Received a page in HTML"


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (429, "ratelimited", Kind.LIMITED),
        (200, "ratelimited", Kind.LIMITED),
        (429, HTML, Kind.LIMITED),
        (200, "internal_error", Kind.UNCLEAR),
        (200, "fatal_error", Kind.UNCLEAR),
        (200, "service_unavailable", Kind.UNCLEAR),
        (408, "request_timeout", Kind.UNCLEAR),
        (500, None, Kind.UNCLEAR),
        (502, HTML, Kind.UNCLEAR),
        (200, HTML, Kind.UNCLEAR),
        (200, "invalid_auth", Kind.AWAY),
        (200, "token_revoked", Kind.AWAY),
        (200, "account_inactive", Kind.AWAY),
        (200, "missing_scope", Kind.AWAY),
        (200, "channel_not_found", Kind.PERMANENT),
        (200, "messages_tab_disabled", Kind.PERMANENT),
        (200, "restricted_action_thread_locked", Kind.PERMANENT),
        (200, "message_not_found", Kind.GONE),
        (200, "edit_window_closed", Kind.GONE),
    ],
)
def test_what_slacks_answer_says(status: int, error: str | None, kind: Kind) -> None:
    assert judge(answer(status, error)).kind is kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (URLError(ConnectionRefusedError(111, "Connection refused")), Kind.AWAY),
        (URLError(gaierror(-2, "Name or service not known")), Kind.AWAY),
        (URLError(TimeoutError("timed out")), Kind.UNCLEAR),
        (URLError(BrokenPipeError(32, "Broken pipe")), Kind.UNCLEAR),
        (TimeoutError("timed out"), Kind.UNCLEAR),
        (ConnectionResetError(104, "Connection reset by peer"), Kind.UNCLEAR),
        (RemoteDisconnected("closed without response"), Kind.UNCLEAR),
        (IncompleteRead(b"{"), Kind.UNCLEAR),
        (BadStatusLine("?"), Kind.UNCLEAR),
    ],
)
def test_what_a_broken_connection_says(error: Exception, kind: Kind) -> None:
    assert judge(error).kind is kind


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "12"}, 12),
        ({"retry-after": "3"}, 3),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": "soon"}, 30),
        ({}, 30),
    ],
)
def test_how_long_a_rate_limit_is_waited_for(headers: dict[str, str], seconds: int) -> None:
    assert judge(answer(429, "ratelimited", **headers)).retry_after == timedelta(seconds=seconds)


def test_the_client_for_posts_never_repeats_a_request_by_itself() -> None:
    client = posting_client("xoxb-1")
    assert default_retry_handlers() != []
    assert (client.retry_handlers, client.timeout) == ([], 10)
    assert client.base_url == WebClient.BASE_URL
