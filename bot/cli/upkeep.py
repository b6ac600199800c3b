"""`improve-bot doctor`, `migrate`, `reindex` and `lifecycle`: the installation, its data, and the rules."""

from enum import StrEnum
from typing import Annotated

import typer

import storage.migrate
from bot import doctor as examination
from bot.cli.shell import DatabaseOption, JsonOption, Shell, now, reading, settings
from bot.doctor import Health, shown
from bot.improvement import LIFECYCLES
from bot.knowledge.reindex import reindex as write_index
from bot.workflow.diagram import mermaid
from bot.workflow.names import stage_name

MARKS = {
    Health.FINE: "doctor.mark_fine",
    Health.NOTE: "doctor.mark_note",
    Health.WRONG: "doctor.mark_wrong",
}


class Kind(StrEnum):
    """The kinds of records that have a lifecycle."""

    IMPROVEMENT = "improvement"
    MEASURE = "measure"
    CASE = "case"
    EXTENSION = "extension"


def doctor(context: typer.Context, as_json: JsonOption = False, database: DatabaseOption = None) -> None:
    """Check everything the bot depends on and say what to do; exit code 1 if something is wrong."""
    shell, chosen = Shell.of(context), settings(database)
    findings = examination.examine(chosen, now(chosen))
    said = [(finding, shell.words.say(finding.message)) for finding in findings]
    if as_json:
        shell.data([{"check": f.check, "health": f.health, "ok": f.ok, "message": text} for f, text in said])
    else:
        # One missing token fails several checks; it is said once.
        for health, text in dict.fromkeys((finding.health, text) for finding, text in said):
            shell.say(MARKS[health], text=text)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def migrate(context: typer.Context, database: DatabaseOption = None) -> None:
    """Bring the database to the schema of this program; a SQLite file is copied beside itself before."""
    shell, chosen = Shell.of(context), settings(database)
    before = storage.migrate.current(chosen.database_url)
    storage.migrate.upgrade(chosen.database_url)
    after = storage.migrate.head()
    shell.say("cli.migrated" if before != after else "cli.migrated_before", url=shown(chosen), revision=after)


def reindex(context: typer.Context, database: DatabaseOption = None) -> None:
    """Make the index of the search anew, while people go on working."""
    shell, chosen = Shell.of(context), settings(database)
    with reading(chosen) as workflow:
        shell.say("cli.reindexed", n=write_index(workflow, now(chosen)))


def lifecycle(
    context: typer.Context,
    as_mermaid: Annotated[bool, typer.Option("--mermaid")] = False,
    kind: Kind = Kind.IMPROVEMENT,
) -> None:
    """Print the stages and the steps between them, as a list or as a Mermaid state diagram."""
    shell, chosen = Shell.of(context), LIFECYCLES[kind]
    if as_mermaid:
        typer.echo(mermaid(chosen, shell.words), nl=False)
        return
    for stage in chosen.stages:
        shell.say(stage_name(kind, stage))
        for step in chosen.steps.values():
            if stage in step.from_ and not step.by_system:
                to = [shell.words.say(stage_name(kind, target)) for target in sorted(step.to)]
                shell.say(
                    "cli.lifecycle_step" if to else "cli.lifecycle_stay", step=shell.words.say(f"step.{step.id}"), to=to
                )
