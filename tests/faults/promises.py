"""What must hold when the faults are over and everything is quiet; every sentence is a violation."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlmodel import Session, col, select

from bot.workflow import chain
from storage.history import HistoryEntry, Receipt
from storage.outbox import DEAD, REFRESH, SENT, OutboxRow
from storage.record import Record
from tests.faults.people import Attempt, Told
from tests.faults.undisturbed import SCHEDULED
from tests.faults.world import World
from tests.support.screen import key_of


def violations(world: World, attempts: Sequence[Attempt], due: set[str]) -> list[str]:
    """Everything that goes against what the bot promises; `due` are the keys of what the clock had to cause."""
    messages = world.messages()
    with world.database.reading() as session:
        records = [*session.exec(select(Record).order_by(Record.number))]
        rows = {row.key: row for row in session.exec(select(OutboxRow))}
        history = _history(session)
        return [
            *world.wrong,
            *_submissions(attempts, records, history),
            *_histories(session, records, history),
            *_receipts(session, history),
            *_outbox(rows),
            *_messages(rows, messages),
            *_scheduled(rows, due),
            *_hours(world, messages),
        ]


def _history(session: Session) -> dict[str, list[HistoryEntry]]:
    found: dict[str, list[HistoryEntry]] = defaultdict(list)
    for entry in session.exec(select(HistoryEntry).order_by(HistoryEntry.record, col(HistoryEntry.seq))):
        found[entry.record].append(entry)
    return found


def _submissions(
    attempts: Sequence[Attempt], records: Sequence[Record], history: dict[str, list[HistoryEntry]]
) -> Iterator[str]:
    """What somebody was told is done is there, and everything is there once at the most."""
    titled = Counter(record.title for record in records)
    steps = Counter((entry.step, number) for number, entries in history.items() for entry in entries)
    done: Counter[tuple[str, str]] = Counter()
    tried: Counter[tuple[str, str]] = Counter()
    for one in attempts:
        tried[one.step, one.about] += 1
        done[one.step, one.about] += one.told is Told.DONE
    for (step, about), times in tried.items():
        there = titled[about] if step == "raise_opportunity" else steps[step, about]
        if not done[step, about] <= there <= times or there > 1:
            yield f"{step} of {about}: told done {done[step, about]} times of {times}, is there {there} times"
    known = {one.about for one in attempts}
    yield from (f"{record.number}: nobody raised {record.title}" for record in records if record.title not in known)


def _histories(session: Session, records: Sequence[Record], history: dict[str, list[HistoryEntry]]) -> Iterator[str]:
    """Every chain is whole, and a record stands where its last entry says."""
    for record in records:
        entries = history[record.number]
        broken = chain.first_break(session, record.number)
        if broken is not None:
            yield f"{record.number}: the chain breaks at {broken}"
        if not entries or entries[-1].to_stage != record.stage or record.version != len(entries):
            yield f"{record.number}: stage {record.stage}, version {record.version}, entries {len(entries)}"
        for before, after in pairwise(entries):
            if after.from_stage != before.to_stage:
                yield f"{record.number}: from {before.to_stage} to {after.from_stage} without an entry"


def _receipts(session: Session, history: dict[str, list[HistoryEntry]]) -> Iterator[str]:
    """Every step has its receipt, and every receipt its step."""
    taken = {entry.key for entries in history.values() for entry in entries if "/" not in entry.key}
    receipts = {receipt.key for receipt in session.exec(select(Receipt))}
    yield from (f"{key}: a step without a receipt" for key in taken - receipts)
    yield from (f"{key}: a receipt without a step" for key in receipts - taken)


def _outbox(rows: dict[str, OutboxRow]) -> Iterator[str]:
    """Nothing waits; what was given up has been said, or goes out again by itself."""
    for row in rows.values():
        if row.not_before is not None:
            yield f"{row.key}: still {row.state}"
        told = row.kind in ("note", *SCHEDULED) or any(key.startswith(f"dead:{row.key}:") for key in rows)
        if row.state == DEAD and not told:
            yield f"{row.key}: given up, and nobody was told: {row.error}"


def _messages(rows: dict[str, OutboxRow], messages: Sequence[dict[str, Any]]) -> Iterator[str]:
    """What the outbox calls sent stands in the workspace once, and nothing else does."""
    standing = Counter(key for message in messages if (key := key_of(message)))
    for key, times in standing.items():
        if times > 1:
            yield f"{key}: stands {times} times"
        if key not in rows:
            yield f"{key}: stands, and is in no outbox"
    for row in rows.values():
        if row.state == SENT and row.kind != REFRESH and row.ts and standing[row.key] != 1:
            yield f"{row.key}: sent, and stands {standing[row.key]} times"


def _scheduled(rows: dict[str, OutboxRow], due: set[str]) -> Iterator[str]:
    """Each reminder and digest that was due was put out; one that was given up may bring others later."""
    put = {row.key for row in rows.values() if row.kind in SCHEDULED}
    given_up = any(row.state == DEAD and row.kind in SCHEDULED for row in rows.values())
    yield from (f"{key}: was due, and is not there" for key in due - put)
    if not given_up:
        yield from (f"{key}: is there, and was not due" for key in put - due)


def _hours(world: World, messages: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Reminders stand on their own day and no later than the bot may speak, by the company's clocks."""
    for message in messages:
        kind, _, day = key_of(message).rpartition(":")
        if kind.startswith("remind:"):
            at = datetime.fromtimestamp(float(message["ts"]), world.plan.zone)
            if at.date().isoformat() != day.partition(">")[0] or at.hour < 9:
                yield f"{key_of(message)}: stands at {at.isoformat()}"
