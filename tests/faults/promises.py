"""What must hold when the faults are over and everything is quiet; every sentence is a violation."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any

from sqlmodel import Session, col, select

from bot.workflow import chain
from storage.history import HistoryEntry, Receipt
from storage.outbox import DEAD, REFRESH, SENT, OutboxRow
from storage.record import Record
from tests.faults.people import Attempt, Landed, Told
from tests.faults.undisturbed import SCHEDULED, Due, own_steps
from tests.faults.world import World
from tests.support.screen import key_of

Steps = Counter[tuple[str, str]]
ALWAYS_SAID = ("card", "note")
"""What has something to say whenever it is sent; of the others there may be nothing left to say by then."""

NINE, LITTLE = time(9), timedelta(minutes=3)


def violations(world: World, attempts: Sequence[Attempt], due: Due) -> list[str]:
    """Everything that goes against what the bot promises; `due` is what the clock had to cause."""
    messages = world.messages()
    with world.database.reading() as session:
        records = [*session.exec(select(Record).order_by(Record.number))]
        rows = {row.key: row for row in session.exec(select(OutboxRow))}
        history = _history(session)
        return [
            *world.wrong,
            *_attempts(attempts),
            *_histories(session, records, history),
            *_receipts(session, history),
            *_outbox(rows),
            *_messages(rows, messages, world.plan.begin),
            *_scheduled(rows, due.keys),
            *_by_itself(own_steps(session), due.steps, rows),
            *_hours(world, messages),
            *_punctual(world, messages),
        ]


def _history(session: Session) -> dict[str, list[HistoryEntry]]:
    found: dict[str, list[HistoryEntry]] = defaultdict(list)
    for entry in session.exec(select(HistoryEntry).order_by(HistoryEntry.record, col(HistoryEntry.seq))):
        found[entry.record].append(entry)
    return found


def _attempts(attempts: Sequence[Attempt]) -> Iterator[str]:
    """What somebody was told is done is there; whatever was tried is there once at the most, and nothing else is."""
    for one in attempts:
        itself = Landed({(one.step, one.about): 1})
        if one.landed not in (itself, Landed()):
            yield f"{one.step} of {one.about}: left {dict(one.landed)}"
        if one.told is Told.DONE and not one.landed:
            yield f"{one.step} of {one.about}: told that it is done, and it is not there"
        if one.told is Told.DONE and one.refusals:
            yield f"{one.step} of {one.about}: told that it is done, and turned down {one.refusals} times"
        if one.told is Told.NOTHING and one.undisturbed:
            yield f"{one.step} of {one.about}: nothing was wrong, and it was offered nowhere, or nobody answered"


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


def _messages(rows: dict[str, OutboxRow], messages: Sequence[dict[str, Any]], begin: datetime) -> Iterator[str]:
    """What the outbox calls sent stands in the workspace once, and nothing else does."""
    standing = Counter(key for message in messages if (key := key_of(message)))
    for key, times in standing.items():
        if times > 1:
            yield f"{key}: stands {times} times"
        if key not in rows:
            yield f"{key}: stands, and is in no outbox"
    for row in rows.values():
        must_stand = row.ts or (row.kind in ALWAYS_SAID and row.created_at >= begin)
        if row.state == SENT and row.kind != REFRESH and must_stand and standing[row.key] != 1:
            yield f"{row.key}: sent, and stands {standing[row.key]} times"


def _scheduled(rows: dict[str, OutboxRow], due: set[str]) -> Iterator[str]:
    """Each reminder and digest that was due was put out; one that was given up may bring others later."""
    put = {row.key for row in rows.values() if row.kind in SCHEDULED}
    given_up = any(row.state == DEAD and row.kind in SCHEDULED for row in rows.values())
    yield from (f"{key}: was due, and is not there" for key in due - put)
    if not given_up:
        yield from (f"{key}: is there, and was not due" for key in put - due)


def _by_itself(taken: Steps, due: Steps, rows: dict[str, OutboxRow]) -> Iterator[str]:
    """The program opened, caused and passed up what it would have undisturbed, once each."""
    if not any(row.state == DEAD and row.kind in SCHEDULED for row in rows.values()):
        for step, number in (taken - due) + (due - taken):
            yield f"{step} of {number}: taken {taken[step, number]} times, due {due[step, number]} times"


def _hours(world: World, messages: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Reminders stand on their own day and no later than the bot may speak, by the company's clocks."""
    for message in messages:
        kind, _, day = key_of(message).rpartition(":")
        if kind.startswith("remind:"):
            at = datetime.fromtimestamp(float(message["ts"]), world.plan.zone)
            if at.date().isoformat() != day.partition(">")[0] or at.hour < 9:
                yield f"{key_of(message)}: stands at {at.isoformat()}"


def _punctual(world: World, messages: Sequence[dict[str, Any]]) -> Iterator[str]:
    """On an undisturbed day what the clock caused stands at nine by the company's clocks, in winter and summer."""
    begin = world.plan.begin
    for message in messages:
        at = datetime.fromtimestamp(float(message["ts"]), world.plan.zone)
        nine = datetime.combine(at.date(), NINE, world.plan.zone)
        disturbed = any(since <= max(at, nine) and nine <= until for since, until in (*world.troubles, *world.downs))
        if not key_of(message).startswith(("remind:", "digest:")) or disturbed or nine <= begin:
            continue
        if not nine <= at <= nine + LITTLE:
            yield f"{key_of(message)}: stands at {at.isoformat()}, and not at nine"
