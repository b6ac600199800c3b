"""HTTP instead of Socket Mode, for a company with a public address: Slack's requests and a health check.

A threaded WSGI server, because Bolt's listeners are synchronous; an event loop would serve one at a time.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from io import BytesIO
from threading import Thread
from typing import Any

import structlog
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk.signature import SignatureVerifier
from waitress.server import TcpWSGIServer, create_server
from waitress.wasyncore import dispatcher

SIGNED_AT, SIGNATURE = "HTTP_X_SLACK_REQUEST_TIMESTAMP", "HTTP_X_SLACK_SIGNATURE"
PATH, HEALTH = "/slack/events", "/healthz"
THREADS = 32
MOST_BODY, MOST_HEADERS = 100 * 3_000 * 9 + 250_000 * 3, 32 * 1024
"""What a request may hold, in bytes: the largest form Slack allows, written as a URL.

That is 100 inputs of 3,000 characters, each up to 9 bytes (`%E4%B8%AD`; as `%5Cu4e2d` it is 8), and the view they
stand in: 250 kB with its texts and its metadata, each byte up to 3.
"""

CONNECTIONS, IDLE_SECONDS = 1_000, 30
"""Whoever connects and says nothing holds no thread, and is sent away in the end."""

ANSWER_SECONDS, FLUSH_SECONDS = 5, 2
"""What a stop waits for: answers that were begun, which Slack takes for 3 seconds, and their way out."""

log = structlog.get_logger()

Answering = Callable[[], AbstractContextManager[None]]
"""Says, as long as its block lasts, that somebody waits for an answer."""

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def serve(app: App, secret: str, port: int, answering: Answering = nullcontext) -> Callable[[], None]:
    """Listen on all interfaces; returns how to stop: what was begun is answered, and nothing else."""
    server = create_server(
        application(app, secret, answering),
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
    loop = Thread(target=server.run, name="web", daemon=True)
    loop.start()

    def stop() -> None:
        in_loop = server.trigger.pull_trigger
        in_loop(partial(dispatcher.close, server))  # its own close() would close the trigger, too
        server.task_dispatcher.shutdown(timeout=ANSWER_SECONDS)
        in_loop(partial(_hang_up, server))
        loop.join(FLUSH_SECONDS)

    return stop


def application(app: App, secret: str, answering: Answering = nullcontext) -> WSGI:
    """The WSGI application: Bolt hears what Slack signed. It asks, too, but reads the body first, which takes time."""
    slack: WSGI = SlackRequestHandler(app, path=PATH)
    verifier = SignatureVerifier(secret)

    def route(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == HEALTH:
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [b"ok"]
        if not _is_signed(environ, verifier):
            start_response("401 Unauthorized", [("Content-Type", "text/plain")])
            return [b"not signed"]
        try:
            with answering():
                return slack(environ, start_response)
        except Exception as error:  # noqa: BLE001  the outermost edge: Bolt reads a body before any listener
            log.warning("unreadable_request", error=type(error).__name__)
            start_response("400 Bad Request", [("Content-Type", "text/plain")])
            return [b"unreadable"]

    return route


def _is_signed(environ: dict[str, Any], verifier: SignatureVerifier) -> bool:
    """Whether Slack signed this body just now; who reads it next finds it as it came."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = BytesIO(body)
    try:
        return verifier.is_valid(body, environ.get(SIGNED_AT), environ.get(SIGNATURE))
    except (OverflowError, TypeError, ValueError):  # a time that is no number or has no end, signs that are no text
        return False


def _hang_up(server: TcpWSGIServer) -> None:
    """End every line when its answers are out, and with them the loop; only the loop's own thread may do this.

    Whoever still answers will pull the trigger: write to the number of a file, which is another's once it is closed.
    """
    for line in server.active_channels.values():
        line.close_when_flushed = True
    if not server.task_dispatcher.threads:
        server.trigger.close()
