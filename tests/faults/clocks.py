"""Summer and winter time: when the clocks changed, and what was due in the days after."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

DAYS_AFTER = 7


def changed_on(zone: ZoneInfo, begin: datetime, end: datetime) -> date | None:
    """The day between two instants on which the clocks of the zone changed, if they did."""
    first, last = begin.astimezone(zone).date(), end.astimezone(zone).date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return next((day for day in days if _offset(zone, day) != _offset(zone, day + timedelta(days=1))), None)


def due_after(keys: Iterable[str], changed: date) -> int:
    """How many of these reminders and digests were due in the week that began with the change."""
    week = [changed + timedelta(days=n) for n in range(DAYS_AFTER + 1)]
    return sum(_day(key) in week for key in keys)


def _day(key: str) -> date:
    """The day of a reminder; of a digest the Monday of its week."""
    said = key.partition(">")[0].split(":")
    if said[0] == "digest":
        year, week = said[2].split("-W")
        return date.fromisocalendar(int(year), int(week), 1)
    return date.fromisoformat(said[-1])


def _offset(zone: ZoneInfo, day: date) -> timedelta | None:
    return datetime(day.year, day.month, day.day, tzinfo=zone).utcoffset()
