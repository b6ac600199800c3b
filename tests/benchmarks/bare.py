"""What a digest or a day's reminders ask, as plain SQL: the same rows, only the columns used, nothing made of them.

A list is asked for as it is shown, by its first lines in their order, and counted where it may be longer.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session

from bot.company import Company
from bot.digest.listing import CAPS
from bot.digest.news import CLASSIFIED, EXTENDED, INEFFECTIVE, LEARNED, RAISED
from bot.digest.snapshot import AT_WORK, CHECKS, DECISIONS, MEASURES, REPORTS, TRIAGE
from bot.improvement.deadlines import REMINDED
from bot.people.who import CHAIN
from bot.reminders.hours import day_begins
from bot.reminders.vacancies import ROLE_HELD

Statement = tuple[str, Mapping[str, object]]

RECORD = """
    {r}.number, {r}.parent, {r}.stage, {r}.class, {r}.round, {r}.owner, {r}.raiser, {r}.responsible_dept,
    {r}.major_problem, {r}.priority, {r}.created_at, {r}."values"
"""
OPEN = "FROM record r WHERE r.ended_on IS NULL AND r.kind = 'improvement'"
RUNNING = """
    FROM deadline d JOIN record r ON r.number = d.record
    WHERE d.stopped_on IS NULL AND d.remaining_wd IS NULL AND r.ended_on IS NULL AND d.name IN ({names})
"""
DATED = "d.id, d.name, d.instance, d.counted_from, d.current_due, d.original_due"
SHOWN = "r.number, r.title, r.stage, r.owner, r.raiser, r.responsible_dept, r.round, r.created_on"
BY_STAGE = f"SELECT r.class, r.stage, count(*) {OPEN} GROUP BY r.class, r.stage"
OWNERS = "SELECT DISTINCT owner FROM record WHERE ended_on IS NULL"
LATE = f"""
    SELECT count(*) {RUNNING} AND d.current_due < :today AND r.parent IN
    (SELECT number FROM record WHERE class = 'CAPA' AND kind = 'improvement' AND ended_on IS NULL)
"""
STUCK = f"""
    SELECT {DATED}, {RECORD.format(r="r")} FROM deadline d JOIN record r ON r.number = d.record
    JOIN record i ON i.number = coalesce(r.parent, r.number)
    WHERE d.stopped_on IS NULL AND d.remaining_wd IS NULL AND r.ended_on IS NULL AND d.name IN ({{names}})
    AND (:person IN (r.owner, r.raiser, i.owner, i.raiser) OR i.responsible_dept = :department
    OR CAST(r."values" AS text) LIKE '%' || :person || '%' OR CAST(i."values" AS text) LIKE '%' || :person || '%'
    OR EXISTS (SELECT 1 FROM relation n WHERE n.record = i.number AND n.person = :person))
"""
HAPPENED = """
    SELECT h.record, h.step, h.to_stage, r.raiser, r.stage, r.recurrence_of
    FROM history h JOIN record r ON r.number = h.record WHERE h.at >= :since AND h.at < :until
    AND (h.step IN ({steps}) OR (h.to_stage = 'CLOSED' AND h.from_stage <> 'CLOSED'))
"""
LEDGER = """
    SELECT e.recipient, e.record, e.deadline, e.instance, e.current_due, e.rung
    FROM reminder e LEFT JOIN outbox o ON o.key = e.outbox_key
    WHERE e.record IN (SELECT r.number {due}) AND e.on_date IN ('', :on_date)
    AND (e.state NOT IN ('CLAIMED', 'FAILED') OR e.claimed_at >= :stale OR o.sent_at IS NOT NULL)
"""


def read(session: Session, statements: Sequence[Statement]) -> int:
    """Ask each and take all rows as the driver gives them; how many they were."""
    return sum(len(session.connection().execute(text(asked), dict(values)).all()) for asked, values in statements)


def reminded(company: Company, now: datetime) -> list[Statement]:
    """What is due until the next working day, with whoever is involved, and the ledger."""
    today = company.today(now)
    horizon = {"horizon": company.calendar.add(today, company.profile.reminders.before_wd).day}
    ledger = {"on_date": today.isoformat(), "stale": day_begins(company, now)}
    due = RUNNING.format(names=_quoted(REMINDED)) + "AND d.current_due <= :horizon"
    items = f"SELECT coalesce(r.parent, r.number) {due}"
    return [
        (f"SELECT {DATED}, {RECORD.format(r='r')} {due}", horizon),
        (f"SELECT {RECORD.format(r='i')} FROM record i WHERE i.number IN (SELECT r.parent {due})", horizon),
        (f"SELECT record, relation, person, round FROM relation WHERE record IN ({items})", horizon),
        (LEDGER.format(due=due), horizon | ledger),
    ]


def digested(company: Company, now: datetime, since: datetime) -> list[Statement]:
    """The lists of what is open, the figures, what may be nobody's, and what happened since."""
    top, today = company.directory.holders(CHAIN[-1])[0], {"today": company.today(now)}
    stuck = {"person": top, "department": company.directory.department_of(top)}
    steps = _quoted([RAISED, *CLASSIFIED, *INEFFECTIVE, LEARNED, EXTENDED])
    return [
        *_lists(company, now),
        (BY_STAGE, {}),
        (OWNERS, {}),
        (LATE.format(names=_quoted(MEASURES)), today),
        (STUCK.format(names=_quoted(ROLE_HELD)), stuck),
        (HAPPENED.format(steps=steps), {"since": since, "until": now}),
    ]


def _lists(company: Company, now: datetime) -> Iterator[Statement]:
    today = company.today(now)
    this_week: dict[str, object] = {"today": today, "sunday": today + timedelta(days=7 - today.isoweekday())}
    in_week, by_due = "d.current_due BETWEEN :today AND :sunday", "d.current_due, d.id"
    dated = {
        "overdue": (REMINDED, "d.current_due < :today", by_due),
        "due": (REMINDED, in_week, by_due),
        "decisions": (DECISIONS, "d.counted_from <= :today", "d.counted_from, d.id"),
        "reports": (REPORTS, in_week, by_due),
        "checks": (CHECKS, f"r.stage = 'VERIFYING' AND {in_week}", by_due),
    }
    for name, (names, condition, order) in dated.items():
        found = f"{RUNNING.format(names=_quoted(names))} AND {condition}"
        values = {key: value for key, value in this_week.items() if f":{key}" in condition}
        yield f"SELECT {DATED}, {SHOWN} {found} ORDER BY {order} LIMIT {CAPS[name]}", values
        yield f"SELECT count(*) {found}", values
    for name, condition in {
        "major": "r.major_problem",
        "triage": f"r.stage IN ({_quoted(TRIAGE)})",
        "rounds": "r.class = 'CAPA' AND r.round > 1",
        "projects": f"r.stage IN ({_quoted(AT_WORK)})",
    }.items():
        yield f"SELECT {SHOWN} {OPEN} AND {condition} ORDER BY r.created_at, r.number LIMIT {CAPS[name]}", {}


def _quoted(names: Collection[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))
