"""What went wrong with a call to Slack, and so what may be done about it."""

import re
import socket
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from http.client import HTTPException
from urllib.error import URLError

from slack_sdk.errors import SlackApiError

CALL_ERRORS = (SlackApiError, OSError, HTTPException)
"""Everything a call to Slack raises when the call, and not our own code, went wrong."""

LIMITS = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
# Slack says of the first two that a part of the work may have been done all the same.
TEMPORARY = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"})
MISSING_SCOPE = "missing_scope"
# What an administrator mends by installing the app again; until then no message is let in.
SHUT = frozenset(
    {
        "account_inactive",
        "ekm_access_denied",
        "invalid_auth",
        MISSING_SCOPE,
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "token_expired",
        "token_revoked",
    }
)
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
ERROR_CODE = re.compile(r"[a-z][a-z0-9_]*")
DEFAULT_RETRY_AFTER = timedelta(seconds=30)
SHORTEST_WAIT = timedelta(seconds=1)


class Kind(Enum):
    """What is known about a call that failed."""

    LIMITED = "limited"  # refused for now by the rate limit: not sent
    AWAY = "away"  # Slack was not reached, or lets none of us in: not sent
    UNCLEAR = "unclear"  # may have been carried out
    UNSEEN = "unseen"  # could not be looked up: as unclear as before
    REPEATABLE = "repeatable"  # may have been carried out, and may be so twice
    UNDRAWN = "undrawn"  # could not be put into words: not sent this time
    GONE = "gone"  # what was to be changed is no longer there
    PERMANENT = "permanent"  # refused, and would be refused again


@dataclass(frozen=True)
class Trouble:
    """A failure: its kind, Slack's own word for it, and how long to wait at least, as Slack asks or as all have to.

    `own` is one that has to do with this message, as Slack is well otherwise.
    """

    kind: Kind
    error: str
    retry_after: timedelta = timedelta(0)
    own: bool = False


def judge(error: Exception) -> Trouble:
    """Read one of `CALL_ERRORS`. A refusal that is not known here is taken as final, as Slack means it."""
    if isinstance(error, SlackApiError):
        return _judge_answer(error)
    reason = error.reason if isinstance(error, URLError) else error
    never_connected = isinstance(reason, ConnectionRefusedError | socket.gaierror)
    return Trouble(Kind.AWAY if never_connected else Kind.UNCLEAR, f"{type(reason).__name__}: {reason}")


def _judge_answer(error: SlackApiError) -> Trouble:
    response = error.response
    code = str(response.get("error") or f"http_{response.status_code}")
    if response.status_code == 429 or code in LIMITS:
        return Trouble(Kind.LIMITED, "ratelimited", _retry_after(response.headers))
    if response.status_code >= 500 or code in TEMPORARY:
        return Trouble(Kind.UNCLEAR, code)
    if not ERROR_CODE.fullmatch(code):  # a page of some proxy, which says nothing about Slack
        return Trouble(Kind.UNCLEAR, code[:200])
    if code in SHUT:
        return Trouble(Kind.AWAY, code)
    return Trouble(Kind.GONE if code in GONE else Kind.PERMANENT, code)


def _retry_after(headers: dict[str, str]) -> timedelta:
    given = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
    return max(timedelta(seconds=int(given)), SHORTEST_WAIT) if given.isdigit() else DEFAULT_RETRY_AFTER
