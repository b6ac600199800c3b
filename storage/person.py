"""What Slack knows of people, kept so that no click has to wait for a look-up."""

from collections.abc import Iterable
from collections.abc import Sequence as Many
from datetime import datetime

from sqlmodel import Field, Session, col, select

from storage import stamp
from storage.base import Base, insert


class Person(Base, table=True):
    """A member of the workspace as last seen."""

    id: str = Field(primary_key=True, max_length=32)
    name: str
    locale: str = Field(default="zh-CN", max_length=16)
    zone: str = Field(default="Asia/Shanghai", max_length=64)
    deactivated: bool = False
    is_bot: bool = False
    is_guest: bool = False
    refreshed_at: datetime


def find(session: Session, person: str) -> Person | None:
    """The person with this Slack id."""
    return session.get(Person, person)


def everyone(session: Session) -> Many[Person]:
    """All people ever seen, by id; also what this transaction itself has written of them.

    They do not belong to the session: whoever remembers them must not lose them when its transaction is rolled back.
    """
    statement = select(Person).order_by(col(Person.id))
    people = session.exec(statement.execution_options(populate_existing=True)).all()
    for person in people:
        session.expunge(person)
    return people


def save(session: Session, people: Iterable[Person]) -> None:
    """Enter or update people; somebody else may be entering the same ones at the same moment."""
    for person in sorted(people, key=lambda person: person.id):  # one order for all, so that nobody waits crosswise
        facts = person.model_dump()
        statement = insert(session, Person).values(facts)
        session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=facts))
    stamp.raise_(session, stamp.PEOPLE)
