"""The life of the demo company as it is written down: who did what, and how many working days ago.

Each file of the folder `life` holds stories. A story is a list of lines under the name by which others refer to it:

    printer = [
      ["-16 10:12", "U_CHEN", "raise_opportunity", { title = "…", description = "…" }],
      ["-15 14:05", "U_LIU", "classify_daily", { owner = "U_ZHOU", … }],
    ]

"-16" is sixteen working days before the last day of the story, so that weekends and holidays stay free of work
wherever it is moved to. A step on a part of the item is named with it: "M1 report_measure_done". `say` is no step: it
is what somebody writes in a channel. Fields that are not named are left as the form shows them. Within a text "{+5}" is
the date five working days after the line's own, and "{@printer}" the number of that story's item.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib import resources
from typing import Any

from bot.workdays import WorkCalendar

LAST_HOUR, FIRST_HOUR = time(10), time(8, 30)
"""Until when something happens on the last day, and from when the company is at work on the first."""

FILES = ("intake", "daily", "capa", "project")


@dataclass(frozen=True)
class Act:
    """Something that somebody did. `part` names a part of the story's item, such as M1; `at` is aware."""

    at: datetime
    who: str
    does: str
    story: str
    part: str
    values: Mapping[str, Any]


def acts(until: datetime, calendar: WorkCalendar) -> list[Act]:
    """The whole life in its order. Its last day is the last working day whose visiting hour lies not after `until`.

    `until` is in the company's zone.
    """
    last = last_day(until, calendar)
    found = [act for file in FILES for act in _of_file(file, last, until, calendar)]
    return sorted(found, key=lambda act: act.at)


def beginning(life: list[Act]) -> datetime:
    """When the first day of a life begins."""
    first = life[0].at
    return datetime.combine(first.date(), FIRST_HOUR, first.tzinfo)


def last_day(until: datetime, calendar: WorkCalendar) -> date:
    """The last working day that has reached its visiting hour by `until`."""
    day = until.date() if until.time() >= LAST_HOUR else until.date() - timedelta(days=1)
    return day if calendar.is_working(day) else calendar.previous_working_day(day)


def shifted(day: date, working_days: int, calendar: WorkCalendar) -> date:
    """The working day so many after a day, or before it where the number is negative."""
    for _ in range(-working_days):
        day = calendar.previous_working_day(day)
    return calendar.add(day, working_days).day if working_days > 0 else day


def _of_file(name: str, last: date, until: datetime, calendar: WorkCalendar) -> Iterator[Act]:
    text = (resources.files("bot.demo") / "life" / f"{name}.toml").read_text(encoding="utf-8")
    for story, lines in tomllib.loads(text).items():
        for when, who, does, *given in lines:
            days, clock = when.split()
            day = shifted(last, int(days), calendar)
            at = datetime.combine(day, time.fromisoformat(clock), until.tzinfo)
            part, _, step = does.rpartition(" ")
            yield Act(at, who, step, story, part, given[0] if given else {})
