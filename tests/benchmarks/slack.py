"""As much of Slack as answers quickly: every call is well, and nothing is remembered. A process of its own.

The local workspace checks what it is sent, which would cost more than what is to be measured.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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


class Server(ThreadingHTTPServer):
    """Takes many connections at once."""

    request_queue_size = 128


class Handler(BaseHTTPRequestHandler):
    """Answers whatever is asked."""

    def do_POST(self) -> None:
        """Read the call and say that it is done."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, format: str, *args: object) -> None:
        """Calls are not worth a line each."""


@contextmanager
def slack() -> Iterator[str]:
    """The address of its Web API, as long as the block lasts."""
    with program("tests.benchmarks.slack") as (port,):
        yield f"http://127.0.0.1:{port}/api/"


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
    server = Server(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
