"""Working-day arithmetic: when something is due, how late it is, and how sure we are.

Pure: no clock, no database. Every `date` is a day in the company's time zone. The rules follow the PRC Civil
Code, articles 201 and 203: the day of the trigger does not count, and a deadline is the end of its day.
"""

import calendar
import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from importlib.metadata import version

import holidays
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import UserError

MONDAY_TO_FRIDAY = frozenset({1, 2, 3, 4, 5})
"""ISO weekdays: Monday is 1, Sunday is 7."""

YEARLY_NOTICE = frozenset({"CN", "HU", "RU", "TW", "VN"})
"""Countries whose government moves working days by a yearly notice; elsewhere the law decides every year."""

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DueDate:
    """The last day of a deadline. `provisional`: the count met a year whose calendar is not known yet."""

    day: date
    provisional: bool
    counted: tuple[date, ...] = ()
    """The working days that were counted, first to last; empty where nothing was counted."""


class PublishedHolidays:
    """A country's public holidays and make-up working days, as the `holidays` package knows them.

    Make it once and keep it: the first year of a country takes a noticeable part of a second to load.
    Raises UserError `calendar.unknown_country` for a country or subdivision that the package does not have.
    """

    def __init__(self, country: str = "CN", subdivision: str | None = None) -> None:
        self.country = country
        self.subdivision = subdivision
        try:
            self._empty = holidays.country_holidays(country, subdiv=subdivision)
        except NotImplementedError:
            raise UserError("calendar.unknown_country", country=country) from None

    @property
    def version(self) -> str:
        """The package's version and the place, to be kept with every date counted by it."""
        place = "-".join(filter(None, (self.country, self.subdivision)))
        return f"holidays {version('holidays')} {place}"

    def is_published(self, year: int) -> bool:
        """Whether the package holds the official calendar of the year rather than a guess."""
        if self.country not in YEARLY_NOTICE:
            return True
        return year in self._empty.special_public_holidays

    def exceptions(self, year: int) -> dict[date, bool]:
        """The days of the year that the weekday alone would get wrong: False is off, True is worked."""
        # A table of its own: one that grew with the questions would change under another thread's hands.
        table = holidays.country_holidays(
            self.country, subdiv=self.subdivision, years=(year - 1, year, year + 1), expand=False
        )
        worked = table.weekend_workdays
        off = set(table)
        if self.country == "CN":
            off |= _weekends_beside(off, worked)
        return {day: False for day in off if day.year == year} | {day: True for day in worked if day.year == year}


def _weekends_beside(off: set[date], worked: set[date]) -> set[date]:
    """A notice gives each holiday as one run of days, but the package lists of its weekends only what is new.

    It matters to companies that work on Saturdays.
    """
    found = set()
    for day in off:
        for step in (ONE_DAY, -ONE_DAY):
            near = day + step
            while near.isoweekday() > 5 and near not in off and near not in worked:
                found.add(near)
                near += step
    return found


@dataclass(frozen=True)
class WorkCalendar:
    """The company's working days: the published ones, corrected by what the company entered.

    `overrides` are the decided days (True: worked), from imported notices and from the company; they win over
    everything. `imported` are the years whose notice was imported: for these the package is not asked.
    """

    published: PublishedHolidays
    overrides: Mapping[date, bool] = field(default_factory=dict)
    imported: frozenset[int] = frozenset()
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    _years: dict[int, tuple[date, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= set(range(1, 8)):
            raise ValueError("working weekdays are at least one of the numbers 1 (Monday) to 7 (Sunday)")

    @cached_property
    def version(self) -> str:
        """Names this calendar, so that an auditor can tell by which one a date was counted."""
        decided = [f"{day}{'+' if works else '-'}" for day, works in sorted(self.overrides.items())]
        own = repr((sorted(self.weekdays), sorted(self.imported), decided))
        return f"{self.published.version} {hashlib.sha256(own.encode()).hexdigest()[:12]}"

    def is_published(self, year: int) -> bool:
        """Whether the year's calendar is official: known to the package, or imported."""
        return year in self.imported or self.published.is_published(year)

    def is_working(self, day: date) -> bool:
        """Whether people work on this day."""
        days = self._working_days(day.year)
        at = bisect_left(days, day)
        return at < len(days) and days[at] == day

    def add(self, start: date, count: int) -> DueDate:
        """The deadline of `count` working days triggered on `start`, which is day 0 whether worked or not.

        A deadline of 0 working days is the day itself, or the next working day if nobody works on it.
        """
        if count < 0:
            raise ValueError("a deadline does not lie before its trigger")
        if count == 0:
            return self.roll_forward(start)
        counted: tuple[date, ...] = ()
        year = start.year
        rest = self._working_days(year)[self._upto(start) :]
        while len(counted) + len(rest) < count:
            counted += rest
            year += 1
            rest = self._working_days(year)
        counted += rest[: count - len(counted)]
        return DueDate(counted[-1], self._unsure(start + ONE_DAY, counted[-1]), counted)

    def roll_forward(self, day: date) -> DueDate:
        """The effective date of a chosen date: itself, or the next working day after it."""
        effective = day if self.is_working(day) else self.next_working_day(day)
        return DueDate(effective, self._unsure(day, effective))

    def after_days(self, start: date, days: int) -> DueDate:
        """`days` calendar days after `start`, rolled forward."""
        return self.roll_forward(start + timedelta(days=days))

    def between(self, after: date, until: date) -> int:
        """How many working days lie in (after, until]; 0 if `until` is not the later one."""
        if until <= after:
            return 0
        whole = sum(len(self._working_days(year)) for year in range(after.year, until.year))
        return whole + self._upto(until) - self._upto(after)

    def overdue_by(self, due: date, today: date) -> int:
        """By how many working days a deadline is missed: 0 still on the days off right after it."""
        return self.between(due, today)

    def remaining(self, due: date, today: date) -> int:
        """How many working days are left after today; 0 on the day itself and later."""
        return self.between(today, due)

    def next_working_day(self, day: date) -> date:
        """The first working day after this day."""
        days = self._working_days(day.year)[self._upto(day) :]
        return (days or self._working_days(day.year + 1))[0]

    def previous_working_day(self, day: date) -> date:
        """The last working day before this day."""
        days = self._working_days(day.year)
        days = days[: bisect_left(days, day)]
        return (days or self._working_days(day.year - 1))[-1]

    def last_working_day_of_month(self, day: date) -> DueDate:
        """The last working day of the month that `day` lies in."""
        last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        effective = last if self.is_working(last) else self.previous_working_day(last)
        return DueDate(effective, self._unsure(effective, last))

    def in_week(self, day: date, weekday: int) -> date | None:
        """That ISO weekday in the week of `day`, or the next working day of the same week, or None."""
        wanted = day + timedelta(days=weekday - day.isoweekday())
        effective = self.roll_forward(wanted).day
        return effective if effective.isocalendar()[:2] == day.isocalendar()[:2] else None

    def _unsure(self, first: date, last: date) -> bool:
        return not all(self.is_published(year) for year in range(first.year, last.year + 1))

    def _upto(self, day: date) -> int:
        return bisect_right(self._working_days(day.year), day)

    def _working_days(self, year: int) -> tuple[date, ...]:
        # Two threads may both count the same year; they find the same days.
        if year not in self._years:
            self._years[year] = self._count(year)
        return self._years[year]

    def _count(self, year: int) -> tuple[date, ...]:
        decided = {} if year in self.imported else self.published.exceptions(year)
        decided |= {day: works for day, works in self.overrides.items() if day.year == year}
        days = (date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1))
        return tuple(day for day in days if decided.get(day, day.isoweekday() in self.weekdays))


class _Entry(BaseModel):
    model_config = ConfigDict(strict=True)

    name: str
    day: date = Field(alias="date")
    off: bool = Field(alias="isOffDay")


class _HolidayFile(BaseModel):
    model_config = ConfigDict(strict=True)

    year: int = Field(ge=1949, le=2200)
    days: list[_Entry]


@dataclass(frozen=True, slots=True)
class ImportedYear:
    """The notice of one year: the days it names, True for off and False for a make-up working day."""

    year: int
    days: Mapping[date, bool]
    names: Mapping[date, str]


def parse_holiday_file(text: str) -> ImportedYear:
    """Read a year's notice in the JSON shape of NateScarlet/holiday-cn: year; days of name, date, isOffDay.

    The notice of a year also speaks of the end of December before it. Raises UserError `calendar.not_json`,
    `calendar.bad_shape` (where), `calendar.bad_date` (entry, text), `calendar.wrong_year` (entry, text,
    year), `calendar.repeated_date` (entry, text) and `calendar.empty_year` (year): so that project writes a
    year whose notice has not come.
    """
    try:
        file = _HolidayFile.model_validate_json(text.removeprefix("\ufeff"))
    except ValidationError as error:
        raise _unreadable(error) from None
    if not file.days:
        raise UserError("calendar.empty_year", year=file.year)
    days: dict[date, bool] = {}
    for number, entry in enumerate(file.days, start=1):
        if entry.day.year != file.year and (entry.day.year, entry.day.month) != (file.year - 1, 12):
            raise UserError("calendar.wrong_year", entry=number, text=str(entry.day), year=file.year)
        if entry.day in days:
            raise UserError("calendar.repeated_date", entry=number, text=str(entry.day))
        days[entry.day] = entry.off
    return ImportedYear(file.year, days, {entry.day: entry.name for entry in file.days})


def _unreadable(error: ValidationError) -> UserError:
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return UserError("calendar.not_json")
    match first["loc"]:
        case ("days", int(index), "date") if first["type"] != "missing":
            return UserError("calendar.bad_date", entry=index + 1, text=str(first["input"]))
        case ("days", int(index), *rest):
            return UserError("calendar.bad_shape", where=" ".join(["days", str(index + 1), *map(str, rest)]))
        case path:
            return UserError("calendar.bad_shape", where=" ".join(map(str, path)) or "year")
