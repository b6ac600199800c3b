"""Versions of what processes keep in memory: the profile, the people, the calendar.

Every write to one of them raises its number in the same transaction, so one small query tells a process whether
what it remembers still holds.
"""

from sqlmodel import Field, Session, col, select

from storage.base import Base, insert

PROFILE, PEOPLE, CALENDAR = "profile", "people", "calendar"


class Stamp(Base, table=True):
    """How often something has been written."""

    name: str = Field(primary_key=True, max_length=16)
    version: int


EVERY = select(Stamp.name, Stamp.version)


def raise_(session: Session, name: str) -> None:
    """Say that something was written."""
    statement = insert(session, Stamp).values(name=name, version=1)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"version": col(Stamp.version) + 1}))


def all_(session: Session) -> dict[str, int]:
    """All versions by name."""
    # Asked at the beginning of everything: past the ORM it takes half as long.
    return dict(iter(session.connection().execute(EVERY)))
