"""Cards: a record stands once in each place where it is shown; a newer card there takes the older one's buttons.

So it is with messages about several records, which stand there under a subject: a person's daily message, the one they
got in somebody's place, and the list of what a colleague who left has left behind.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

import storage.card
import storage.outbox
import storage.reminder
from bot.errors import Mention, Message
from storage.outbox import Draft
from storage.record import Record

CARD, REFRESH = "card", storage.outbox.REFRESH
HOLDING = ("owner", "responsible")
"""The relations of those on whose list a record stands when they leave."""
Standing = dict[tuple[str, str], str]
"""The outbox keys of messages, by what they stand for and where."""


def card(record: Record, *, place: str, key: str, news: str, params: Mapping[str, Any]) -> Draft:
    """A new card of the record for a place, with a line of news."""
    data = {"news": news, "params": encode(params)}
    return Draft(f"card:{key}:{record.number}:{place}", place, CARD, record.number, data)


def deliver(
    session: Session,
    messages: Collection[Draft],
    *,
    redrawn: Collection[str],
    holders: Iterable[str],
    key: str,
    now: datetime,
) -> None:
    """Enter messages, and bring up to date whatever else shows the records that are `redrawn`, by their numbers.

    A new card takes the buttons off the one that stood in its place. What lists a record is found by its number, and
    the list that somebody who left has left behind by its `holders`, who own these records.
    """
    standing = storage.reminder.standing(session, records=redrawn, subjects=map(left_behind, holders))
    fresh = {(message.record or "", message.target): message.key for message in messages if message.kind == CARD}
    left = {place: message for place, message in standing.items() if place not in fresh}
    cards = {place: message for place, message in left.items() if place[0] in redrawn}
    lists = {place: message for place, message in left.items() if place[0] not in redrawn}
    mail = [*_posted(messages, standing), *_refreshed(session, cards, key), *_relisted(lists, key)]
    storage.outbox.put_all(session, mail, now=now)
    storage.card.stand(session, fresh)


def supersede(session: Session, *, subject: str, place: str, outbox_key: str, now: datetime) -> None:
    """Let a new message stand for a subject in a place; the one that stood there is drawn again without buttons."""
    before = storage.card.find(session, record=subject, place=place)
    if before is not None:
        storage.outbox.put_all(session, [_retired(before.outbox_key, place)], now=now)
    storage.card.stand(session, {(subject, place): outbox_key})


def left_behind(person: str) -> str:
    """The subject of the list of what somebody who left has left behind."""
    return f"orphans:{person}"


def _posted(messages: Iterable[Draft], standing: Standing) -> Iterator[Draft]:
    """The messages in their order, each new card followed by what takes the buttons off the one before it."""
    for message in messages:
        yield message
        place = (message.record or "", message.target)
        if message.kind == CARD:
            if place in standing:
                yield _retired(standing[place], message.target)
            standing[place] = message.key


def _refreshed(session: Session, cards: Standing, key: str) -> Iterator[Draft]:
    """The cards that have to be drawn again, unless a message that will do so is waiting already."""
    if not cards:
        return
    records, places = zip(*cards, strict=True)
    queued = storage.outbox.queued(session, records=set(records), targets=set(places))
    waiting = {(record, place) for record, place, message in queued if message.startswith("refresh:")}
    for (record, place), message in cards.items():
        if (record, place) not in waiting and (record, place, message) not in queued:
            yield Draft(f"refresh:{key}:{record}:{place}", place, REFRESH, record)


def _relisted(lists: Standing, key: str) -> Iterator[Draft]:
    for (_, place), message in lists.items():
        yield Draft(f"redraw:{key}:{message}", place, REFRESH, data={"redraw": message})


def _retired(message: str, place: str) -> Draft:
    return Draft(f"retire:{message}", place, REFRESH, data={"retire": message})


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
