"""`improve-bot`: one line for each command."""

import gc
import os
import sys
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from bot import app, demo
from bot.cli import archives, calendars, profiles, proof, records, upkeep
from bot.cli.shell import Shell, guarded, language, settings, words
from bot.errors import UserError
from bot.render import Words


class Spoken(StrEnum):
    """The languages of the command line."""

    ZH = "zh"
    EN = "en"


def run() -> None:
    """Run the bot until it is told to stop."""
    chosen = settings()
    chosen.check_secrets()
    app.run(chosen)
    # What is left in memory need not be looked through once more before the process goes: it takes a second.
    gc.freeze()


def start_demo(
    context: typer.Context,
    *,
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8420,
    at: Annotated[str | None, typer.Option(metavar="INSTANT")] = None,
    database: Annotated[str | None, typer.Option(metavar="URL")] = None,
    fresh: Annotated[bool, typer.Option("--fresh")] = False,
    browser: Annotated[bool, typer.Option("--browser/--no-browser")] = True,
) -> None:
    """Run the bot with the demo company in a Slack workspace of its own, on this machine."""
    url = settings(database).database_url if database else None
    words_ = Shell.of(context).words
    demo.run(words_, port=port, at=_instant(at) if at else None, database=url, fresh=fresh, browser=browser)


Commands = tuple[tuple[str, Callable[..., None], str], ...]
COMMANDS: Commands = (
    ("run", run, "cli.help.run"),
    ("demo", start_demo, "cli.help.demo"),
    ("show", records.show, "cli.help.show"),
    ("due", records.due, "cli.help.due"),
    ("lifecycle", upkeep.lifecycle, "cli.help.lifecycle"),
    ("doctor", upkeep.doctor, "cli.help.doctor"),
    ("migrate", upkeep.migrate, "cli.help.migrate"),
    ("reindex", upkeep.reindex, "cli.help.reindex"),
    ("backup", archives.backup, "cli.help.backup"),
    ("restore", archives.restore, "cli.help.restore"),
)
PROFILE: Commands = (
    ("apply", profiles.apply, "cli.help.profile_apply"),
    ("check", profiles.check, "cli.help.profile_check"),
    ("show", profiles.show, "cli.help.profile_show"),
)
RECORDS: Commands = (("verify", proof.verify, "cli.help.records_verify"),)
CALENDAR: Commands = (
    ("import", calendars.import_, "cli.help.calendar_import"),
    ("set", calendars.set_, "cli.help.calendar_set"),
    ("show", calendars.show, "cli.help.calendar_show"),
)


def main(arguments: list[str] | None = None) -> None:
    """Run one command and exit: 0 when done, 2 for what the person can mend, 1 for everything else."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    spoken = words(language(given, os.environ))
    sys.exit(guarded(spoken, lambda: assembled(spoken)(args=given, prog_name="improve-bot", obj=Shell(spoken))))


def assembled(spoken: Words) -> typer.Typer:
    """All commands, each with its help in the language of the terminal."""
    program = _table(spoken, "cli.help.program", COMMANDS)
    program.callback(help=spoken.say("cli.help.program"))(common)
    program.add_typer(_table(spoken, "cli.help.profile", PROFILE), name="profile")
    program.add_typer(_table(spoken, "cli.help.calendar", CALENDAR), name="calendar")
    program.add_typer(_table(spoken, "cli.help.records", RECORDS), name="records")
    return program


def common(lang: Annotated[Spoken | None, typer.Option("--lang")] = None) -> None:
    """What may stand before every command; `language` has taken it already."""


def _table(spoken: Words, title: str, commands: Commands) -> typer.Typer:
    table = typer.Typer(
        name="improve-bot",
        help=spoken.say(title),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for name, command, explained in commands:
        table.command(name, help=spoken.say(explained))(command)
    return table


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise UserError("cli.bad_instant", text=text) from None
    if instant.tzinfo is None:
        raise UserError("cli.bad_instant", text=text)
    return instant


if __name__ == "__main__":
    main()
