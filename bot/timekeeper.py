"""Simulated time: the sandbox owns the clock and calls this process when time has moved or something was said.

A loopback channel of plain HTTP. `POST /tick {"now", "sending"}` sets the clock, waits for the listeners in
flight, does everything that is due at that moment and answers when more could be done. No test ever has to sleep.
"""

import json
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.request import Request, urlopen

from sqlalchemy.exc import SQLAlchemyError

from bot.clock import SimulatedClock
from bot.listeners import Listeners
from bot.scheduler import SEND_SECONDS, Agenda

WAIT_SECONDS = 10


class Timekeeper:
    """This process's end of the time channel."""

    def __init__(self, clock: SimulatedClock, agenda: Agenda, listeners: Listeners) -> None:
        self._clock = clock
        self._agenda = agenda
        self._listeners = listeners
        self._one_at_a_time = Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = Thread(target=self._server.serve_forever, name="timekeeper", daemon=True)

    def start(self, time_url: str) -> None:
        """Listen, and tell the sandbox where."""
        self._thread.start()
        _post(f"{time_url.rstrip('/')}/bots", {"url": f"http://127.0.0.1:{self._server.server_port}"})

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()

    def tick(self, now: datetime, *, sending: bool = False) -> dict[str, Any]:
        """Do everything that is due at `now`, or only send. The landmarks are named when nothing is left to be sent."""
        with self._one_at_a_time:
            self._clock.move_to(now)
            self._listeners.wait_until_idle()
            if not sending:
                self._agenda.run_due(self._clock.now())
            self._agenda.send()
            later = self._next_send(self._clock.now())
            return {
                "next_send": later.isoformat() if later else None,
                "next_moment": self._agenda.next_moment(self._clock.now()).isoformat(),
                "landmarks": {} if later else self._landmarks(),
            }

    def _next_send(self, now: datetime) -> datetime | None:
        """What could have been sent now and was not met trouble; a ticker would try again a second later."""
        later = self._agenda.next_send(now)
        return now + timedelta(seconds=SEND_SECONDS) if later is not None and later <= now else later

    def _landmarks(self) -> dict[str, str]:
        return {name: moment.isoformat() for name, moment in self._agenda.landmarks(self._clock.now()).items()}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        tick = self.tick

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                try:
                    status, said = 200, tick(datetime.fromisoformat(body["now"]), sending=body.get("sending", False))
                except SQLAlchemyError as error:  # the database is away: the next tick may find it
                    status, said = 503, {"error": type(error).__name__}
                answer = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:
                """Ticks are not worth a line each."""

        return Handler


def simulated_now(time_url: str) -> datetime:
    """What time the sandbox says it is."""
    with urlopen(time_url.rstrip("/"), timeout=WAIT_SECONDS) as answer:  # noqa: S310  the address is our own setting
        return datetime.fromisoformat(json.load(answer)["now"])


def _post(url: str, body: dict[str, str]) -> None:
    request = Request(  # noqa: S310  the address is our own setting
        url, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )
    with urlopen(request, timeout=WAIT_SECONDS):  # noqa: S310
        return
