"""A bot in HTTP mode: Bolt behind a web server, which refuses what is not signed as Slack signs."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from slack_bolt import App, BoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient

from bot.sandbox import Sandbox

Answer = Callable[[BoltRequest], BoltResponse | None]


class HttpBot:
    """`app` is a Bolt app that checks signatures; `instead` may answer before it, `requests` are all that came."""

    def __init__(self, sandbox: Sandbox, secret: str) -> None:
        self.app = App(
            client=WebClient(sandbox.company.bot_token, base_url=sandbox.api_url),
            signing_secret=secret,
            token_verification_enabled=False,
        )
        self.instead: Answer = lambda request: None
        self.requests: list[BoltRequest] = []
        self.heard: list[dict[str, Any]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/slack/events"

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.app.listener_runner.listener_executor.shutdown()

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What was asked, as Bolt reads it."""
        return [dict(request.body) for request in self.requests]

    def _handler(bot) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the inner class has a self of its own
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                request = BoltRequest(body=body, headers=dict(self.headers.items()))
                bot.requests.append(request)
                answer = bot.instead(request) or bot.app.dispatch(request)
                content = answer.body.encode()
                self.send_response(answer.status)
                for name, value in answer.first_headers_without_set_cookie().items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: tests speak for themselves."""

        return Handler


def refused(status: int = 500, **headers: str) -> BoltResponse:
    """What a bot in trouble answers."""
    return BoltResponse(status=status, body=json.dumps({"error": "trouble"}), headers=dict(headers))
