"""HTTP instead of Socket Mode, for a company with a public address: Slack's requests and a health check.

A threaded WSGI server, because Bolt's listeners are synchronous; an event loop would serve one at a time.
"""

from collections.abc import Callable, Iterable
from threading import Thread
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from waitress.server import create_server

PATH, HEALTH = "/slack/events", "/healthz"
THREADS = 32

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def serve(app: App, port: int) -> Callable[[], None]:
    """Listen on all interfaces; returns how to stop."""
    server = create_server(application(app), host="0.0.0.0", port=port, threads=THREADS)  # noqa: S104  Slack calls from outside
    Thread(target=server.run, name="web", daemon=True).start()

    def stop() -> None:
        server.close()

    return stop


def application(app: App) -> WSGI:
    """The WSGI application: signed requests go to Bolt, which refuses what is not signed."""
    slack: WSGI = SlackRequestHandler(app, path=PATH)

    def route(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == HEALTH:
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [b"ok"]
        return slack(environ, start_response)

    return route
