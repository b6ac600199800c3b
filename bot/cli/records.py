"""`improve-bot show` and `improve-bot due`: a record as data, and a due date with the days that were counted."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import typer

import storage.migrate
import storage.profile
from bot.calendar_upkeep import EARLIEST, LATEST
from bot.cli.shell import DatabaseOption, JsonOption, Shell, day_of, now, reading, settings
from bot.errors import UserError
from bot.improvement.links import normal_number
from bot.records.show import as_data
from bot.render import Words
from bot.settings import Settings
from bot.workdays import PublishedHolidays, WorkCalendar
from bot.workflow.names import stage_name


def show(
    context: typer.Context,
    number: str,
    as_json: JsonOption = False,
    database: DatabaseOption = None,
) -> None:
    """Print a record."""
    shell, chosen = Shell.of(context), settings(database)
    with reading(chosen) as workflow, workflow.database.reading() as session:
        moment = now(chosen)
        year = workflow.companies.load(session).today(moment).year
        data = as_data(session, workflow, normal_number(number, year=year), moment)
    if as_json:
        shell.data(data)
    else:
        typer.echo("\n".join(_lines(data, shell.words)))


def due(
    context: typer.Context,
    day: Annotated[str, typer.Argument(metavar="DATE")],
    days: Annotated[int, typer.Option(min=0, max=2000)] = 5,
    as_json: JsonOption = False,
    database: DatabaseOption = None,
) -> None:
    """Print when something is due that many working days after a date, which itself does not count."""
    shell, start = Shell.of(context), day_of(day)
    if not EARLIEST <= start <= LATEST:
        raise UserError("calendar.out_of_range", day=day)
    calendar = _calendar(settings(database))
    found = calendar.add(start, days)
    make_up = [counted for counted in found.counted if counted.isoweekday() not in calendar.weekdays]
    if as_json:
        shell.data(
            {
                "start": start.isoformat(),
                "days": days,
                "due": found.day.isoformat(),
                "provisional": found.provisional,
                "counted": [counted.isoformat() for counted in found.counted],
                "make_up": [counted.isoformat() for counted in make_up],
                "calendar": calendar.version,
            }
        )
        return
    shell.say("cli.due", day=found.day)
    for place, counted in enumerate(found.counted, start=1):
        shell.say("cli.due_make_up" if counted in make_up else "cli.due_day", no=place, day=counted)
    if found.provisional:
        shell.say("cli.due_provisional")


def _calendar(chosen: Settings) -> WorkCalendar:
    """The company's calendar, or the published one where there is no company yet."""
    if storage.migrate.current(chosen.database_url) is None:
        return WorkCalendar(PublishedHolidays())
    with reading(chosen) as workflow, workflow.database.reading() as session:
        if storage.profile.current(session) is None:
            return WorkCalendar(PublishedHolidays())
        return workflow.companies.load(session).calendar


def _lines(data: dict[str, Any], words: Words) -> Iterator[str]:
    head = {name: data[name] for name in ("number", "title")}
    yield words.say("cli.show_head", **head, stage=stage_name(data["kind"], data["stage"]))
    for name in ("raiser", "owner", "responsible_dept"):
        if data[name]:
            yield words.say("cli.show_field", name=words.say(f"cli.{name}"), value=data[name])
    for deadline in data["deadlines"]:
        stopped = deadline["stopped_on"]
        yield words.say(
            "cli.show_stopped" if stopped else "cli.show_deadline",
            name=_deadline_name(deadline, words),
            due=date.fromisoformat(deadline["current"]),
            original=date.fromisoformat(deadline["original"]),
            stopped=date.fromisoformat(stopped) if stopped else "",
        )
    for measure in data["measures"]:
        stage = stage_name("measure", measure["stage"])
        text = " ".join(measure["measure"].split())
        yield words.say("cli.show_measure", number=measure["number"], text=text, stage=stage)
    for event in data["history"]:
        said = "cli.show_refused" if event["refused"] else "cli.show_event"
        facts = {"at": event["at"][:16], "actor": event["actor"], "step": words.say(f"step.{event['step']}")}
        yield words.say(said, **facts, reason=event["reason"])
    yield words.say("cli.show_chain_ok" if data["chain_ok"] else "cli.show_chain_broken", no=data["chain_broken_at"])


def _deadline_name(deadline: dict[str, Any], words: Words) -> str:
    name = words.say(f"deadline.{deadline['name']}")
    return words.say("cli.deadline_of", number=deadline["instance"], name=name) if deadline["instance"] else name
