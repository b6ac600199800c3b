"""Where a deadline lies that was counted by another calendar before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

import storage.profile
import storage.record
from bot.improvement.stages import ExtensionStage
from bot.profile import weekdays_in
from bot.workdays import DueDate, WorkCalendar
from storage.deadline import Deadline

APPROVED = ExtensionStage.APPROVED
CHECK_DATE, VERIFY_DUE, REPORT_DUE = "check_date", "verify_due", "report_due"


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


class Counter:
    """Counts dates by the days off of a calendar, but by the working week in which each of them began.

    A change of the profile acts on what begins afterwards; the week is a part of the profile, the days off are not.
    """

    def __init__(self, session: Session, calendar: WorkCalendar) -> None:
        self._session, self._calendar = session, calendar
        self._weeks = [(v.applied_at, weekdays_in(v.text)) for v in storage.profile.history(session)]
        self._by_week: dict[frozenset[int], WorkCalendar] = {}

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

    def distance(self, deadline: Deadline) -> int:
        """How many working days its date lies after the day it is counted from."""
        return self._of(deadline.started_at).between(deadline.counted_from, deadline.current_due)

    def _counted_from(self, check: Recount, time: Deadline) -> Recount:
        calendar = self._of(time.started_at)
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
        return _by_calendar(deadline, self._of(deadline.started_at))

    def _granted_again(self, deadline: Deadline) -> Recount | None:
        """A date that was granted stays, unless it lies in a year that was not published: then the wish is rolled."""
        item = storage.record.parent_of(self._session, deadline.record) or deadline.record
        parts = storage.record.children(self._session, [item]) if deadline.provisional else []
        granted = [p for p in parts if p.stage == APPROVED and p.values["deadline_id"] == deadline.id]
        if not granted:
            return None
        due = self._of(granted[-1].created_at).roll_forward(date.fromisoformat(granted[-1].values["wished"]))
        return _moved(deadline, due, deadline.original_due)

    def _of(self, began: datetime) -> WorkCalendar:
        week = next((week for since, week in reversed(self._weeks) if since <= began), self._weeks[0][1])
        if week not in self._by_week:
            self._by_week[week] = replace(self._calendar, weekdays=week)
        return self._by_week[week]


def _by_calendar(deadline: Deadline, calendar: WorkCalendar) -> Recount | None:
    """Where a deadline lies by the calendar; None if nothing changes.

    A provisional original is counted anew; a firm one is never overwritten, only the current date moves.
    """
    due = original = _counted(deadline, calendar)
    if deadline.current_due != deadline.original_due:
        due = _kept_distance(deadline, calendar)
    return _moved(deadline, due, original.day if deadline.provisional else deadline.original_due)


def _counted(deadline: Deadline, calendar: WorkCalendar) -> DueDate:
    if deadline.name == REPORT_DUE:
        return calendar.last_working_day_of_month(deadline.counted_from)
    return calendar.add(deadline.counted_from, deadline.length_wd or 0)


def _kept_distance(deadline: Deadline, calendar: WorkCalendar) -> DueDate:
    """A clock that was paused, or was counted again before, has a current date of its own: keep its working days."""
    if deadline.kept_wd is None or deadline.kept_due != deadline.current_due:
        return calendar.roll_forward(deadline.current_due)
    return calendar.add(deadline.counted_from, deadline.kept_wd)


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
