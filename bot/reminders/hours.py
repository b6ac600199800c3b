"""When the bot may speak by itself: on working days, from `send_at` to before `send_until`, in the company's zone."""

from datetime import UTC, date, datetime, time

from bot.company import Company


def may_send(company: Company, now: datetime) -> bool:
    """Whether the bot may speak by itself at this instant."""
    local = now.astimezone(company.profile.zone)
    begun = local.time() >= company.profile.reminders.send_at
    return company.calendar.is_working(local.date()) and begun and before_end(company, now)


def before_end(company: Company, now: datetime) -> bool:
    """Whether the day's last moment for it has not come yet."""
    return now.astimezone(company.profile.zone).time() < company.profile.reminders.send_until


def next_send_at(company: Company, now: datetime) -> datetime:
    """The next `send_at` of a working day, strictly after `now`."""
    today, calendar = company.today(now), company.calendar
    day = today if calendar.is_working(today) else calendar.next_working_day(today)
    moment = instant(company, day, company.profile.reminders.send_at)
    if moment > now:
        return moment
    return instant(company, calendar.next_working_day(day), company.profile.reminders.send_at)


def instant(company: Company, day: date, clock: time) -> datetime:
    """The instant at which the company's clocks show this."""
    return datetime.combine(day, clock, company.profile.zone).astimezone(UTC)


def day_begins(company: Company, now: datetime) -> datetime:
    """Midnight before this instant, in the company's zone."""
    return instant(company, company.today(now), time())
