"""Keeps the working calendar, and counts every open deadline again when it changes.

The State Council publishes a year's holidays and make-up working days only in the autumn before. Until then a date
that reaches into that year is provisional; when the notice is imported it is counted again, and its holder is told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

import storage.deadline
import storage.holiday
import storage.profile
import storage.record
import storage.stamp
from bot.errors import Refused, UserError
from bot.improvement.stages import ExtensionStage
from bot.people.who import SYSTEM
from bot.profile import weekdays_in
from bot.workdays import DueDate, WorkCalendar, parse_holiday_file
from bot.workflow import Request, Workflow
from storage.deadline import Deadline
from storage.holiday import CalendarDay

APPROVED = ExtensionStage.APPROVED
CHECK_DATE, VERIFY_DUE, REPORT_DUE = "check_date", "verify_due", "report_due"
EARLIEST, LATEST = date(1949, 1, 1), date(2200, 12, 31)


@dataclass(frozen=True)
class Recount:
    """One deadline whose date, or whose certainty, is not what it was; `then` the one that is counted from it."""

    record: str
    deadline: str
    instance: str
    before: date
    new_due: date
    new_original: date
    provisional: bool
    then: "Recount | None" = None


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

    Each move is a step of its record, so a run that was interrupted is finished by the next one, at the latest by the
    day's own. That one also sees what a newer `holidays` package knows, and clocks that stood still and run again.
    `before` is the calendar the dates were counted by, where it is known.
    """
    calendar = calendar_of(workflow)
    if calendar is None:
        return []
    with workflow.database.reading() as session:
        counter = _Counter(session, calendar, before)
        edition = _edition(session, calendar)
        found = counter.moves(storage.deadline.counted_and_open(session))
        moves = [(f"recount:{deadline.id}:{edition}", move) for deadline, move in found]
    taken = (move for key, move in moves if _take(workflow, move, key, now))
    return [one for move in taken for one in (move, move.then) if one]


class _Counter:
    """Counts dates by the days off of now, but by the working week in which each of them began.

    A change of the profile acts on what begins afterwards; the week is a part of the profile, the days off are not.
    """

    def __init__(self, session: Session, calendar: WorkCalendar, before: WorkCalendar | None) -> None:
        self._session, self._calendar, self._before = session, calendar, before
        self._weeks = [(v.applied_at, weekdays_in(v.text)) for v in storage.profile.history(session)]
        self._by_week: dict[frozenset[int], tuple[WorkCalendar, WorkCalendar | None]] = {}

    def moves(self, deadlines: Iterable[Deadline]) -> Iterator[tuple[Deadline, Recount]]:
        """Where open deadlines lie now, as far as that changes. One that is paused is counted when it resumes.

        The time for a check goes with the day of the check, from which it is counted.
        """
        moves = {deadline.id: (deadline, self._counted_again(deadline)) for deadline in deadlines}
        times = {deadline.record: deadline for deadline, _ in moves.values() if deadline.name == VERIFY_DUE}
        for deadline, move in [*moves.values()]:
            time = times.get(deadline.record) if deadline.name == CHECK_DATE else None
            if move and time and time.runs:
                moves[deadline.id] = deadline, replace(move, then=self._counted_from(move, time))
                del moves[time.id]
        yield from ((deadline, move) for deadline, move in moves.values() if move)

    def _counted_from(self, check: Recount, time: Deadline) -> Recount:
        calendar, _ = self._calendars(time.started_at)
        due, original = (calendar.add(day, time.length_wd or 0) for day in (check.new_due, check.new_original))
        return Recount(
            record=time.record,
            deadline=time.name,
            instance=time.instance,
            before=time.current_due,
            new_due=due.day,
            new_original=original.day if time.provisional else time.original_due,
            provisional=due.provisional,
        )

    def _counted_again(self, deadline: Deadline) -> Recount | None:
        if deadline.length_wd is None or not deadline.runs:
            return None
        if deadline.extended:
            return self._granted_again(deadline)
        return _by_calendar(deadline, *self._calendars(deadline.started_at))

    def _granted_again(self, deadline: Deadline) -> Recount | None:
        """A date that was granted stays, unless it lies in a year that was not published: then the wish is rolled."""
        item = storage.record.parent_of(self._session, deadline.record) or deadline.record
        parts = storage.record.children(self._session, [item]) if deadline.provisional else []
        granted = [p for p in parts if p.stage == APPROVED and p.values["deadline_id"] == deadline.id]
        if not granted:
            return None
        calendar, _ = self._calendars(granted[-1].created_at)
        due = calendar.roll_forward(date.fromisoformat(granted[-1].values["wished"]))
        return _moved(deadline, due, deadline.original_due)

    def _calendars(self, began: datetime) -> tuple[WorkCalendar, WorkCalendar | None]:
        week = next((week for since, week in reversed(self._weeks) if since <= began), self._weeks[0][1])
        if week not in self._by_week:
            before = self._before and replace(self._before, weekdays=week)
            self._by_week[week] = replace(self._calendar, weekdays=week), before
        return self._by_week[week]


def _by_calendar(deadline: Deadline, calendar: WorkCalendar, before: WorkCalendar | None) -> Recount | None:
    """Where a deadline lies by the calendar, having been counted by the one `before`; None if nothing changes.

    A provisional original is counted anew; a firm one is never overwritten, only the current date moves.
    """
    due = original = _counted(deadline, calendar)
    if deadline.current_due != deadline.original_due:
        due = _kept_distance(deadline, calendar, before)
    return _moved(deadline, due, original.day if deadline.provisional else deadline.original_due)


def _counted(deadline: Deadline, calendar: WorkCalendar) -> DueDate:
    if deadline.name == REPORT_DUE:
        return calendar.last_working_day_of_month(deadline.counted_from)
    return calendar.add(deadline.counted_from, deadline.length_wd or 0)


def _moved(deadline: Deadline, due: DueDate, new_original: date) -> Recount | None:
    if (due.day, new_original, due.provisional) == (
        deadline.current_due,
        deadline.original_due,
        deadline.provisional,
    ):
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
