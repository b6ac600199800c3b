"""The public address of a bot over HTTP: takes what Slack sends to one replica that is there, and can spoil it."""

import itertools
import time
from collections.abc import Callable, Sequence
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from bot.sandbox.transport import ACK_SECONDS

PATH = "/slack/events"
BAD_GATEWAY, GATEWAY_TIMEOUT = 502, 504
TOO_LATE = ACK_SECONDS + 0.3
Reply = tuple[int, str | None, bytes]


class Balancer:
    """One address for all replicas; `ports` says where those are that live now."""

    def __init__(self, ports: Callable[[], Sequence[int]]) -> None:
        self._ports = ports
        self._turn = itertools.count()
        self._mishaps: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}{PATH}"

    def start(self) -> None:
        """Listen."""
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()

    def plan(self, mishap: str, times: int) -> None:
        """What befalls the next requests.

        "lose" brings none to a bot, "lose_ack" loses the answer, "double" brings each twice at the same time, and
        "late" brings it when Slack has given up.
        """
        self._mishaps += [mishap] * times

    def clear(self) -> None:
        """Nothing befalls the next requests."""
        self._mishaps.clear()

    def _answer(self, headers: dict[str, str], body: bytes) -> Reply:
        mishap = self._mishaps.pop(0) if self._mishaps else ""
        if mishap == "lose":
            return BAD_GATEWAY, None, b""
        if mishap == "late":
            time.sleep(TOO_LATE)
        if mishap == "double":
            again = headers | {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
            Thread(target=self._forward, args=(again, body)).start()
        reply = self._forward(headers, body)
        return (GATEWAY_TIMEOUT, None, b"") if mishap == "lose_ack" else reply

    def _forward(self, headers: dict[str, str], body: bytes) -> Reply:
        """To the next that takes a connection; whatever breaks after that is not tried again."""
        ports, turn = self._ports(), next(self._turn)
        for place in range(len(ports)):
            there = HTTPConnection("127.0.0.1", ports[(turn + place) % len(ports)], timeout=60)
            try:
                there.connect()
            except OSError:
                continue
            try:
                there.request("POST", PATH, body, headers)
                answer = there.getresponse()
                return answer.status, answer.getheader("Content-Type"), answer.read()
            except (OSError, HTTPException):
                return BAD_GATEWAY, None, b""
            finally:
                there.close()
        return BAD_GATEWAY, None, b""

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answer = self._answer

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, kind, said = answer(dict(self.headers.items()), body)
                self.send_response(status)
                if kind:
                    self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                try:
                    self.wfile.write(said)
                except OSError:
                    self.close_connection = True  # Slack has given up

            def log_message(self, format: str, *args: object) -> None:
                """A request is not worth a line."""

        return Handler
