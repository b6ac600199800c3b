"""When the ladder will speak next, as far as that is known: what begins or moves meanwhile may come before."""

from datetime import date, datetime

from sqlmodel import Session

import storage.deadline
from bot.company import Company
from bot.improvement.deadlines import REMINDED
from bot.reminders import hours


def next_message(session: Session, company: Company, now: datetime) -> datetime | None:
    """The next `send_at`, strictly after `now`, on which a running deadline reaches a rung; None if none runs."""
    first = company.today(hours.next_send_at(company, now))
    unannounced = company.calendar.add(first, company.profile.reminders.before_wd).day
    dues = {
        storage.deadline.first_due(session, names=REMINDED),
        storage.deadline.first_due(session, names=REMINDED, since=unannounced),
    }
    days = [_rung_day(company, due, first) for due in dues if due]
    return hours.instant(company, min(days), company.profile.reminders.send_at) if days else None


def _rung_day(company: Company, due: date, first: date) -> date:
    """The first working day, from `first` on, on which a rung of this due date is reached."""
    if due <= first:
        return first
    before = due
    for _ in range(company.profile.reminders.before_wd):
        before = company.calendar.previous_working_day(before)
    return before if before >= first else due
