"""What waits for a person: asked of the database by stage and column, then judged record by record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count, islice

from sqlmodel import Session

import storage.waiting
from bot.company import Company
from bot.errors import Message
from bot.improvement.deadlines import DEADLINES, WAITS_FOR, WAITS_UNDATED
from bot.people.directory import Directory
from bot.people.who import CHAIN, Grant, Who
from bot.workflow import scene
from storage.record import Record
from storage.waiting import Stages

COUNTED = 200
"""Up to how many records are counted."""

PAGE = COUNTED + 1
CHECK_DATE = "check_date"

HOLDERS: Mapping[str, Who] = {
    **WAITS_UNDATED,
    **{stage: DEADLINES[name].holder for stage, name in WAITS_FOR.items()},
}


def _of_relation(*codes: str) -> list[str]:
    return [stage for stage, who in HOLDERS.items() if any(grant.code in codes for grant in who.grants)]


OWNER_STAGES, RAISER_STAGES = _of_relation("owner", "responsible"), _of_relation("raiser", "author")
MEMBER_STAGES = _of_relation("project_manager")


@dataclass(frozen=True)
class Waiting:
    """The records whose present stage waits for a person, the pressing ones first; `more` if there are others."""

    records: Sequence[Record]
    more: bool

    @property
    def count(self) -> int | Message:
        """How many there are, as the parameter of a sentence."""
        return Message("ui.more_than", {"n": len(self.records)}) if self.more else len(self.records)


def waiting_for(session: Session, company: Company, person: str, now: datetime) -> Waiting:
    """What waits for this person."""
    found = list(islice(_waiting(session, company, person, company.today(now)), COUNTED + 1))
    return Waiting(found[:COUNTED], more=len(found) > COUNTED)


def _waiting(session: Session, company: Company, person: str, today: date) -> Iterator[Record]:
    """Some records of a role's stages wait for somebody else (separation of duties), so it reads on to the end."""
    offices = [stage for stage, who in HOLDERS.items() if _may_be_asked(who, person, company.directory)]
    stages = Stages(owner=OWNER_STAGES, raiser=RAISER_STAGES, member=MEMBER_STAGES, office=offices)
    for offset in count(0, PAGE):
        records = storage.waiting.waiting_for(
            session, person, stages, due=WAITS_FOR, mark=CHECK_DATE, today=today, limit=PAGE, offset=offset
        )
        cases = scene.cases(session, company, records)
        yield from (r for r in records if person in HOLDERS[r.stage].people(cases[r.number]))
        if len(records) < PAGE:
            return


def _may_be_asked(who: Who, person: str, directory: Directory) -> bool:
    """Whether an office of this person is one that the stage may wait for, by itself or along the chain."""
    offices = directory.roles_of(person)
    return any(offices & _offices(who, grant, directory) for grant in who.grants if grant.role)


def _offices(who: Who, grant: Grant, directory: Directory) -> set[str]:
    """A separation may pass a record on to any later office, an office that nobody holds passes on all of them."""
    chain = CHAIN[CHAIN.index(grant.code) :] if grant.code in CHAIN else CHAIN
    held = [office for office in chain if directory.holders(office)]
    return set(held if who.separations else held[:1])
