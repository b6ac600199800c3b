"""Simulated time and the bot processes that live in it.

A bot announces itself with an address. The sandbox ticks it: the bot sets its clock, finishes what is in
flight, does everything due by then, and says when it could next send something (`next_send`) and when
its next scheduled moment is (`next_moment`). It may also name moments that people want to go to (`landmarks`).
A tick that only lets time pass until the next message may be sent says so (`sending`): nothing else is due then.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp

from bot.sandbox.courier import Courier
from bot.sandbox.state import Workspace

PATIENCE = timedelta(seconds=60)
TICK_TIMEOUT = aiohttp.ClientTimeout(total=120)
SILENCE_SECONDS = 0.1
MOST_TICKS = 20_000


class TimeStuckError(Exception):
    """The bots never come to rest, or never go forward; the message says what they answered."""


@dataclass(frozen=True)
class Pending:
    """What the bots wait for: the earliest later send and the earliest later scheduled moment."""

    next_send: datetime | None = None
    next_moment: datetime | None = None

    def until(self, end: datetime, now: datetime) -> list[datetime]:
        return [one for one in (self.next_send, self.next_moment) if one is not None and now < one <= end]


class TimeChannel:
    """Moves simulated time, one caller at a time, and lets every bot live through it."""

    def __init__(self, workspace: Workspace, courier: Courier) -> None:
        self._workspace = workspace
        self._courier = courier
        self._bots: list[str] = []
        self._turn = asyncio.Lock()
        self.problems: list[str] = []
        self.landmarks: dict[str, datetime] = {}

    @property
    def bots(self) -> list[str]:
        return list(self._bots)

    @property
    def connections(self) -> int:
        return self._courier.connections

    def register(self, url: str) -> None:
        if url not in self._bots:
            self._bots.append(url)

    async def settle(self, start: datetime) -> None:
        """Returns when nothing can be sent now. Pacing may move time, at most 60 seconds from `start`."""
        async with self._turn:
            if not self._bots:
                await self._wait_for_silence()
                return
            await self._settle(start)

    async def advance(self, to: datetime) -> list[datetime]:
        """Moves time to `to` through every moment in between, and returns those moments."""
        async with self._turn:
            passed: list[datetime] = []
            pending = await self._tick()
            while instants := self._instants(pending, to):
                passed.append(min(instants))
                if len(passed) > MOST_TICKS:
                    raise TimeStuckError(f"more than {MOST_TICKS} moments before {to.isoformat()}")
                pending = await self._live_at(passed[-1])
            self._workspace.move_to(to)
            await self._courier.retry_due()
            await self._settle(max(to, self._workspace.now))
            return passed

    async def next_moment(self) -> datetime | None:
        """The bots' next scheduled moment, without going there."""
        async with self._turn:
            return (await self._tick()).next_moment

    async def _settle(self, start: datetime) -> None:
        for ticks in range(MOST_TICKS):
            pending = await self._tick(sending=ticks > 0)
            if pending.next_send is None or pending.next_send > start + PATIENCE:
                return
            self._workspace.move_to(pending.next_send)
        raise TimeStuckError(f"the bots still want to send after {MOST_TICKS} ticks")

    async def _live_at(self, instant: datetime) -> Pending:
        self._workspace.move_to(instant)
        await self._courier.retry_due()
        return await self._tick()

    def _instants(self, pending: Pending, to: datetime) -> list[datetime]:
        found = pending.until(to, self._workspace.now)
        retry = self._courier.next_retry()
        return [*found, retry] if retry is not None and self._workspace.now < retry <= to else found

    async def _tick(self, *, sending: bool = False) -> Pending:
        # All at once: replicas do their work at the same time, and nobody may rely on an order.
        answers = await asyncio.gather(*(self._tick_one(url, sending) for url in list(self._bots)))
        return Pending(
            next_send=_earliest(answer.next_send for answer in answers),
            next_moment=_earliest(answer.next_moment for answer in answers),
        )

    async def _tick_one(self, url: str, sending: bool) -> Pending:
        """A bot that is not there any more is forgotten; one that fails is reported and left for now."""
        asked = {"now": self._workspace.now.isoformat(), "sending": sending}
        try:
            async with (
                aiohttp.ClientSession(timeout=TICK_TIMEOUT) as session,
                session.post(f"{url}/tick", json=asked) as response,
            ):
                if response.status != 200:
                    self.problems.append(f"{url}/tick: HTTP {response.status}: {await response.text()}")
                    return Pending()
                answer = await response.json(content_type=None)
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, ConnectionError) as error:
            self.problems.append(f"{url} is gone: {error}")
            self._bots = [one for one in self._bots if one != url]
            return Pending()
        named = answer.get("landmarks") or {}
        self.landmarks |= {name: datetime.fromisoformat(moment) for name, moment in named.items()}
        return Pending(_instant(answer.get("next_send")), _instant(answer.get("next_moment")))

    async def _wait_for_silence(self) -> None:
        """Without a time channel nobody says when the bot is done: a short while without Web API calls."""
        seen = -1
        while seen != self._workspace.activity or self._workspace.calls_in_flight:
            seen = self._workspace.activity
            await asyncio.sleep(SILENCE_SECONDS)


def _earliest(instants: Iterable[datetime | None]) -> datetime | None:
    return min((one for one in instants if one is not None), default=None)


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
