"""When somebody leaves: who is told at once of the open items left behind, and of offices that now stand empty."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import structlog
from sqlmodel import Session

import storage.outbox
import storage.register
from bot.company import Company, CompanySource
from bot.errors import Mention, Message
from bot.improvement.stages import MeasureStage
from bot.people.sync import save
from bot.reminders.redirect import UNREACHABLE, next_in_line
from bot.workflow import cards, scene
from bot.workflow.cards import encode
from storage.base import Values
from storage.database import Database
from storage.outbox import OutboxRow
from storage.person import Person

KIND, NOTE = "orphans", "note"
HELD = (MeasureStage.OPEN,)
"""The measures that can be handed on."""
TOLD_OF_VACANCIES = ("admin", "qa_manager")
log = structlog.get_logger()


def keep(database: Database, companies: CompanySource, people: Iterable[Person], now: datetime) -> None:
    """Keep people as Slack describes them, and tell somebody what those who have just left still hold.

    Both happen or neither: a departure shows only once, in the change from what was known.
    """
    with database.transaction() as session:
        gone = save(session, people)
        for person in gone:
            on_deactivated(session, companies.fresh(session), person, now)


def on_deactivated(session: Session, company: Company, person: str, now: datetime) -> None:
    """Tell the department's head, or whoever stands in, of all open items the person holds; once a day at most.

    A measure for another department is told to that one's head, who can hand it on.
    """
    home = company.directory.department_of(person)
    for note in _notes(session, company, person, now):
        elsewhere = f":{note['department']}" if note["department"] != home else ""
        key = f"{KIND}:{person}:{company.today(now)}{elsewhere}"
        _tell(session, company, key, note, tried=(person,), now=now)
    _report_vacancies(session, company, person, now)


def _notes(session: Session, company: Company, person: str, now: datetime) -> Iterable[Values]:
    """What a person holds, in a note for each who is to be told of it."""
    notes: dict[str | None, Values] = {}
    records = storage.register.held_by(session, [person], measures_in=HELD)
    for here in scene.load(session, company, now, records):
        department = here.item.responsible_dept
        told = next_in_line(company, department, (person,))
        note = notes.setdefault(told, {"person": person, "department": department, "numbers": []})
        note["numbers"].append(here.record.number)
    return notes.values()


def redirect(session: Session, company: Company, row: OutboxRow, now: datetime) -> None:
    """The one who was told cannot be reached either."""
    if row.error in UNREACHABLE:
        _tell(session, company, f"{row.key}>", row.data, tried=(*row.data["tried"], row.target), now=now)


def _tell(session: Session, company: Company, key: str, note: Values, *, tried: tuple[str, ...], now: datetime) -> None:
    person = note["person"]
    target = next_in_line(company, note["department"], tried)
    if target is None:
        log.error("orphans.nobody_reachable", person=person)
        return
    subject = cards.left_behind(person)
    data = note | {"subject": subject, "tried": list(tried)}
    if storage.outbox.put(session, key=key, target=target, kind=KIND, data=data, now=now):
        cards.supersede(session, subject=subject, place=target, outbox_key=key, now=now)


def _report_vacancies(session: Session, company: Company, person: str, now: datetime) -> None:
    """Offices the person held alone are reported to the administrators and the quality manager."""
    told = {p for office in TOLD_OF_VACANCIES for p in company.directory.holders(office)} - {person}
    for office, news in _vacancies(company, person):
        data = {"news": news.msgid.removeprefix("news."), "params": encode(news.params)}
        for target in sorted(told):
            key = f"vacant:{office}:{person}:{company.today(now)}:{target}"
            storage.outbox.put(session, key=key, target=target, kind=NOTE, data=data, now=now)


def _vacancies(company: Company, person: str) -> Iterator[tuple[str, Message]]:
    profile, directory, who = company.profile, company.directory, Mention(person)
    for office in type(profile.roles).model_fields:
        if person in profile.role_holders(office) and not set(directory.holders(office)) - {person}:
            yield office, Message("news.role_vacant", {"person": who, "role": Message(f"role.{office}")})
    for entry in profile.directory.departments:
        if person in (entry.head, *entry.deputies) and not set(directory.heads(entry.name)) - {person}:
            yield entry.name, Message("news.head_vacant", {"person": who, "department": entry.name})
