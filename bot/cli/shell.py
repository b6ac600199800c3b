"""What all commands share: the language, the settings, the clock, the register, and how a failure is said."""

import errno
import json
import os
import secrets
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.error import URLError
from zoneinfo import ZoneInfo

import structlog
import typer
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import DatabaseError, OperationalError

import bot.settings
import storage.migrate
from bot.clock import SystemClock
from bot.company import CompanySource
from bot.doctor import shown
from bot.errors import Message, UserError
from bot.improvement import LIFECYCLES
from bot.render import Phrasebook, Words
from bot.settings import Settings
from bot.timekeeper import simulated_now
from bot.workflow import Workflow
from storage.database import Database

LANGUAGES = {"zh": "zh_CN", "en": "en"}
PERSON_CAN_MEND, OUR_FAULT = 2, 1

DatabaseOption = Annotated[str | None, typer.Option("--database", metavar="URL")]
JsonOption = Annotated[bool, typer.Option("--json")]


@dataclass(frozen=True)
class Shell:
    """One run of one command, in one language."""

    words: Words

    @classmethod
    def of(cls, context: typer.Context) -> "Shell":
        """The shell that `main` handed to the command."""
        shell: Shell = context.find_object(cls) or _no_shell()
        return shell

    def say(self, msgid: str | Message, **params: Any) -> None:
        """A sentence on standard output."""
        typer.echo(self.words.say(msgid, **params))

    def data(self, value: Any) -> None:
        """JSON on standard output."""
        typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def language(arguments: list[str], environment: Mapping[str, str]) -> str:
    """The language to speak: `--lang zh` or `en`, taken out of the arguments, else the terminal's."""
    for place, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        wanted = value or next(iter(arguments[place + 1 :]), "")
        if name == "--lang" and wanted in LANGUAGES:
            del arguments[place : place + (1 if value else 2)]
            return LANGUAGES[wanted]
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return LANGUAGES["zh" if next(filter(None, names), "").startswith("zh") else "en"]


def words(language_: str) -> Words:
    """The sentences of a language."""
    return Phrasebook(ZoneInfo("UTC")).words(language_)


def guarded(words_: Words, command: Callable[[], Any]) -> int:
    """Run a command and answer its exit code; a failure is one sentence on standard error, never a stack trace."""
    try:
        command()
    except Exception as error:  # noqa: BLE001  the outermost edge of the command line
        sentence = mendable(error)
        if sentence is not None:
            typer.echo(words_.say(sentence), err=True)
            return PERSON_CAN_MEND
        typer.echo(words_.say("cli.failed", reference=_report(error)), err=True)
        return OUR_FAULT
    return 0


def mendable(error: Exception) -> Message | None:
    """The sentence for a failure that the person can do something about."""
    match error:
        case UserError():
            return error.message
        case storage.migrate.NewerDatabase():
            return Message("cli.newer_database", {"found": error.found, "known": error.known})
        case OperationalError():
            return Message("cli.no_connection", {"detail": _first_line(error.orig)})
        case DatabaseError() if "not a database" in str(error.orig):
            return Message("cli.not_a_database")
        case SlackApiError():
            return Message("cli.slack_refused", {"error": error.response.get("error", "")})
        case URLError():
            return Message("cli.no_slack", {"detail": str(error.reason)})
        case OSError() if error.errno == errno.EADDRINUSE:
            return Message("cli.port_taken")
    return None


def settings(database: str | None = None) -> Settings:
    """The settings of this run."""
    return bot.settings.read(database)


def now(settings_: Settings) -> datetime:
    """The time: simulated where the command is told of a local workspace."""
    return simulated_now(settings_.time_url) if settings_.time_url else SystemClock().now()


@contextmanager
def reading(settings_: Settings) -> Iterator[Workflow]:
    """The register as it is. Raises `UserError` if there is none, or if it needs an upgrade first."""
    found, known = storage.migrate.current(settings_.database_url), storage.migrate.head()
    if found is None:
        raise UserError("cli.no_database", url=shown(settings_))
    if not storage.migrate.is_known(found):
        raise storage.migrate.NewerDatabase(found=found, known=known)
    if found != known:
        raise UserError("cli.older_database", found=found, known=known)
    with _opened(settings_) as workflow:
        yield workflow


@contextmanager
def writing(settings_: Settings) -> Iterator[Workflow]:
    """The register, made or upgraded if need be."""
    storage.migrate.upgrade(settings_.database_url)
    with _opened(settings_) as workflow:
        yield workflow


def text_of(file: Path) -> str:
    """What a file says; raises `UserError` if it cannot be read as text."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UserError("cli.not_text", name=str(file)) from None
    except OSError:
        raise UserError("cli.no_file", name=str(file)) from None


def day_of(text: str) -> date:
    """A date as ISO 8601 writes it; raises `UserError` for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError("cli.bad_date", text=text) from None


def caller() -> str:
    """Who to name in the records for what is done at the command line."""
    return f"cli:{os.environ.get('USER', '')}"[:64].rstrip(":")


@contextmanager
def _opened(settings_: Settings) -> Iterator[Workflow]:
    database = Database(settings_.database_url)
    try:
        yield Workflow(database, CompanySource(), LIFECYCLES)
    finally:
        database.dispose()


def _no_shell() -> Shell:
    raise RuntimeError("the command line was not started by main()")


def _report(error: Exception) -> str:
    """Log where it happened, without what people wrote; the whole trace only for somebody who looks for it."""
    reference = secrets.token_hex(4)
    place = traceback.extract_tb(error.__traceback__)[-1]
    log = structlog.wrap_logger(structlog.PrintLogger(sys.stderr))
    log.error(
        "command_failed",
        reference=reference,
        error=type(error).__name__,
        at=f"{Path(place.filename).name}:{place.lineno}",
    )
    if os.environ.get("IMPROVE_BOT_LOG") == "debug":
        traceback.print_exception(error)
    return reference


def _first_line(error: object) -> str:
    return (str(error).splitlines() or [""])[0]
