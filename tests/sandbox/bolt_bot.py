"""A small real bot for these tests: slack_bolt over Socket Mode, and the bot's end of the time channel."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.request import Request, urlopen

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.sandbox import Sandbox

Tick = Callable[[datetime], dict[str, str | None]]


class TrackingExecutor(ThreadPoolExecutor):
    """Knows which listeners are still running."""

    def __init__(self) -> None:
        super().__init__(max_workers=10)
        self.running: set[Future[Any]] = set()

    def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = super().submit(*args, **kwargs)
        self.running.add(future)
        future.add_done_callback(self.running.discard)
        return future


class BoltBot:
    """Connects on `start()`. `tick` stands for the bot's scheduler and outbox.

    Every `ping_seconds` slack_sdk looks after its line; one that was silent for four times as long it takes for cut.
    """

    def __init__(self, sandbox: Sandbox, ping_seconds: float) -> None:
        self.sandbox = sandbox
        self.ping_seconds = ping_seconds
        self.client = WebClient(sandbox.company.bot_token, base_url=sandbox.api_url)
        self.executor = TrackingExecutor()
        self.app = App(client=self.client, listener_executor=self.executor)
        self.tick: Tick = lambda now: {}
        self.heard: list[dict[str, Any]] = []
        self.home: dict[str, Any] | None = None
        self.app.event("app_home_opened")(self._publish_home)
        self._time_server: TimeServer | None = None
        self._socket: SocketModeHandler | None = None

    def start(self) -> "BoltBot":
        self._time_server = TimeServer(self._tick)
        self._time_server.announce(self.sandbox.url)
        self._socket = SocketModeHandler(self.app, self.sandbox.company.app_token, ping_interval=self.ping_seconds)
        self._socket.connect()  # type: ignore[no-untyped-call]
        return self

    def stop_reconnecting(self) -> None:
        """Before the sandbox stops; slack_sdk would try to come back."""
        if self._socket is not None:
            self._socket.client.default_auto_reconnect_enabled = False
            self._socket.client.auto_reconnect_enabled = False
            self._socket.client.current_session_state.terminated = True

    def stop(self) -> None:
        """After the sandbox has stopped: its end of the connection is closed, ours ends by itself."""
        if self._socket is not None:
            client = self._socket.client
            client.current_session_runner.shutdown()  # type: ignore[no-untyped-call]
            # The queue is polled for a whole second; something in it lets the thread see that it is over.
            client.closed = True
            client.enqueue_message("{}")
            self._socket.close()  # type: ignore[no-untyped-call]
        if self._time_server is not None:
            self._time_server.stop()
        self.executor.shutdown()

    def _publish_home(self, event: dict[str, Any], client: WebClient) -> None:
        if self.home is not None:
            client.views_publish(user_id=event["user"], view=self.home)

    def _tick(self, now: datetime) -> dict[str, str | None]:
        for future in list(self.executor.running):
            future.exception()
        return self.tick(now)


class TimeServer:
    """The bot's end of the time channel: answers /tick with what `tick` says."""

    def __init__(self, tick: Tick) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                answer = json.dumps(tick(datetime.fromisoformat(asked["now"]))).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: tests speak for themselves."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def announce(self, sandbox_url: str) -> dict[str, Any]:
        body = json.dumps({"url": self.url}).encode()
        with urlopen(Request(f"{sandbox_url}/_time/bots", body)) as response:
            found: dict[str, Any] = json.load(response)
        return found

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
