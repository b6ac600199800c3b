"""What becomes of a reminder whose person cannot be reached: it goes to the department's head, or further up."""

from collections import defaultdict
from datetime import datetime

import structlog
from sqlmodel import Session

import storage.outbox
import storage.reminder
from bot.company import Company
from bot.reminders import hours
from bot.reminders.ladder import stand_ins
from bot.reminders.line import Line
from bot.workflow import cards
from storage.base import Values
from storage.outbox import OutboxRow

UNREACHABLE = frozenset(
    {
        "channel_not_found",
        "user_not_found",
        "user_disabled",
        "user_not_visible",
        "cannot_dm_bot",
        "restricted_action",
    }
)
"""What Slack answers when it will never deliver to this person; everything else may have passed by tomorrow."""

log = structlog.get_logger()


def redirect(session: Session, company: Company, row: OutboxRow, now: datetime) -> None:
    """Enter how the message ended, and ask the first stand-in who has not been tried."""
    if row.error not in UNREACHABLE:
        storage.reminder.settle(session, outbox_key=row.key, state=storage.reminder.FAILED)
        return
    storage.reminder.settle(session, outbox_key=row.key, state=storage.reminder.REDIRECTED)
    tried = (*row.data.get("tried", []), row.target)
    bundles: dict[str, list[Line]] = defaultdict(list)
    for data in row.data["lines"]:
        line = Line.model_validate(data)
        person = next_in_line(company, line.department, tried)
        if person:
            bundles[person].append(line.model_copy(update={"absent": line.absent or row.target}))
        else:
            log.error("reminder.nobody_reachable", number=line.number, deadline=line.deadline)
    stale = hours.day_begins(company, now)
    for person, lines in bundles.items():
        keys = {line.key(person, company.today(now)): line for line in lines}
        entered = storage.reminder.enter(session, keys, now=now, stale=stale)
        new = [line.model_dump(mode="json") for key, line in keys.items() if key in entered]
        if new:  # this person has had the other lines anyway
            _ask(session, row, person, {"lines": new, "tried": list(tried)}, now)
            storage.reminder.claim(session, entered.values(), outbox_key=_key(row, person))


def next_in_line(company: Company, department: str | None, tried: tuple[str, ...]) -> str | None:
    """The first stand-in for somebody of this department who has not been tried."""
    return next((p for p in stand_ins(company.directory, department) if p not in tried), None)


def _ask(session: Session, row: OutboxRow, person: str, changes: Values, now: datetime) -> None:
    """The message stands beside this person's own, until the next one comes in place of the same colleague."""
    key, subject = _key(row, person), storage.reminder.in_place_of(changes["tried"][0])
    data = row.data | changes | {"subject": subject}
    if storage.outbox.put(session, key=key, target=person, kind=row.kind, data=data, now=now):
        cards.supersede(session, subject=subject, place=person, outbox_key=key, now=now)


def _key(row: OutboxRow, person: str) -> str:
    return f"{row.key}>{person}"
