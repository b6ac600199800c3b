"""The company as it is at this moment: profile, calendar and people, kept in memory until one of them is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from threading import Lock

from sqlmodel import Session

import storage.holiday
import storage.person
import storage.profile
import storage.stamp
from bot import clock, profile
from bot.errors import UserError
from bot.people.directory import Directory
from bot.profile import Profile
from bot.workdays import PublishedHolidays, WorkCalendar


@dataclass(frozen=True)
class Company:
    """What decisions are made with. It does not change while one decision is being made."""

    directory: Directory
    calendar: WorkCalendar

    @cached_property
    def profile(self) -> Profile:
        """The profile in force."""
        return self.directory.profile

    def today(self, now: datetime) -> date:
        """The company's calendar day at an instant."""
        return clock.local_date(now, self.profile.zone)


class CompanySource:
    """Gives the company, and reads it again only when its stamps say that something was written."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._published: PublishedHolidays | None = None
        self._known: tuple[Mapping[str, int], Company] | None = None

    def load(self, session: Session) -> Company:
        """The company now; raises `UserError` if no profile has been applied yet."""
        stamps = storage.stamp.all_(session)
        with self._lock:
            if self._known is None or self._known[0] != stamps:
                self._known = (stamps, self._read(session))
            return self._known[1]

    def fresh(self, session: Session) -> Company:
        """The company as this transaction leaves it. Not remembered, because the transaction may be rolled back."""
        with self._lock:
            return self._read(session)

    def _read(self, session: Session) -> Company:
        version = storage.profile.current(session)
        if version is None:
            raise UserError("profile.none_applied")
        in_force = profile.parse(version.text)
        people = {person.id: person for person in storage.person.everyone(session)}
        return Company(Directory(in_force, people), self._calendar(session, in_force))

    def _calendar(self, session: Session, in_force: Profile) -> WorkCalendar:
        self._published = self._published or PublishedHolidays()
        decided = sorted(storage.holiday.days(session), key=lambda day: day.source)
        return WorkCalendar(
            published=self._published,
            overrides={day.day: day.working for day in decided},
            imported=frozenset(year.year for year in storage.holiday.years(session)),
            weekdays=frozenset(in_force.calendar.working_weekdays),
        )
