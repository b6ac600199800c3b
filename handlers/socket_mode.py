"""Socket Mode: a connection that the bot opens to Slack, over which requests come and acks go."""

from collections.abc import Callable
from threading import Event

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot import attempts
from handlers.web import Answering

log = structlog.get_logger()


class Socket(SocketModeHandler):
    """Bolt's, which also says when a request has its ack: that leaves some time after its listener has ended."""

    def __init__(self, app: App, app_token: str, opener: WebClient, answering: Answering) -> None:
        super().__init__(app, app_token, web_client=opener)
        self._answering = answering

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Called by the client for every request."""
        try:
            with self._answering():
                super().handle(client, req)
        except Exception:  # the outermost edge: Bolt reads a request before any listener, and a line may break
            log.exception("unanswered_request")


def connect(app: App, app_token: str, opener: WebClient, answering: Answering, stop: Event) -> Callable[[], None]:
    """Open the connection, once Slack can be reached; returns how to close it. `opener` asks Slack where to."""
    socket = Socket(app, app_token, opener, answering)
    attempts.until_done("not_connected", socket.connect, stop)
    return socket.close
