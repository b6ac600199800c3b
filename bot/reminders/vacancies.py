"""Nobody left: a record waits for an office, and of all down to the top management nobody is there or may judge it."""

from collections.abc import Iterator
from datetime import datetime

import structlog
from sqlmodel import Session

import storage.outbox
import storage.register
from bot.company import Company
from bot.errors import Message
from bot.improvement.deadlines import DEADLINES, REMINDED
from bot.people.directory import Directory
from bot.people.who import CHAIN
from bot.reminders.ladder import holders
from bot.workflow import Scene, scene
from bot.workflow.cards import encode
from storage.deadline import Deadline
from storage.register import Involving

NOTE, PAGE = "note", 200
ROLE_HELD = frozenset(name for name in REMINDED if DEADLINES[name].holder.of_office)
"""The deadlines that wait for an office, not for a person named on the record."""

log = structlog.get_logger()


def waiting_for_nobody(session: Session, company: Company, now: datetime) -> Iterator[tuple[Scene, Deadline]]:
    """The running deadlines on which, as things stand, nobody may act; read in pages."""
    after: Deadline | None = None
    last = _last_resort(company.directory)
    while rows := storage.register.running(session, names=ROLE_HELD, involving=last, limit=PAGE, after=after):
        cases = scene.cases(session, company, [*{record.number: record for _, record in rows}.values()])
        stuck = [(d, record) for d, record in rows if not holders(DEADLINES[d.name], cases[record.number])]
        if stuck:
            records = {record.number: record for _, record in stuck}
            scenes = {here.record.number: here for here in scene.load(session, company, now, [*records.values()])}
            yield from ((scenes[record.number], deadline) for deadline, record in stuck)
        after = rows[-1][0]


def _last_resort(directory: Directory) -> Involving | None:
    """Somebody on whom every office falls in the end. Nothing is stuck that this person is far enough from to judge."""
    people = directory.holders(CHAIN[-1])
    return Involving(people[0], directory.department_of(people[0])) if people else None


def report(session: Session, company: Company, now: datetime) -> None:
    """Ask the administrators, once for each deadline, to appoint somebody; the step waits until then."""
    admins = company.directory.holders("admin")
    for here, deadline in waiting_for_nobody(session, company, now):
        if not admins:
            log.error("nobody_can_act", number=here.record.number, deadline=deadline.name)
        for admin in admins:
            key = f"nobody:{deadline.id}:{admin}"
            data = {"news": "nobody_can_act", "params": encode(_what_waits(here, deadline))}
            storage.outbox.put(session, key=key, target=admin, kind=NOTE, record=here.record.number, data=data, now=now)


def _what_waits(here: Scene, deadline: Deadline) -> dict[str, object]:
    return {
        "number": here.record.number,
        "title": here.record.title,
        "deadline": Message(f"deadline.{deadline.name}"),
        "role": Message(f"role.{DEADLINES[deadline.name].holder.codes[0]}"),
    }
