"""HTTP instead of Socket Mode, for a company with a public address: Slack's requests and a health check.

A threaded WSGI server, because Bolt's listeners are synchronous; an event loop would serve one at a time.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from threading import Thread
from typing import Any

import structlog
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from waitress.server import create_server

SIGNED_AT, TIMESTAMP = "HTTP_X_SLACK_REQUEST_TIMESTAMP", re.compile(r"[0-9]{1,12}")
PATH, HEALTH = "/slack/events", "/healthz"
THREADS = 32
MOST_BODY, MOST_HEADERS = 4 * 1024 * 1024, 32 * 1024
"""What a request may hold, in bytes: the largest form Slack allows, written as a URL, several times over."""

CONNECTIONS, IDLE_SECONDS = 1_000, 30
"""Whoever connects and says nothing holds no thread, and is sent away in the end."""

log = structlog.get_logger()

Answering = Callable[[], AbstractContextManager[None]]
"""Says, as long as its block lasts, that somebody waits for an answer."""

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def serve(app: App, port: int, answering: Answering = nullcontext) -> Callable[[], None]:
    """Listen on all interfaces; returns how to stop."""
    server = create_server(
        application(app, answering),
        host="0.0.0.0",  # noqa: S104  Slack calls from outside
        port=port,
        threads=THREADS,
        max_request_body_size=MOST_BODY,
        max_request_header_size=MOST_HEADERS,
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE_SECONDS,
        cleanup_interval=IDLE_SECONDS // 3,
        asyncore_use_poll=True,  # select() knows no more than 1,024 files
        ident=None,
    )
    Thread(target=server.run, name="web", daemon=True).start()

    def stop() -> None:
        server.close()

    return stop


def application(app: App, answering: Answering = nullcontext) -> WSGI:
    """The WSGI application: signed requests go to Bolt, which refuses what is not signed."""
    slack: WSGI = SlackRequestHandler(app, path=PATH)

    def route(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == HEALTH:
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [b"ok"]
        if not TIMESTAMP.fullmatch(environ.get(SIGNED_AT, "0")):
            start_response("401 Unauthorized", [("Content-Type", "text/plain")])
            return [b"not signed"]
        try:
            with answering():
                return slack(environ, start_response)
        except Exception as error:  # noqa: BLE001  the outermost edge: Bolt reads a body before it asks whose it is
            log.warning("unreadable_request", error=type(error).__name__)
            start_response("400 Bad Request", [("Content-Type", "text/plain")])
            return [b"unreadable"]

    return route
