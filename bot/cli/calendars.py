"""`improve-bot calendar`: take in a published year, decide a day, show a year."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import storage.holiday
from bot.calendar_upkeep import import_year, set_day
from bot.cli.shell import DatabaseOption, Shell, caller, day_of, now, reading, settings, text_of, writing
from bot.errors import Message
from bot.recounting import Recount
from bot.workdays import WorkCalendar
from storage.holiday import CalendarDay


class Decision(StrEnum):
    """What a day can be set to."""

    WORK = "work"
    OFF = "off"


def import_(context: typer.Context, file: Path, database: DatabaseOption = None) -> None:
    """Take in a year's holidays and make-up days (the JSON shape of holiday-cn), and count open deadlines again."""
    shell, text, chosen = Shell.of(context), text_of(file), settings(database)
    with writing(chosen) as workflow:
        year, moved = import_year(workflow, text, by=caller(), now=now(chosen))
    shell.say("cli.calendar_imported", year=year)
    say_moved(shell, moved)


def set_(
    context: typer.Context,
    day: Annotated[str, typer.Argument(metavar="DATE")],
    decision: Annotated[Decision, typer.Argument(metavar="work|off")],
    why: Annotated[str, typer.Option("--why")],
    database: DatabaseOption = None,
) -> None:
    """Decide that a day is worked or off in this company, and count open deadlines again."""
    shell, date_, chosen = Shell.of(context), day_of(day), settings(database)
    with writing(chosen) as workflow:
        working = decision is Decision.WORK
        moved = set_day(workflow, date_, working=working, why=why, by=caller(), now=now(chosen))
    shell.say("cli.calendar_set", day=date_, decision=_decision(working))
    say_moved(shell, moved)


def show(
    context: typer.Context,
    year: Annotated[int, typer.Argument(min=1949, max=2200)],
    database: DatabaseOption = None,
) -> None:
    """Print the days of a year that its weekdays alone would get wrong."""
    shell = Shell.of(context)
    with reading(settings(database)) as workflow, workflow.database.reading() as session:
        calendar = workflow.companies.load(session).calendar
        decided = [day for day in storage.holiday.days(session) if day.day.year == year]
    shell.say("cli.calendar_year" if calendar.is_published(year) else "cli.calendar_year_provisional", year=year)
    for line in _exceptions(calendar, year, decided):
        shell.say(line)


def say_moved(shell: Shell, moved: Iterable[Recount]) -> None:
    """One line for each deadline that was counted again."""
    for move in moved:
        name = Message(f"deadline.{move.deadline}")
        shell.say("cli.recounted", number=move.record, name=name, before=move.before, due=move.new_due)


def _exceptions(calendar: WorkCalendar, year: int, decided: Iterable[CalendarDay]) -> Iterable[Message]:
    # By source, so that the company's own word about a day comes after the notice's.
    why = {day.day: day.why for day in sorted(decided, key=lambda day: day.source)}
    for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
        day = date.fromordinal(ordinal)
        working = calendar.is_working(day)
        if working != (day.isoweekday() in calendar.weekdays):
            params = {"day": day, "decision": _decision(working), "why": why.get(day, "")}
            yield Message("cli.calendar_day", params)


def _decision(working: bool) -> Message:
    return Message("cli.day_work" if working else "cli.day_off")
