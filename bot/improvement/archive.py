"""What follows from every step of an improvement: clocks of a finished item stop, and its keeping time is set."""

from datetime import date

from bot.improvement.extension import lapse_needless
from bot.workflow import Change


def settle(change: Change) -> None:
    """Stop what a final stage leaves running, set or clear the retention date, let requests lapse."""
    record = change.record
    if record.ended_on is not None:
        change.stop_all()
        record.retention_until = years_after(record.ended_on, change.profile.records.retention_years)
    else:
        record.retention_until = None
    lapse_needless(change)


def years_after(day: date, years: int) -> date:
    """The same calendar day so many years later; 28 February for a 29 February that does not exist."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
