"""Cards: a record stands once in each place where it is shown; a newer card there takes the older one's buttons.

So it is with messages about several records, which stand there under a subject: a person's daily message, the one they
got in somebody's place, and the list of what a colleague who left has left behind.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

import storage.card
import storage.outbox
import storage.relation
import storage.reminder
from bot.errors import Mention, Message
from storage.card import Card
from storage.record import Record

CARD, REFRESH = "card", storage.outbox.REFRESH


def put(
    session: Session,
    record: Record,
    *,
    place: str,
    key: str,
    news: str,
    params: Mapping[str, Any],
    now: datetime,
) -> None:
    """Post a new card of the record in a place, and take the buttons off the one that stood there."""
    outbox_key = f"card:{key}:{record.number}:{place}"
    data = {"news": news, "params": encode(params)}
    if not storage.outbox.put(
        session, key=outbox_key, target=place, kind=CARD, record=record.number, data=data, now=now
    ):
        return
    supersede(session, subject=record.number, place=place, outbox_key=outbox_key, now=now)


def supersede(session: Session, *, subject: str, place: str, outbox_key: str, now: datetime) -> None:
    """Let a new message stand for a subject in a place; the one that stood there is drawn again without buttons."""
    standing = storage.card.find(session, record=subject, place=place)
    if standing is not None:
        storage.outbox.put(
            session,
            key=f"retire:{standing.outbox_key}",
            target=place,
            kind=REFRESH,
            data={"retire": standing.outbox_key},
            now=now,
        )
    live = standing or Card(record=subject, place=place, outbox_key=outbox_key)
    live.outbox_key = outbox_key
    session.add(live)
    session.flush()


def refresh(session: Session, record: Record, *, key: str, now: datetime) -> None:
    """Bring every standing card of the record up to date, unless a message that will do so is waiting already."""
    live = storage.card.of_record(session, record.number)
    places = [card.place for card in live]
    queued = storage.outbox.queued(session, record=record.number, targets=places) if live else set()
    waiting = {place for place, key in queued if key.startswith("refresh:")}
    for card in live:
        if card.place in waiting or (card.place, card.outbox_key) in queued:
            continue
        storage.outbox.put(
            session,
            key=f"refresh:{key}:{record.number}:{card.place}",
            target=card.place,
            kind=REFRESH,
            record=record.number,
            now=now,
        )
    for message in _that_list(session, record):
        storage.outbox.put(
            session,
            key=f"redraw:{key}:{message.outbox_key}",
            target=message.place,
            kind=REFRESH,
            data={"redraw": message.outbox_key},
            now=now,
        )


def refresh_all(session: Session, records: Sequence[Record], *, key: str, now: datetime) -> None:
    """The same for several records, most of which stand nowhere."""
    standing = {card.record for card in storage.card.of_subjects(session, [record.number for record in records])}
    for record in records:
        if record.number in standing:
            refresh(session, record, key=key, now=now)


def left_behind(person: str) -> str:
    """The subject of the list of what somebody who left has left behind."""
    return f"orphans:{person}"


def _that_list(session: Session, record: Record) -> list[Card]:
    """The messages that list this record among others."""
    relations = storage.relation.of_records(session, [record.parent or record.number])
    holders = {relation.person for relation in relations if relation.relation in ("owner", "responsible")}
    lists = storage.card.of_subjects(session, map(left_behind, holders))
    return [*storage.reminder.standing(session, record.number), *lists]


def encode(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a sentence as JSON values, so that they can be said later in the reader's language."""
    return {name: _encoded(value) for name, value in params.items() if value is not None}


def decode(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a sentence from what `encode` made of them."""
    return {name: _decoded(value) for name, value in params.items()}


def _encoded(value: Any) -> Any:
    match value:
        case Message():
            return {"say": value.msgid, "params": encode(value.params)}
        case Mention():
            return {"mention": value.person}
        case date():
            return {"day": value.isoformat()}
        case _:
            return value


def _decoded(value: Any) -> Any:
    match value:
        case {"say": str(msgid), "params": dict(params)}:
            return Message(msgid, decode(params))
        case {"mention": str(person)}:
            return Mention(person)
        case {"day": str(day)}:
            return date.fromisoformat(day)
        case _:
            return value
