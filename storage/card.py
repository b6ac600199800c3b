"""Where the live card of a record stands in each channel or DM."""

from collections.abc import Mapping
from functools import cache

from sqlalchemy import Executable
from sqlmodel import Field, Session

from storage.base import INSERT, Base, dialect_of


class Card(Base, table=True):
    """The newest card of a record in one place; earlier ones there have lost their buttons.

    A message about several records stands here too, with its subject, such as `reminder`, instead of a number.
    """

    record: str = Field(primary_key=True, max_length=40)
    place: str = Field(primary_key=True, max_length=32)
    outbox_key: str = Field(max_length=200, index=True)


def find(session: Session, *, record: str, place: str) -> Card | None:
    """The live card of a record in a place."""
    return session.get(Card, {"record": record, "place": place})


def stand(session: Session, cards: Mapping[tuple[str, str], str]) -> None:
    """From now on these messages, by their outbox keys, stand for a subject in a place; both name the message."""
    rows = [{"record": subject, "place": place, "outbox_key": key} for (subject, place), key in cards.items()]
    if rows:
        session.connection().execute(_standing(dialect_of(session)), rows)


@cache
def _standing(dialect: str) -> Executable:
    statement = INSERT[dialect](Card)
    newer = {"outbox_key": statement.excluded.outbox_key}
    return statement.on_conflict_do_update(index_elements=["record", "place"], set_=newer)
