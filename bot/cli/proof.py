"""`improve-bot records verify`: whether the histories are as they were written."""

import re
from typing import Annotated, Any

import typer

from bot.cli.shell import DatabaseOption, JsonOption, Shell, now, reading, settings
from bot.errors import UserError
from bot.proof import Report
from bot.proof import verify as examine

DIGEST = re.compile("[0-9a-f]{64}")
HeadOption = Annotated[str | None, typer.Option("--head", metavar="DIGEST")]


def verify(
    context: typer.Context,
    as_json: JsonOption = False,
    head: HeadOption = None,
    database: DatabaseOption = None,
) -> None:
    """Go through every chain and every head; exit code 1 if one is broken.

    `--head` is the digest that was posted or logged: it must still be among the heads.
    """
    shell, chosen = Shell.of(context), settings(database)
    if head is not None and not DIGEST.fullmatch(head):
        raise UserError("cli.bad_digest", text=head)
    with reading(chosen) as workflow:
        report = examine(workflow.database, chosen.head_keys, now(chosen), head)
    if as_json:
        shell.data(_data(report))
    else:
        tell(shell, report, has_key=bool(chosen.head_keys.secrets))
    if report.breaks:
        raise typer.Exit(1)


def tell(shell: Shell, report: Report, *, has_key: bool) -> None:
    """Say what was gone through, by what it is sealed, and what is broken."""
    shell.say("cli.verified", records=report.records, entries=report.entries)
    if report.last is None:
        shell.say("cli.verified_no_head")
    else:
        shell.say("cli.verified_heads", n=report.heads, day=report.last.day, hash=report.last.hash)
        shell.say(_signed(report, has_key=has_key))
    for found in report.breaks:
        shell.say(f"cli.broken.{found.what}", name=found.name, no=found.entry)
    shell.say("cli.verified_broken" if report.breaks else "cli.verified_ok", n=len(report.breaks))


def _signed(report: Report, *, has_key: bool) -> str:
    if not has_key:
        return "cli.verified_no_key"
    return "cli.verified_signed" if report.signed else "cli.verified_not_signed"


def _data(report: Report) -> dict[str, Any]:
    last = report.last
    return {
        "ok": not report.breaks,
        "records": report.records,
        "entries": report.entries,
        "heads": report.heads,
        "last_head": last and {"day": last.day.isoformat(), "hash": last.hash, "signed": report.signed},
        "breaks": [{"what": found.what, "name": found.name, "entry": found.entry} for found in report.breaks],
    }
