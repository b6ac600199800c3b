"""Days on which the company's calendar differs from the library's, and imported years."""

from collections.abc import Sequence as Many
from datetime import date, datetime

from sqlmodel import Field, Session, col, delete, select

from storage import stamp
from storage.base import Base


class CalendarDay(Base, table=True):
    """One day that is decided here. `source` is "import" (a published year) or "set" (the company's own).

    `notice` is the year whose notice decided it: the notice of a year may also speak of the December before it.
    """

    __tablename__ = "calendar_day"

    day: date = Field(primary_key=True)
    source: str = Field(primary_key=True, max_length=8)
    working: bool
    why: str
    notice: int | None = None
    entered_by: str = Field(max_length=64)
    entered_at: datetime


class CalendarYear(Base, table=True):
    """A year whose notice has been imported."""

    __tablename__ = "calendar_year"

    year: int = Field(primary_key=True)
    imported_at: datetime


def days(session: Session) -> Many[CalendarDay]:
    """All decided days."""
    return session.exec(select(CalendarDay).order_by(col(CalendarDay.day), col(CalendarDay.source))).all()


def years(session: Session) -> Many[CalendarYear]:
    """All imported years."""
    return session.exec(select(CalendarYear).order_by(col(CalendarYear.year))).all()


def replace_year(session: Session, *, year: int, days: Many[CalendarDay], now: datetime) -> None:
    """Import a year: its earlier import is replaced, the company's own days stay."""
    session.exec(delete(CalendarDay).where(col(CalendarDay.notice) == year))
    for day in days:
        session.merge(day)
    session.merge(CalendarYear(year=year, imported_at=now))
    stamp.raise_(session, stamp.CALENDAR)
    session.flush()


def set_day(session: Session, day: CalendarDay) -> None:
    """Decide one day; deciding it again replaces the earlier word."""
    session.merge(day)
    stamp.raise_(session, stamp.CALENDAR)
    session.flush()
