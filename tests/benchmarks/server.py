"""The bot over HTTP as bot/app.py serves it, or a Bolt app whose only listener does nothing; a process of its own.

`python -m tests.benchmarks.server own DATABASE_URL SLACK_URL`, or `bare` or `opening` in place of `own`. The
last one opens a small modal and does nothing else: the least that a listener for `/improve` can do.
"""

import signal
import socket
import sys
from collections.abc import Mapping
from threading import Event
from typing import Any

from pydantic import SecretStr
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot import app, logs
from bot.clock import SystemClock
from bot.listeners import Listeners
from bot.settings import Settings
from handlers import web

SECRET, TOKEN = "a-secret-of-the-benchmark", "xoxb-bench"
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "."}, "blocks": []}


def main() -> None:
    """Serve on a free port, say which, and stop when told."""
    kind, database_url, slack_url = sys.argv[1:]
    logs.set_up("json")
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    port = free_port()
    built = {"own": own, "bare": bare, "opening": opening}[kind](database_url, slack_url)
    end = web.serve(built, SECRET, port)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    stop.wait()
    end()


def own(database_url: str, slack_url: str) -> App:
    """The bot."""
    return app.build(settings(database_url, slack_url), SystemClock()).app


def settings(database_url: str, slack_url: str) -> Settings:
    """The bot in HTTP mode, beside the Slack of the benchmarks."""
    return Settings(
        slack_bot_token=SecretStr(TOKEN),
        slack_signing_secret=SecretStr(SECRET),
        port=1,
        database_url=database_url,
        slack_url=slack_url,
    )


def bare(_database_url: str, slack_url: str) -> App:
    """The same server around a listener that only acks."""
    made = App(
        client=WebClient(TOKEN, base_url=slack_url),
        signing_secret=SECRET,
        token_verification_enabled=False,
        listener_executor=Listeners(app.LISTENERS),
    )
    made.command("/improve")(_ack)
    return made


def opening(_database_url: str, slack_url: str) -> App:
    """The same around a listener that acks and opens a modal without content."""
    made = bare("", slack_url)
    made.command("/open")(_ack_and_open)
    return made


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ack(ack: Ack) -> None:
    ack()


def _ack_and_open(ack: Ack, client: WebClient, body: Mapping[str, Any]) -> None:
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=MODAL)


if __name__ == "__main__":
    main()
