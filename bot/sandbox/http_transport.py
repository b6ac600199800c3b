"""HTTP mode: signed requests to the bot's request URL, the ack in the answer."""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

from bot.sandbox import payloads
from bot.sandbox.state import Json, Workspace
from bot.sandbox.transport import ACK_SECONDS, EVENT, Ack, NoAck, Outcome, Parcel, noted

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
MOST_REDIRECTS = 2


class NotVerifiedError(Exception):
    """A request URL that did not answer the challenge; the message says what it did instead."""


@dataclass(frozen=True)
class Reply:
    """What came back over HTTP."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def data(self) -> object:
        """The body as an ack holds it: JSON as it is, a text as a text, nothing as None."""
        if not self.body:
            return None
        return json.loads(self.body) if self.headers.get("Content-Type", "").startswith(JSON) else self.body


class HttpTransport:
    """The bot's request URL, once it has been registered; one for commands, interactivity, options and events."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.url = ""

    @property
    def connections(self) -> int:
        return 1 if self.url else 0

    async def register(self, url: str) -> None:
        """Takes the URL if it answers url_verification with the challenge. Raises NotVerifiedError."""
        challenge = secrets.token_hex(20)
        asked: Json = {"token": payloads.TOKEN, "challenge": challenge, "type": "url_verification"}
        parcel = Parcel(EVENT, asked)
        outcome = await noted(self._workspace.wire, "http", parcel, self._send(url, parcel))
        if isinstance(outcome, NoAck):
            raise NotVerifiedError(outcome.reason)
        answer = outcome.payload
        if challenge not in (answer, answer.get("challenge") if isinstance(answer, dict) else None):
            raise NotVerifiedError("the challenge did not come back")
        self.url = url

    def forget(self) -> None:
        """Back to Socket Mode."""
        self.url = ""

    async def carry(self, parcel: Parcel) -> Outcome:
        return await noted(self._workspace.wire, "http", parcel, self._send(self.url, parcel))

    async def _send(self, url: str, parcel: Parcel) -> Outcome:
        try:
            reply = await self._post(url, parcel)
            answer = reply.data
        except TimeoutError:
            return NoAck("http_timeout")
        except aiohttp.ClientSSLError:
            return NoAck("ssl_error")
        except (aiohttp.ClientConnectionError, ConnectionError):
            return NoAck("connection_failed")
        except aiohttp.TooManyRedirects:
            return NoAck("too_many_redirects")
        except (aiohttp.ClientError, ValueError):
            return NoAck("unknown_error")
        fine = 200 <= reply.status < 300 if parcel.kind == EVENT else reply.status == 200
        return Ack(answer) if fine else NoAck("http_error", reply.headers.get("X-Slack-No-Retry") == "1")

    async def _post(self, url: str, parcel: Parcel) -> Reply:
        kind, body = _written(parcel)
        headers = {"Content-Type": kind, "User-Agent": "Slackbot 1.0"}
        headers |= signature(self._workspace.company.signing_secret, body, int(time.time()))
        if parcel.attempt:
            headers |= {"X-Slack-Retry-Num": str(parcel.attempt), "X-Slack-Retry-Reason": parcel.reason}
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ACK_SECONDS)) as session,
            session.post(url, data=body, headers=headers, max_redirects=MOST_REDIRECTS) as response,
        ):
            return Reply(response.status, response.headers, await response.text())


def signature(secret: str, body: bytes, at: int) -> dict[str, str]:
    """The two headers by which a bot knows Slack. `at` is real time in seconds: a bot compares it with its clock."""
    digest = hmac.new(secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={digest}"}


def _written(parcel: Parcel) -> tuple[str, bytes]:
    """Content type and body: events are JSON, commands a form, interactions JSON in a form's one field."""
    if parcel.kind == EVENT:
        return JSON, json.dumps(parcel.payload).encode()
    fields = parcel.payload if parcel.kind == "slash_commands" else {"payload": json.dumps(parcel.payload)}
    return FORM, urlencode(fields).encode()
