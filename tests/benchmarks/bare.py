"""The rows that a digest or a day's reminders look at, read with as few statements as possible and made nothing of."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import text
from sqlmodel import Session

from bot.company import Company
from bot.digest.news import CLASSIFIED, EXTENDED, INEFFECTIVE, LEARNED, RAISED
from bot.reminders.vacancies import ROLE_HELD

Statement = tuple[str, dict[str, object]]

RUNNING = """
    SELECT d.*, r.* FROM deadline d JOIN record r ON r.number = d.record
    WHERE d.stopped_on IS NULL AND d.remaining_wd IS NULL AND r.ended_on IS NULL AND {condition}
"""
ITEMS = """
    SELECT coalesce(r.parent, r.number) FROM deadline d JOIN record r ON r.number = d.record
    WHERE d.stopped_on IS NULL AND d.remaining_wd IS NULL AND r.ended_on IS NULL AND {condition}
"""
WHOLE = "SELECT number FROM record WHERE number IN ({items}) UNION SELECT number FROM record WHERE parent IN ({items})"
RELATIONS = "SELECT * FROM relation WHERE record IN ({items})"
SCENES = (
    "SELECT * FROM record WHERE number IN ({whole})",
    RELATIONS,
    "SELECT * FROM deadline WHERE record IN ({whole})",
    "SELECT * FROM entry WHERE record IN ({whole})",
)
LEDGER = "SELECT * FROM reminder WHERE record IN ({whole}) AND on_date IN ('', :today)"
HAPPENED = """
    SELECT h.*, r.* FROM history h JOIN record r ON r.number = h.record WHERE h.at >= :since AND h.at < :until
    AND (h.step IN ({steps}) OR (h.to_stage = 'CLOSED' AND h.from_stage <> 'CLOSED'))
"""


def read(session: Session, statements: Sequence[Statement]) -> int:
    """Ask each and take all rows as the driver gives them; how many they were."""
    return sum(len(session.connection().execute(text(asked), values).all()) for asked, values in statements)


def reminded(company: Company, now: datetime) -> list[Statement]:
    """What is due until the next working day, with the ledger."""
    today = company.today(now)
    horizon = company.calendar.add(today, company.profile.reminders.before_wd).day
    return list(_scenes("d.current_due <= :horizon", [*SCENES, LEDGER], horizon=horizon, today=today.isoformat()))


def digested(company: Company, now: datetime, since: datetime) -> list[Statement]:
    """Everything that waits for an office, for it may be nobody's, with who is involved; and what happened since."""
    steps = _quoted([RAISED, *CLASSIFIED, *INEFFECTIVE, LEARNED, EXTENDED])
    condition = f"d.name IN ({_quoted(ROLE_HELD)})"
    return [
        *_scenes(condition, [RELATIONS]),
        (HAPPENED.format(steps=steps), {"since": since, "until": now}),
    ]


def _scenes(condition: str, statements: Sequence[str], **values: date | str) -> Iterator[Statement]:
    items = ITEMS.format(condition=condition)
    whole = WHOLE.format(items=items)
    for asked in (RUNNING.format(condition=condition), *(one.format(items=items, whole=whole) for one in statements)):
        yield asked, {name: value for name, value in values.items() if f":{name}" in asked}


def _quoted(names: Sequence[str] | frozenset[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))
