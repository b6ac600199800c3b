"""Socket Mode: WebSocket connections of the bot, envelopes to exactly one of them, acks within 3 seconds."""

import asyncio
import itertools
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.state import Json, Workspace

ACK_SECONDS = 3.0
MOST_CONNECTIONS = 10
RETRY_AFTER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))


@dataclass(frozen=True)
class Ack:
    """The bot answered an envelope; `payload` is None for an empty answer."""

    payload: Any = None


@dataclass(frozen=True)
class Retry:
    """An event that was not acked and will be delivered again at `due` (simulated time)."""

    due: datetime
    payload: Json
    attempt: int


class SocketMode:
    """The bot's connections, used in turn."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Ack | None]]] = {}
        self._turn = itertools.count()
        self._retries: list[Retry] = []

    @property
    def connections(self) -> int:
        return len(self._sockets)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from hello until either side closes it."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self._sockets) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self._sockets.append(socket)
        try:
            await socket.send_json(self._hello())
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._hear(frame.json())
        finally:
            self._sockets.remove(socket)
            self._give_up_on(socket)
        return socket

    async def close(self) -> None:
        for socket in list(self._sockets):
            await socket.close()

    async def deliver(self, kind: str, payload: Json, *, attempt: int = 0) -> Ack | None:
        """Sends one envelope. None: nobody there, no ack within 3 real seconds, or the connection broke."""
        if not self._sockets:
            return None
        socket = self._sockets[next(self._turn) % len(self._sockets)]
        envelope_id = str(uuid.uuid4())
        envelope: Json = {"envelope_id": envelope_id, "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        ack: asyncio.Future[Ack | None] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = (socket, ack)
        try:
            await socket.send_json(envelope)
            return await asyncio.wait_for(ack, ACK_SECONDS)
        except (TimeoutError, ConnectionError):
            return None
        finally:
            del self._waiting[envelope_id]

    async def event(self, payload: Json) -> bool:
        """Delivers an event; unacked it comes again at once, after 1 and after 5 simulated minutes."""
        return await self._try_event(payload, 0)

    def next_retry(self) -> datetime | None:
        return min((retry.due for retry in self._retries), default=None)

    async def retry_due(self) -> None:
        """Delivers the events whose time has come again."""
        due = [retry for retry in self._retries if retry.due <= self._workspace.now]
        self._retries = [retry for retry in self._retries if retry not in due]
        for retry in due:
            await self._try_event(retry.payload, retry.attempt)

    async def _try_event(self, payload: Json, attempt: int) -> bool:
        if await self.deliver("events_api", payload, attempt=attempt) is not None:
            return True
        if attempt == 0:
            return await self._try_event(payload, 1)
        if attempt < len(RETRY_AFTER):
            due = self._workspace.now + RETRY_AFTER[attempt]
            self._retries.append(Retry(due, payload, attempt + 1))
        return False

    def _hear(self, answer: Json) -> None:
        _, waiting = self._waiting.get(str(answer.get("envelope_id")), (None, None))
        if waiting is not None and not waiting.done():
            waiting.set_result(Ack(answer.get("payload")))

    def _give_up_on(self, socket: web.WebSocketResponse) -> None:
        for owner, waiting in self._waiting.values():
            if owner is socket and not waiting.done():
                waiting.set_result(None)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._sockets),
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 3600},
            "connection_info": {"app_id": self._workspace.company.app_id},
        }
