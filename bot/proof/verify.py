"""Goes through every chain and every head, streamed, and names the first broken entry of each broken record."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby

from sqlmodel import Session

import storage.head
import storage.history
from bot.proof.seal import Keys, Tally, digest
from bot.workflow.chain import Walk
from storage.database import Database
from storage.head import Head

# A head is made every day, so that what is older has been sealed unless heads were taken away or the bot stood still.
SEALED_WITHIN = timedelta(days=2)


class Fault(StrEnum):
    """What can be wrong with a history, a record of the register, or a head."""

    ALTERED = "altered"
    REWRITTEN = "rewritten"
    CUT = "cut"
    MISSING = "missing"
    STRAY = "stray"
    UNWRITTEN = "unwritten"
    HEAD_ALTERED = "head_altered"
    HEAD_FORGED = "head_forged"
    HEAD_UNSIGNED = "head_unsigned"
    HEAD_MISSING = "head_missing"
    UNSEALED = "unsealed"


@dataclass(frozen=True)
class Break:
    """What is wrong first with a record, at which entry; or with the head of a day, and then the entry is 0."""

    what: Fault
    name: str
    entry: int = 0


@dataclass
class Report:
    """What was gone through and what is wrong; `last` is the newest head, `signed` whether one of our keys made it."""

    records: int = 0
    entries: int = 0
    heads: int = 0
    last: Head | None = None
    signed: bool = False
    breaks: list[Break] = field(default_factory=list)


def verify(database: Database, keys: Keys, now: datetime, known: str | None = None) -> Report:
    """Go through everything at one moment, beside the steps that go on. `known` is a head's digest from elsewhere.

    Without a key heads prove nothing, so that nobody asks whether there are enough of them.
    """
    report = Report()
    with database.snapshot() as session:
        broken = _records(session, report)
        report.breaks = [*broken.values(), *_heads(session, report, keys, known)]
        if keys.secrets:
            report.breaks += _unsealed(session, now)
    return report


def _records(session: Session, report: Report) -> dict[str, Break]:
    """What is wrong by record. What the chain itself shows goes before what a head or the register shows."""
    broken: dict[str, Break] = {}
    for number, history in groupby(storage.history.links(session), key=lambda link: link.record):
        walk = Walk()
        seq = walk.first_break(history)
        if seq is not None:
            broken[number] = Break(Fault.ALTERED, number, seq)
        report.records, report.entries = report.records + 1, report.entries + walk.entries
    for number, sealed, last in storage.head.broken_lines(session):
        what = Fault.REWRITTEN if last >= sealed else Fault.CUT if last else Fault.MISSING
        broken.setdefault(number, Break(what, number, min(sealed, last + 1)))
    for number, seq in storage.history.strays(session):
        broken.setdefault(number, Break(Fault.STRAY if seq else Fault.UNWRITTEN, number, seq))
    return broken


def _heads(session: Session, report: Report, keys: Keys, known: str | None) -> Iterator[Break]:
    heads, tally = storage.head.all_(session), Tally()
    for no, head in enumerate(heads, start=1):
        expected = tally.head(no=no, day=head.day, at=head.at, lines=storage.head.lines(session, head.no))
        if not head.hash == expected.hash == digest(head):
            yield Break(Fault.HEAD_ALTERED, str(head.day))
        elif keys.secrets and head.signature and not keys.made(head):
            yield Break(Fault.HEAD_FORGED, str(head.day))
        tally.previous = head.hash
    report.heads, report.last = len(heads), heads[-1] if heads else None
    report.signed = report.last is not None and keys.made(report.last)
    if report.last and keys.secrets and not report.last.signature:
        yield Break(Fault.HEAD_UNSIGNED, str(report.last.day))
    unknown = known is not None and known not in {head.hash for head in heads}
    if unknown or storage.head.last_sealed(session) > len(heads):
        yield Break(Fault.HEAD_MISSING, known or "")


def _unsealed(session: Session, now: datetime) -> Iterator[Break]:
    entry = storage.head.first_unsealed(session, now - SEALED_WITHIN)
    if entry is not None:
        yield Break(Fault.UNSEALED, entry.record, entry.seq)
