"""A small client of the control API, for a demo and for tests: JSON in, JSON out, nothing remembered."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

TIMEOUT_SECONDS = 180


class ControlClient:
    """`act("command", as_="U_CHEN", text="/improve")` and `look("messages", dm="U_CHEN")`.

    A keyword ending in an underscore (`as_`) stands for the word without it. Refusals of the control API come
    back as data with an `error`, not as exceptions.
    """

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc

    def act(self, call: str, **wish: Any) -> dict[str, Any]:
        return self._ask("POST", f"/_control/{call}", {key.rstrip("_"): value for key, value in wish.items()})

    def look(self, call: str, **query: Any) -> dict[str, Any]:
        words = urlencode({key.rstrip("_"): value for key, value in query.items()})
        return self._ask("GET", f"/_control/{call}?{words}", None)

    def _ask(self, method: str, path: str, wish: dict[str, Any] | None) -> dict[str, Any]:
        connection = HTTPConnection(self._host, timeout=TIMEOUT_SECONDS)
        try:
            body = None if wish is None else json.dumps(wish).encode()
            connection.request(method, path, body, {"Content-Type": "application/json"})
            found: dict[str, Any] = json.load(connection.getresponse())
        finally:
            connection.close()
        return found
