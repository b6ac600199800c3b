"""Socket Mode: WebSocket connections of the bot, envelopes to exactly one of them, acks within 3 seconds."""

import asyncio
import itertools
import struct
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.state import Json, Workspace
from bot.sandbox.transport import ACK_SECONDS, EVENT, Ack, NoAck, Outcome, Parcel, noted

MOST_CONNECTIONS = 10
LIFE_SECONDS, DEBUG_LIFE_SECONDS = 3600, 360
DISCONNECTS = ("warning", "refresh_requested", "drop")
MISHAPS = ("double", "lose", "lose_ack")
PING_SECONDS = 0.2
WARNING_SECONDS, LONGEST_WARNING = 10.0, 60
# How long a bot that was cut off is expected back, in real time: slack_sdk looks after its line every five seconds.
RETURN_SECONDS = 15.0
LOST = NoAck("connection_lost")


@dataclass(eq=False)
class Link:
    """One connection: `leaving` once the bot was told to come back over another, `closed` to further envelopes."""

    socket: web.WebSocketResponse
    request: web.Request
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    leaving: bool = False
    closed: bool = False


class SocketMode:
    """The bot's connections, used in turn."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._links: list[Link] = []
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._turn = itertools.count()
        self._arrival = asyncio.Event()
        self._expected_until = 0.0
        self._mishaps: list[str] = []
        self._endings: set[asyncio.Task[None]] = set()

    @property
    def connections(self) -> int:
        return len(self._open_links())

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello until either side closes it."""
        if not self._workspace.take_ticket(request.query.get("ticket", "")):
            return web.Response(status=403, text="the ticket is unknown or used")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if self.connections >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        link = self._enter(socket, request)
        try:
            await socket.send_json(self._hello(request))
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._hear(frame.json())
        finally:
            self._leave(link)
        return socket

    async def close(self) -> None:
        for task in list(self._endings):
            task.cancel()
        for link in list(self._links):
            await link.socket.close()

    async def carry(self, parcel: Parcel) -> Outcome:
        """Over one connection, and again over another if that one ends before the ack."""
        envelope_id = str(uuid.uuid4())
        ack: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = ack
        envelope = _envelope(envelope_id, parcel)
        mishap = self._mishaps.pop(0) if self._mishaps else ""
        try:
            link = None if mishap == "lose" else await self._next_link()
            if mishap == "double":
                await self._send_unheard(parcel)
            if mishap == "lose_ack":
                del self._waiting[envelope_id]
            while True:
                outcome = await noted(self._workspace.wire, "socket_mode", parcel, self._send(link, envelope, ack))
                lost = isinstance(outcome, NoAck) and outcome.reason == LOST.reason
                link = await self._next_link() if lost else None
                if link is None:
                    return outcome
        finally:
            self._waiting.pop(envelope_id, None)

    def plan(self, mishap: str, times: int = 1) -> None:
        """What befalls the next envelopes.

        "double" delivers each twice, "lose" never brings it to the bot, "lose_ack" loses what the bot answers.
        """
        self._mishaps += [mishap] * times

    def forget_plans(self) -> None:
        """Nothing befalls the next envelopes."""
        self._mishaps.clear()

    async def disconnect(self, reason: str, seconds: float = WARNING_SECONDS) -> int:
        """Ends every connection, and says how many there were. The bot is expected back.

        "warning" announces it and closes after `seconds` real seconds unless the bot leaves first,
        "refresh_requested" announces it and closes, "drop" cuts the line without a word.
        """
        links = list(self._links)
        if links:
            self._expected_until = time.monotonic() + RETURN_SECONDS + (seconds if reason == "warning" else 0)
        for link in links:
            link.leaving, link.closed = reason != "drop", reason != "warning"
            if reason == "drop":
                self._cut(link)
            else:
                await link.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
                self._end(link, 0 if link.closed else seconds)
        return len(links)

    # -- connections come and go

    def _enter(self, socket: web.WebSocketResponse, request: web.Request) -> Link:
        link = Link(socket, request)
        self._links.append(link)
        self._arrival.set()
        return link

    def _leave(self, link: Link) -> None:
        link.closed = True
        if link in self._links:
            self._links.remove(link)
        link.gone.set()

    def _cut(self, link: Link) -> None:
        self._leave(link)
        if link.request.transport is not None:
            # Reset, not closed in order: the line is dead for the bot at once.
            link.request.transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
            link.request.transport.abort()

    def _end(self, link: Link, seconds: float) -> None:
        task = asyncio.create_task(_end_after(link, seconds))
        self._endings.add(task)
        task.add_done_callback(self._endings.discard)

    async def _next_link(self) -> Link | None:
        """One connection in turn; none is there while the bot is away. One that was cut off is waited for."""
        while not self._open_links():
            wait = self._expected_until - time.monotonic()
            self._arrival.clear()
            try:
                await asyncio.wait_for(self._arrival.wait(), max(0, wait))
            except TimeoutError:
                return None
        # A bot that changes over goes on reading the old connection until it lets it go, and only then the new one.
        links = [link for link in self._open_links() if link.leaving] or self._open_links()
        return links[next(self._turn) % len(links)]

    def _open_links(self) -> list[Link]:
        return [link for link in self._links if not link.closed]

    # -- envelopes and acks

    async def _send(self, link: Link | None, envelope: Json, ack: "asyncio.Future[Any]") -> Outcome:
        if link is None:
            return NoAck("connection_failed")
        try:
            await link.socket.send_json(envelope)
        except ConnectionError:
            return LOST
        await self._wait_for(ack, link)
        if ack.done():
            return Ack(ack.result())
        return LOST if link.gone.is_set() else NoAck("timeout")

    async def _send_unheard(self, parcel: Parcel) -> None:
        """The same payload in an envelope of its own, whose ack nobody waits for."""
        link = await self._next_link()
        if link is not None:
            with suppress(ConnectionError):
                await link.socket.send_json(_envelope(str(uuid.uuid4()), parcel))

    async def _wait_for(self, ack: "asyncio.Future[Any]", link: Link) -> None:
        """Until the ack is there, the connection is gone, or three seconds have passed.

        A bot that changes over has more time: slack_sdk stands still meanwhile, for up to three seconds, and then
        acks over the next connection what it heard on the old one.
        """
        gone = asyncio.create_task(link.gone.wait())
        await asyncio.wait((ack, gone), timeout=ACK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if link.leaving and not ack.done():
            await asyncio.wait((ack, gone), timeout=LONGEST_WARNING, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait((ack,), timeout=ACK_SECONDS)
        gone.cancel()

    def _hear(self, answer: Json) -> None:
        ack = self._waiting.get(str(answer.get("envelope_id")))
        if ack is not None and not ack.done():
            ack.set_result(answer.get("payload"))

    def _hello(self, request: web.Request) -> Json:
        life = DEBUG_LIFE_SECONDS if request.query.get("debug_reconnects") == "true" else LIFE_SECONDS
        return {
            "type": "hello",
            "num_connections": len(self._links),
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": life},
            "connection_info": {"app_id": self._workspace.company.app_id},
        }


async def _end_after(link: Link, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not link.gone.is_set():
        with suppress(TimeoutError, ConnectionError):
            # slack_sdk cannot let go of a connection on which it waits for something to read.
            await link.socket.ping()
            await asyncio.wait_for(link.gone.wait(), PING_SECONDS)
    link.closed = True
    await link.socket.close()


def _envelope(envelope_id: str, parcel: Parcel) -> Json:
    envelope: Json = {"envelope_id": envelope_id, "type": parcel.kind, "payload": parcel.payload}
    envelope["accepts_response_payload"] = parcel.kind != EVENT
    if parcel.kind == EVENT:
        envelope |= {"retry_attempt": parcel.attempt, "retry_reason": parcel.reason}
    return envelope
