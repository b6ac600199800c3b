"""Brings payloads to the bot by the way that is registered, and events again when they were not acked."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.sandbox.http_transport import HttpTransport
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.state import Json, Workspace
from bot.sandbox.transport import EVENT, Ack, NoAck, Parcel, Transport

# How long after which failed attempt an event comes again.
RETRY_AFTER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
# Events that are only sent to an app with the scope.
EVENT_SCOPES = {"user_change": "users:read", "team_join": "users:read"}


@dataclass(frozen=True)
class Retry:
    """An event that was not acked and will be delivered again at `due` (simulated time)."""

    due: datetime
    parcel: Parcel


class Courier:
    """HTTP where a request URL is registered, otherwise Socket Mode."""

    def __init__(self, workspace: Workspace, socket: SocketMode, http: HttpTransport) -> None:
        self._workspace = workspace
        self._retries: list[Retry] = []
        self.socket = socket
        self.http = http

    @property
    def transport(self) -> Transport:
        return self.http if self.http.url else self.socket

    @property
    def connections(self) -> int:
        return self.transport.connections

    async def deliver(self, kind: str, payload: Json) -> Ack | None:
        """A command or an interaction, which Slack sends once. None: no ack within three real seconds."""
        outcome = await self.transport.carry(Parcel(kind, payload))
        return outcome if isinstance(outcome, Ack) else None

    async def event(self, payload: Json) -> bool:
        """Delivers an event; unacked it comes again at once, after 1 and after 5 simulated minutes."""
        name = payload["event"]["type"]
        company = self._workspace.company
        if name not in company.events or EVENT_SCOPES.get(name, "") not in ("", *company.scopes):
            return False
        return await self._try_event(Parcel(EVENT, payload))

    def next_retry(self) -> datetime | None:
        return min((retry.due for retry in self._retries), default=None)

    async def retry_due(self) -> None:
        """Delivers the events whose time has come again."""
        due = [retry for retry in self._retries if retry.due <= self._workspace.now]
        self._retries = [retry for retry in self._retries if retry not in due]
        for retry in due:
            await self._try_event(retry.parcel)

    async def _try_event(self, parcel: Parcel) -> bool:
        outcome = await self.transport.carry(parcel)
        if not isinstance(outcome, NoAck):
            return True
        if outcome.final or parcel.attempt >= len(RETRY_AFTER):
            return False
        again = replace(parcel, attempt=parcel.attempt + 1, reason=outcome.reason)
        wait = RETRY_AFTER[parcel.attempt]
        if not wait:
            return await self._try_event(again)
        self._retries.append(Retry(self._workspace.now + wait, again))
        return False
