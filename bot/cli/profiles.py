"""`improve-bot profile`: check a company profile, put it in force, show the one in force."""

import re
from pathlib import Path
from typing import Annotated

import typer

import storage.profile
from bot import profile
from bot.cli.shell import DatabaseOption, Shell, caller, now, reading, settings, text_of, writing
from bot.errors import UserError
from bot.profile import Profile

BUILT_IN_NAME = re.compile(r"[a-z]+")
Source = Annotated[str, typer.Argument(metavar="FILE|NAME")]


def apply(context: typer.Context, source: Source, database: DatabaseOption = None) -> None:
    """Put a profile in force, from a file or one that comes with the program, such as demo.

    Dates that are running stay: it acts on what begins afterwards.
    """
    shell, text, chosen = Shell.of(context), _text(source), settings(database)
    parsed, moment = profile.parse(text), now(chosen)
    with writing(chosen) as workflow, workflow.database.transaction() as session:
        storage.profile.apply(session, text=text, by=caller(), now=moment)
    _say_about(shell, "cli.profile_applied", parsed)


def check(context: typer.Context, source: Source) -> None:
    """Say whether a profile could be applied."""
    _say_about(Shell.of(context), "cli.profile_good", profile.parse(_text(source)))


def show(context: typer.Context, database: DatabaseOption = None) -> None:
    """Print the profile in force, as it was applied."""
    shell = Shell.of(context)
    with reading(settings(database)) as workflow, workflow.database.reading() as session:
        version = storage.profile.current(session)
    if version is None:
        raise UserError("profile.none_applied")
    shell.say("cli.profile_head", by=version.applied_by, at=version.applied_at.isoformat(timespec="minutes"))
    typer.echo(version.text.rstrip())


def _text(source: str) -> str:
    """A file goes before a name: somebody who has a file `demo` means that file."""
    if BUILT_IN_NAME.fullmatch(source) and not Path(source).is_file():
        return profile.built_in(source)
    return text_of(Path(source))


def _say_about(shell: Shell, msgid: str, parsed: Profile) -> None:
    shell.say(msgid, name=parsed.company.name, departments=len(parsed.departments), people=len(parsed.department_of))
