"""Keeps the working calendar, and counts every open deadline again when it changes.

The State Council publishes a year's holidays and make-up working days only in the autumn before. Until then a date
that reaches into that year is provisional; when the notice is imported it is counted again, and its holder is told.
"""

from datetime import date, datetime

from sqlmodel import Session

import storage.deadline
import storage.holiday
import storage.profile
import storage.stamp
from bot.errors import Refused, UserError
from bot.people.who import SYSTEM
from bot.recounting import Counter, Recount
from bot.workdays import WorkCalendar, parse_holiday_file
from bot.workflow import Request, Workflow
from storage.holiday import CalendarDay

EARLIEST, LATEST = date(1949, 1, 1), date(2200, 12, 31)


def import_year(workflow: Workflow, text: str, *, by: str, now: datetime) -> tuple[int, list[Recount]]:
    """Take in a year's notice (the JSON shape of holiday-cn) and count again; answers the year and what moved.

    An earlier import of the year is replaced; days the company decided itself stay. Raises `UserError` for a file
    that cannot be read, having changed nothing.
    """
    notice = parse_holiday_file(text)
    days = [
        CalendarDay(
            day=day,
            source="import",
            working=not off,
            why=notice.names[day],
            notice=notice.year,
            entered_by=by,
            entered_at=now,
        )
        for day, off in notice.days.items()
    ]
    with workflow.database.transaction() as session:
        _keep_distances(workflow, session)
        storage.holiday.replace_year(session, year=notice.year, days=days, now=now)
    return notice.year, recount(workflow, now)


def set_day(workflow: Workflow, day: date, *, working: bool, why: str, by: str, now: datetime) -> list[Recount]:
    """Decide that a day is worked or off in this company, and count again; answers what moved.

    Raises `UserError` if no reason is given, or for a year no calendar reaches.
    """
    if not why.strip():
        raise UserError("calendar.why_missing")
    if not EARLIEST <= day <= LATEST:
        raise UserError("calendar.out_of_range", day=day.isoformat())
    decided = CalendarDay(day=day, source="set", working=working, why=why.strip(), entered_by=by, entered_at=now)
    with workflow.database.transaction() as session:
        _keep_distances(workflow, session)
        storage.holiday.set_day(session, decided)
    return recount(workflow, now)


def recount(workflow: Workflow, now: datetime) -> list[Recount]:
    """Count every open deadline again by the calendar of now; answers what moved.

    Each move is a step of its record, so a run that was interrupted is finished by the next one, at the latest by the
    day's own. That one also sees what a newer `holidays` package knows, and clocks that stood still and run again.
    """
    with workflow.database.reading() as session:
        calendar = _calendar(workflow, session)
        if calendar is None:
            return []
        edition = _edition(session, calendar)
        found = Counter(session, calendar).moves(storage.deadline.counted_and_open(session))
        moves = [(f"recount:{deadline.id}:{edition}", move) for deadline, move in found]
    taken = (move for key, move in moves if _take(workflow, move, key, now))
    return [one for move in taken for one in (move, move.then) if one]


def _keep_distances(workflow: Workflow, session: Session) -> None:
    """Before the calendar changes: note how far the dates lie that do not follow from their length.

    What a recount that was interrupted has not come to yet stands as it was noted the first time.
    """
    calendar = _calendar(workflow, session)
    if calendar is None:
        return
    counter = Counter(session, calendar)
    for deadline in storage.deadline.counted_and_open(session):
        if deadline.current_due not in (deadline.original_due, deadline.kept_due):
            storage.deadline.keep(session, deadline, counter.distance(deadline))


def _calendar(workflow: Workflow, session: Session) -> WorkCalendar | None:
    """The company's calendar; None before a profile is applied, when there is nothing to count yet."""
    if storage.profile.current(session) is None:
        return None
    return workflow.companies.load(session).calendar


def _take(workflow: Workflow, move: Recount, key: str, now: datetime) -> bool:
    values = {
        "deadline": move.deadline,
        "instance": move.instance,
        "before": move.before.isoformat(),
        "new_due": move.new_due.isoformat(),
        "new_original": move.new_original.isoformat(),
        "provisional": move.provisional,
    }
    if move.then:
        values |= {
            "verify_due": move.then.new_due.isoformat(),
            "verify_original": move.then.new_original.isoformat(),
            "verify_provisional": move.then.provisional,
        }
    try:
        workflow.perform(Request(step="recount_due", actor=SYSTEM, key=key, now=now, number=move.record, values=values))
    except Refused:
        # It was stopped, paused or moved a moment ago; the refusal is on record.
        return False
    return True


def _edition(session: Session, calendar: WorkCalendar) -> str:
    """Which writing of the calendar this is: a day set, taken back and set again is counted three times."""
    return f"{storage.stamp.all_(session).get(storage.stamp.CALENDAR, 0)}:{calendar.version}"
