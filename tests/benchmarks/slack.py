"""As much of Slack as answers quickly: every call is well; only which modals were opened is remembered.

A process of its own. The local workspace checks what it is sent, which would cost more than what is to be measured.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import perf_counter
from urllib.request import urlopen

ANSWER = json.dumps(
    {
        "ok": True,
        "team_id": "T1",
        "bot_id": "B1",
        "user_id": "U_BOT",
        "channel": "D1",
        "ts": "1700000000.000100",
        "members": [],
        "messages": [],
        "view": {"id": "V1"},
    }
).encode()
OPENS, TRIGGER = "views.open", re.compile(rb'"trigger_id": "([^"]*)"')


class Server(ThreadingHTTPServer):
    """Takes many connections at once."""

    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.opened: dict[str, float] = {}


class Handler(BaseHTTPRequestHandler):
    """Answers whatever is asked, and keeps connections open as Slack does."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one piece

    server: Server

    def do_POST(self) -> None:
        """Read the call and say that it is done."""
        asked = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.endswith(OPENS):
            found = TRIGGER.search(asked)
            self.server.opened[found[1].decode() if found else ""] = perf_counter()
        self._answer(ANSWER)

    def do_GET(self) -> None:
        """Say which triggers have opened a modal, and when, and forget them."""
        so_far = list(self.server.opened)
        self._answer(json.dumps({trigger: self.server.opened.pop(trigger) for trigger in so_far}).encode())

    def _answer(self, said: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:
        """Calls are not worth a line each."""


@contextmanager
def slack() -> Iterator[str]:
    """The address of its Web API, as long as the block lasts."""
    with program("tests.benchmarks.slack") as (port,):
        yield f"http://127.0.0.1:{port}/api/"


def opened(address: str) -> dict[str, float]:
    """When modals were opened since one asked last, by their triggers, on the clock of `perf_counter`."""
    with urlopen(address) as answer:
        found: dict[str, float] = json.load(answer)
    return found


@contextmanager
def program(module: str, *arguments: str) -> Iterator[list[str]]:
    """A Python program that runs as long as the block; what it says in its first line, word by word."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def main() -> None:
    """Say where, then answer for ever."""
    server = Server()
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
