"""The ledger of the reminder ladder: which rung of which deadline was sent to whom."""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence as Many
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy
from sqlalchemy import BindParameter, bindparam, or_, union, update
from sqlmodel import Field, Session, UniqueConstraint, col, select

from storage.base import NUMBERS, Base, insert
from storage.card import Card
from storage.outbox import OutboxRow

KEY = ("recipient", "record", "deadline", "instance", "current_due", "rung", "on_date")
CLAIMED, SENT, SUPERSEDED, REDIRECTED, FAILED = "CLAIMED", "SENT", "SUPERSEDED", "REDIRECTED", "FAILED"
SUBJECT = "reminder"  # the daily message stands in the table of cards under this name
ROWS_A_STATEMENT = 500  # SQLite takes 32,766 parameters


class ReminderEntry(Base, table=True):
    """One rung for one recipient. `on_date` is the day for the daily rung and empty otherwise.

    `state` is CLAIMED, SENT, SUPERSEDED, REDIRECTED or FAILED; `outbox_key` names the bundled message.
    """

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint(*KEY),)

    id: int | None = Field(default=None, primary_key=True)
    recipient: str = Field(max_length=32)
    record: str = Field(max_length=40, index=True)
    deadline: str = Field(max_length=32)
    instance: str = Field(default="", max_length=40)
    current_due: date
    rung: str = Field(max_length=16)
    on_date: str = Field(default="", max_length=10)
    state: str = Field(default="CLAIMED", max_length=16)
    claimed_at: datetime
    outbox_key: str | None = Field(default=None, max_length=200, index=True)


SUBJECTS: BindParameter[Many[str]] = bindparam("subjects", expanding=True)
MENTIONS = select(ReminderEntry.outbox_key).where(col(ReminderEntry.record).in_(NUMBERS))
STANDING = union(
    select(Card).where(col(Card.record).in_(SUBJECTS)), select(Card).where(col(Card.outbox_key).in_(MENTIONS))
)


class EntryKey(NamedTuple):
    """What may stand in the ledger once."""

    recipient: str
    record: str
    deadline: str
    instance: str
    current_due: date
    rung: str
    on_date: str


class Subject(NamedTuple):
    """What a rung is about: a deadline with the date it has now."""

    record: str
    deadline: str
    instance: str
    current_due: date


def known(
    session: Session, *, records: Iterable[str], today: date, stale: datetime
) -> dict[Subject, set[tuple[str, str]]]:
    """Which rungs the ledger holds of these records, each with its recipient, as far as they concern today.

    Left out, and so open again, is what was claimed before `stale` in a message that was never delivered.
    """
    statement = (
        sqlalchemy.select(*(col(getattr(ReminderEntry, name)) for name in (*Subject._fields, "recipient", "rung")))
        .select_from(ReminderEntry)
        .outerjoin(OutboxRow, col(OutboxRow.key) == col(ReminderEntry.outbox_key))
        .where(
            col(ReminderEntry.record).in_(list(records)),
            col(ReminderEntry.on_date).in_(["", today.isoformat()]),
            or_(
                col(ReminderEntry.state).not_in([CLAIMED, FAILED]),
                col(ReminderEntry.claimed_at) >= stale,
                col(OutboxRow.sent_at).is_not(None),
            ),
        )
    )
    found: dict[Subject, set[tuple[str, str]]] = defaultdict(set)
    for record, deadline, instance, due, recipient, rung in session.connection().execute(statement).all():
        found[Subject(record, deadline, instance, due)].add((recipient, rung))
    return found


def enter(session: Session, keys: Iterable[EntryKey], *, now: datetime, stale: datetime) -> dict[EntryKey, int]:
    """Enter these rungs as SUPERSEDED; the ids of those that were not in the ledger yet.

    An undelivered entry from before `stale` counts as not there. The order of the rows is the same for everybody,
    so that two processes never wait for each other.
    """
    fresh = {"state": SUPERSEDED, "claimed_at": now, "outbox_key": None}
    rows = [key._asdict() | fresh for key in sorted(set(keys))]
    entered: dict[EntryKey, int] = {}
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        statement = insert(session, ReminderEntry).values(rows[start : start + ROWS_A_STATEMENT])
        undelivered = col(ReminderEntry.state).in_([CLAIMED, FAILED]) & (col(ReminderEntry.claimed_at) < stale)
        upsert = statement.on_conflict_do_update(index_elements=KEY, set_=fresh, where=undelivered)
        columns = (getattr(ReminderEntry, name) for name in ("id", *KEY))
        entered |= {EntryKey(*key): id_ for id_, *key in session.execute(upsert.returning(*columns))}
    return entered


def claim(session: Session, ids: Iterable[int], *, outbox_key: str) -> None:
    """These entries go out with the message of this key."""
    session.execute(
        update(ReminderEntry)
        .where(col(ReminderEntry.id).in_(list(ids)))
        .values(state=CLAIMED, outbox_key=outbox_key)
        .execution_options(synchronize_session=False)
    )


def settle(session: Session, *, outbox_key: str, state: str) -> None:
    """Write down how the message of this key ended."""
    session.execute(
        update(ReminderEntry)
        .where(col(ReminderEntry.outbox_key) == outbox_key, col(ReminderEntry.state) == CLAIMED)
        .values(state=state)
        .execution_options(synchronize_session=False)
    )


def in_place_of(person: str) -> str:
    """The name under which a daily message stands that this person should have had and somebody else got."""
    return f"{SUBJECT}:{person}"


def standing(session: Session, *, records: Iterable[str], subjects: Iterable[str]) -> dict[tuple[str, str], str]:
    """Their own cards, what stands under these other subjects, and the newest daily messages that speak of them.

    The outbox keys of the messages, by what each stands for and where.
    """
    numbers = [*records]
    found = session.execute(STANDING, {NUMBERS.key: numbers, SUBJECTS.key: [*numbers, *subjects]})
    return {(record, place): key for record, place, key in found}


def of_records(session: Session, records: Iterable[str]) -> Many[ReminderEntry]:
    """The ledger of these records, in the order it was written."""
    statement = select(ReminderEntry).where(col(ReminderEntry.record).in_(list(records)))
    return session.exec(statement.order_by(col(ReminderEntry.id))).all()
