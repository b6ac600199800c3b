"""The only place that asks what time it is. Everybody else is given the time."""

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The current instant, aware UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The current instant, aware UTC."""
        return datetime.now(UTC)


class SimulatedClock:
    """A clock that stands still until it is moved; it never goes back."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        """The simulated instant, aware UTC."""
        return self._now

    def move_to(self, now: datetime) -> None:
        """Move forward to an instant; an earlier one is ignored."""
        self._now = max(self._now, now.astimezone(UTC))


def local_date(now: datetime, zone: ZoneInfo) -> date:
    """The calendar day it is in a zone at an instant; due dates live on this day, never on the UTC one."""
    return now.astimezone(zone).date()
