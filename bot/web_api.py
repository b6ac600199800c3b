"""Slack's Web API over connections that stay open: whoever waits for a modal does not wait for a handshake as well."""

import json as text_of
import ssl
from collections import deque
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import urljoin, urlsplit
from weakref import finalize

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.watch import Listening, Watch, failure

IDLE_SECONDS = 20
"""How long an unused connection is trusted: firewalls forget a silent one without telling anybody."""


class Lines:
    """Open connections to one host, each used by one call at a time. The one used last is used next."""

    def __init__(self, url: str, timeout: float, context: ssl.SSLContext) -> None:
        self._address = urlsplit(url)
        self._timeout, self._context = timeout, context
        self._idle: deque[tuple[float, HTTPConnection]] = deque()
        self._lock = Lock()

    def take(self) -> HTTPConnection:
        """One that is free, or a new one."""
        with self._lock:
            while self._idle and self._idle[0][0] < monotonic() - IDLE_SECONDS:
                self._idle.popleft()[1].close()
            if self._idle:
                return self._idle.pop()[1]
        host, port = self._address.hostname or "", self._address.port
        if self._address.scheme == "https":
            return HTTPSConnection(host, port, timeout=self._timeout, context=self._context)
        return HTTPConnection(host, port, timeout=self._timeout)

    def give_back(self, line: HTTPConnection) -> None:
        """Its answer has been read to the end."""
        with self._lock:
            self._idle.append((monotonic(), line))

    def close(self) -> None:
        """Close those that are free."""
        with self._lock:
            while self._idle:
                self._idle.pop()[1].close()


class KeptAlive(WebClient):
    """The client for calls that a person waits for.

    The SDK makes a new connection for each call. Here a call that is plain JSON goes over one that is open; everything
    else goes the SDK's way: files, other kinds of parameters, a proxy, and what an open connection fails to carry. The
    SDK too repeats a call whose connection broke, so only what may be done twice is called here; messages have
    `posting_client`.
    """

    def __init__(self, token: str, *, base_url: str, timeout: int, watch: Watch) -> None:
        """`timeout` in seconds; `watch` is told of every failure."""
        # The SDK would read the certificates of this machine for each call, which takes longer than the call.
        context = ssl.create_default_context()
        super().__init__(token, base_url=base_url, timeout=timeout, ssl=context)
        self.retry_handlers.insert(0, Listening(watch))
        self._watch = watch
        self._lines = Lines(self.base_url, timeout, context)
        finalize(self, self._lines.close)

    def api_call(self, api_method: str, *, json: dict[str, Any] | None = None, **more: Any) -> SlackResponse:
        """Call a method; raises `SlackApiError` for what Slack refuses, `OSError` where it is not reached in time."""
        if json is None or more or self.proxy:
            return super().api_call(api_method, json=json, **more)
        url = urljoin(self.base_url, api_method)
        try:
            status, headers, body = self._send(urlsplit(url).path, text_of.dumps(json).encode())
        except TimeoutError as error:
            self._watch.slack_failed(api_method, type(error).__name__)
            raise
        except (OSError, HTTPException):
            return super().api_call(api_method, json=json)
        data = _data(body)
        said = failure(status, data)
        if said:
            self._watch.slack_failed(api_method, said)
        answer = SlackResponse(
            client=self, http_verb="POST", api_url=url, req_args={}, data=data, headers=headers, status_code=status
        )
        answer.validate()  # type: ignore[no-untyped-call]
        return answer

    def _send(self, path: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        line = self._lines.take()
        try:
            line.request("POST", path, body, self._head())
            answer = line.getresponse()
            read = answer.read()
        except (OSError, HTTPException):
            line.close()
            raise
        if not answer.will_close:
            self._lines.give_back(line)
        return answer.status, dict(answer.headers), read

    def _head(self) -> dict[str, str]:
        own = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json;charset=utf-8"}
        return self.headers | own


def _data(body: bytes) -> dict[str, Any]:
    """What Slack said; a page of some proxy says nothing that could be read."""
    try:
        data = text_of.loads(body)
    except ValueError:
        return {"ok": False, "error": "unreadable"}
    return data if isinstance(data, dict) else {"ok": False, "error": "unreadable"}
