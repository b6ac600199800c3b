"""What somebody who watches the bot from outside is told of, as it happens. Nobody has to watch."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Protocol

from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryHandler, RetryState


class Watch(Protocol):
    """Hears what happens; counts it, for instance."""

    def taken(self, step: str) -> None:
        """A step was taken."""

    def refused(self, step: str, reason: str) -> None:
        """A step was refused to somebody."""

    def slack_failed(self, method: str, error: str) -> None:
        """Slack did not do what it was asked, in its own word, or could not be reached."""


class Counter(Watch, Protocol):
    """A watch whose counts can be fetched."""

    def serve(self, host: str, port: int) -> Callable[[], None]:
        """Let them be fetched; returns how to stop."""


class Nobody:
    """Nobody watches."""

    def taken(self, step: str) -> None:
        """Goes by."""

    def refused(self, step: str, reason: str) -> None:
        """Goes by."""

    def slack_failed(self, method: str, error: str) -> None:
        """Goes by."""


class Listening(RetryHandler):
    """Hears every answer of Slack as a client's first retry handler, and leaves the retrying to the others."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        """Tell of a failure; never asks for another try."""
        said = _failure(response, error)
        if said:
            self._watch.slack_failed(request.url.rpartition("/")[2], said)
        return False


def _failure(response: HttpResponse | None, error: Exception | None) -> str | None:
    return type(error).__name__ if response is None else failure(response.status_code, response.body or {})


def failure(status: int, body: Mapping[str, Any]) -> str | None:
    """What went wrong with a call that was answered, in Slack's own word; None if nothing did."""
    if status != HTTPStatus.OK:
        return f"http_{status}"
    return None if body.get("ok", True) else str(body.get("error", "unknown"))
