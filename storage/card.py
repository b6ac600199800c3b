"""Where the live card of a record stands in each channel or DM."""

from collections.abc import Iterable
from collections.abc import Sequence as Many

from sqlmodel import Field, Session, col, select

from storage.base import Base


class Card(Base, table=True):
    """The newest card of a record in one place; earlier ones there have lost their buttons.

    A message about several records stands here too, with its subject, such as `reminder`, instead of a number.
    """

    record: str = Field(primary_key=True, max_length=40)
    place: str = Field(primary_key=True, max_length=32)
    outbox_key: str = Field(max_length=200)


def of_record(session: Session, number: str) -> Many[Card]:
    """All live cards of a record."""
    return session.exec(select(Card).where(Card.record == number)).all()


def of_subjects(session: Session, subjects: Iterable[str]) -> Many[Card]:
    """All live messages that stand for one of these."""
    wanted = list(subjects)
    return session.exec(select(Card).where(col(Card.record).in_(wanted))).all() if wanted else []


def find(session: Session, *, record: str, place: str) -> Card | None:
    """The live card of a record in a place."""
    return session.get(Card, {"record": record, "place": place})
