"""The due date of N working days, one call at a time, against numpy and against chinesecalendar.

numpy is given the same working days; chinesecalendar has its own of the same years and walks from day to day.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from itertools import product
from random import Random
from typing import cast

import chinese_calendar
import numpy

from bot.workdays import PublishedHolidays, WorkCalendar
from tests.benchmarks.harness import Line, compare, taking
from tests.benchmarks.run import Run

YEARS, LENGTHS, CALLS = (2024, 2025), (1, 3, 5, 10, 20), 500
Count = Callable[[date, int], date]


def lines(_run: Run) -> Iterator[Line]:
    """The same deadlines counted by all three, which have to agree."""
    dice = Random("workdays")
    days = [date(YEARS[0], 1, 1) + timedelta(days=dice.randrange(650)) for _ in range(CALLS // len(LENGTHS))]
    asked = list(product(days, LENGTHS))
    calendar = WorkCalendar(PublishedHolidays())
    own, busday = _with_ours(calendar), with_numpy(calendar)
    for name, other in (("numpy.busday_offset", busday), ("chinesecalendar", walking)):
        if [own(*one) for one in asked] != [other(*one) for one in asked]:
            raise RuntimeError(f"{name} counts otherwise")
        found = compare(taking(partial(_each, own, asked)), taking(partial(_each, other, asked)))
        yield Line(
            "workdays", f"due date of N working days, {len(asked)} times", name, found.value, 1.0, note=found.note
        )


def _with_ours(calendar: WorkCalendar) -> Count:
    return lambda start, length: calendar.add(start, length).day


def with_numpy(calendar: WorkCalendar) -> Count:
    """What somebody writes who takes numpy's calendar. It knows no make-up days, so all days off are holidays in it."""
    first = date(YEARS[0], 1, 1)
    every = [first + timedelta(days=n) for n in range(366 * len(YEARS))]
    off = [day for day in every if not calendar.is_working(day)]
    busy = numpy.busdaycalendar(weekmask="1111111", holidays=off)

    def count(start: date, length: int) -> date:
        return cast("date", numpy.busday_offset(start, length, roll="backward", busdaycal=busy).item())

    return count


def walking(start: date, length: int) -> date:
    """From day to day, asking each whether it is worked."""
    while length:
        start += timedelta(days=1)
        length -= chinese_calendar.is_workday(start)
    return start


def _each(count: Count, asked: list[tuple[date, int]]) -> None:
    for start, length in asked:
        count(start, length)
