"""`improve-bot backup` and `restore`: everything in one file, and back from it into either database."""

from pathlib import Path
from typing import Annotated

import typer

import storage.archive
import storage.profile
from bot.cli.proof import tell
from bot.cli.shell import DatabaseOption, Shell, now, reading, settings
from bot.doctor import shown
from bot.errors import UserError
from bot.improvement import LIFECYCLES
from bot.knowledge.reindex import reindex
from bot.proof import verify
from bot.settings import Settings
from bot.workflow import Workflow
from storage.numbering import GAP, Numbering

NUMBERING = Numbering(
    prefixes=tuple(kind.prefix for kind in LIFECYCLES.values() if kind.prefix),
    suffixes=tuple(kind.suffix for kind in LIFECYCLES.values() if kind.suffix),
)
Archive = Annotated[Path, typer.Argument(metavar="FILE")]


def backup(context: typer.Context, file: Archive, database: DatabaseOption = None) -> None:
    """Write everything into a new file, as it is at one moment; the bot may go on working."""
    shell, chosen = Shell.of(context), settings(database)
    with reading(chosen) as workflow:
        try:
            content = storage.archive.write(workflow.database, file, now(chosen))
        except FileExistsError:
            raise UserError("cli.file_exists", name=str(file)) from None
        except OSError as error:
            raise UserError("cli.not_written", name=str(file), detail=error.strerror or "") from None
    shell.say("cli.backed_up", name=str(file), records=content.rows["record"], entries=content.rows["history"])


def restore(context: typer.Context, file: Archive, database: DatabaseOption = None) -> None:
    """Fill an empty database from a backup, then go through every history; exit code 1 if one is broken."""
    shell, chosen = Shell.of(context), settings(database)
    content = _restored(chosen, file)
    shell.say("cli.restored", url=shown(chosen), records=content.rows["record"], at=content.at.isoformat()[:16])
    shell.say("cli.restored_gap", n=GAP)
    with reading(chosen) as workflow:
        _index(workflow, chosen)
        # What was done between the last head and the backup is sealed only when the bot runs again.
        report = verify(workflow.database, chosen.head_keys, content.at)
    tell(shell, report, has_key=bool(chosen.head_keys.secrets))
    if report.breaks:
        raise typer.Exit(1)


def _restored(chosen: Settings, file: Path) -> storage.archive.Content:
    try:
        return storage.archive.restore(chosen.database_url, file, NUMBERING, now(chosen))
    except storage.archive.BadArchive:
        raise UserError("cli.not_a_backup", name=str(file)) from None
    except storage.archive.NotEmpty:
        raise UserError("cli.not_empty", url=shown(chosen)) from None
    except FileNotFoundError:
        raise UserError("cli.no_file", name=str(file)) from None


def _index(workflow: Workflow, chosen: Settings) -> None:
    """The search index is no part of a backup; without a company there is nothing to find either."""
    with workflow.database.reading() as session:
        has_company = storage.profile.current(session) is not None
    if has_company:
        reindex(workflow, now(chosen))
