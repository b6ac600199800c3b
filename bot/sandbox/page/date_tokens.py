"""An instant as Slack's `<!date^…>` shows it: in the reader's zone and language, by the tokens it was written with."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta

from bot.sandbox.company import User
from bot.sandbox.page.drawing_words import drawing_words

TOKEN = re.compile(r"\{([a-z_]+)\}")
HALF_A_YEAR = timedelta(days=183)
# Token -> the day with its year and, as Slack writes it within half a year, without.
CHINESE = {
    "date": ("y年M月d日", "M月d日"),
    "date_short": ("y年M月d日", "M月d日"),
    "date_long": ("y年M月d日EEEE", "M月d日EEEE"),
    "date_slash": ("y/M/d", "y/M/d"),
}
ENGLISH = {
    "date": ("MMMM d{th}, y", "MMMM d{th}"),
    "date_short": ("MMM d, y", "MMM d"),
    "date_long": ("EEEE, MMMM d{th}, y", "EEEE, MMMM d{th}"),
    "date_slash": ("M/d/y", "M/d/y"),
}
NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def date_text(seconds: int, shape: str, now: datetime, reader: User) -> str:
    """`shape` with its tokens filled in; `seconds` since 1970, `now` aware. Unknown tokens stay as they are."""
    moment = datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(reader.tz))
    return TOKEN.sub(lambda found: _token(found[1], moment, now.astimezone(moment.tzinfo), reader) or found[0], shape)


def _token(name: str, moment: datetime, now: datetime, reader: User) -> str | None:
    locale = _locale(reader)
    if name == "date_num":
        return moment.date().isoformat()
    if name == "time":
        return format_time(moment, "h:mm a" if reader.reads_english else "HH:mm", locale=locale)
    if name == "time_secs":
        return format_time(moment, "h:mm:ss a" if reader.reads_english else "HH:mm:ss", locale=locale)
    if name == "ago":
        return format_timedelta(moment - now, add_direction=True, locale=locale)
    near = NEAR.get((moment.date() - now.date()).days) if name.endswith("_pretty") else None
    return (
        drawing_words(reader)[near] if near else _day(name.removesuffix("_pretty"), moment.date(), now.date(), reader)
    )


def _day(name: str, day: date, today: date, reader: User) -> str | None:
    patterns = (ENGLISH if reader.reads_english else CHINESE).get(name)
    if patterns is None:
        return None
    pattern = patterns[abs(day - today) < HALF_A_YEAR].replace("{th}", f"'{_ordinal(day.day)}'")
    return format_date(day, pattern, locale=_locale(reader))


def _ordinal(day: int) -> str:
    return "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _locale(reader: User) -> Locale:
    return Locale.parse("en_US" if reader.reads_english else "zh_CN")
