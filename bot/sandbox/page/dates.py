"""Instants as the page says them, in Chinese and English."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.sandbox.company import User

WEEKDAYS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def instant_of(ts: str, zone: str) -> datetime:
    """The instant a message's ts stands for, in the zone with this IANA name."""
    return datetime.fromtimestamp(float(ts), UTC).astimezone(ZoneInfo(zone))


def day(at: datetime, reader: User, *, year: bool = False) -> str:
    """2026年3月2日 周一, or 3月2日 周一; in English Mon, Mar 2, 2026."""
    if reader.reads_english:
        short = f"{WEEKDAYS['en'][at.weekday()]}, {MONTHS[at.month - 1]} {at.day}"
        return f"{short}, {at.year}" if year else short
    short = f"{at.month}月{at.day}日 {WEEKDAYS['zh'][at.weekday()]}"
    return f"{at.year}年{short}" if year else short


def moment(at: datetime, reader: User, *, year: bool = False) -> str:
    """The day and the time of day."""
    return f"{day(at, reader, year=year)} {at:%H:%M}"


def short(at: datetime, reader: User) -> str:
    """The same without the day of the week."""
    date = f"{MONTHS[at.month - 1]} {at.day}" if reader.reads_english else f"{at.month}月{at.day}日"
    return f"{date} {at:%H:%M}"
