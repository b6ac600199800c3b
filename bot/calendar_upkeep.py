"""Keeps the working calendar, and counts every open deadline again when it changes.

The State Council publishes a year's holidays and make-up working days only in the autumn before. Until then a date
that reaches into that year is provisional; when the notice is imported it is counted again, and its holder is told.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

import storage.deadline
import storage.holiday
import storage.profile
import storage.stamp
from bot.errors import Refused, UserError
from bot.people.who import SYSTEM
from bot.workdays import DueDate, WorkCalendar, parse_holiday_file
from bot.workflow import Request, Workflow
from storage.deadline import Deadline
from storage.holiday import CalendarDay

EARLIEST, LATEST = date(1949, 1, 1), date(2200, 12, 31)


@dataclass(frozen=True)
class Recount:
    """One deadline whose date, or whose certainty, is not what it was."""

    record: str
    deadline: str
    instance: str
    before: date
    new_due: date
    new_original: date
    provisional: bool


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
    before = calendar_of(workflow)
    with workflow.database.transaction() as session:
        storage.holiday.replace_year(session, year=notice.year, days=days, now=now)
    return notice.year, recount(workflow, now, before)


def set_day(workflow: Workflow, day: date, *, working: bool, why: str, by: str, now: datetime) -> list[Recount]:
    """Decide that a day is worked or off in this company, and count again; answers what moved.

    Raises `UserError` if no reason is given, or for a year no calendar reaches.
    """
    if not why.strip():
        raise UserError("calendar.why_missing")
    if not EARLIEST <= day <= LATEST:
        raise UserError("calendar.out_of_range", day=day.isoformat())
    decided = CalendarDay(day=day, source="set", working=working, why=why.strip(), entered_by=by, entered_at=now)
    before = calendar_of(workflow)
    with workflow.database.transaction() as session:
        storage.holiday.set_day(session, decided)
    return recount(workflow, now, before)


def recount(workflow: Workflow, now: datetime, before: WorkCalendar | None = None) -> list[Recount]:
    """Count every open deadline again by the calendar of now; answers what moved.

    Each move is a step of its record, so a run that was interrupted is finished by the next one. Worth a call a day
    by itself: a newer `holidays` package may know a year, and a clock that stood still may run again. `before` is the
    calendar the dates were counted by, where it is known.
    """
    calendar = calendar_of(workflow)
    if calendar is None:
        return []
    with workflow.database.reading() as session:
        moves = [
            (f"recount:{deadline.id}:{_edition(session)}", move)
            for deadline in storage.deadline.counted_and_open(session)
            if (move := counted_again(deadline, calendar, before))
        ]
    return [move for key, move in moves if _take(workflow, move, key, now)]


def counted_again(deadline: Deadline, calendar: WorkCalendar, before: WorkCalendar | None) -> Recount | None:
    """Where an open deadline lies by the calendar, having been counted by the one `before`; None if nothing changes.

    A provisional original is counted anew; a firm one is never overwritten, only the current date moves. A paused
    deadline is counted when it is resumed, and a date that was granted stays.
    """
    if deadline.length_wd is None or not deadline.runs or deadline.extended:
        return None
    start, length = deadline.counted_from, deadline.length_wd
    due = original = calendar.add(start, length)
    if deadline.current_due != deadline.original_due:
        due = _kept_distance(deadline, calendar, before)
    new_original = original.day if deadline.provisional else deadline.original_due
    facts = (deadline.current_due, deadline.original_due, deadline.provisional)
    if (due.day, new_original, due.provisional) == facts:
        return None
    return Recount(
        record=deadline.record,
        deadline=deadline.name,
        instance=deadline.instance,
        before=deadline.current_due,
        new_due=due.day,
        new_original=new_original,
        provisional=due.provisional,
    )


def calendar_of(workflow: Workflow) -> WorkCalendar | None:
    """The company's calendar; None before a profile is applied, when there is nothing to count yet."""
    with workflow.database.reading() as session:
        if storage.profile.current(session) is None:
            return None
        return workflow.companies.load(session).calendar


def _kept_distance(deadline: Deadline, calendar: WorkCalendar, before: WorkCalendar | None) -> DueDate:
    """A clock that was paused, or was counted again before, has a current date of its own: keep its working days."""
    if before is None:
        return calendar.roll_forward(deadline.current_due)
    return calendar.add(deadline.counted_from, before.between(deadline.counted_from, deadline.current_due))


def _take(workflow: Workflow, move: Recount, key: str, now: datetime) -> bool:
    values = {
        "deadline": move.deadline,
        "instance": move.instance,
        "before": move.before.isoformat(),
        "new_due": move.new_due.isoformat(),
        "new_original": move.new_original.isoformat(),
        "provisional": move.provisional,
    }
    try:
        workflow.perform(Request(step="recount_due", actor=SYSTEM, key=key, now=now, number=move.record, values=values))
    except Refused:
        # It was stopped, paused or moved a moment ago; the refusal is on record.
        return False
    return True


def _edition(session: Session) -> str:
    """Which writing of the calendar this is: a day set, taken back and set again is counted three times."""
    stamps = storage.stamp.all_(session)
    return f"{stamps.get(storage.stamp.CALENDAR, 0)}.{stamps.get(storage.stamp.PROFILE, 0)}"
