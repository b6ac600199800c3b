"""One line of somebody's daily message: the facts, as they are kept with the message until it is put into words."""

from datetime import date, datetime
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from bot.improvement.deadlines import DEADLINES, DeadlineKind
from bot.people.who import Case
from bot.reminders.ladder import ESCALATIONS, Rung
from storage.deadline import Due
from storage.reminder import EntryKey, Subject


class Line(BaseModel):
    """A rung of one deadline of the record `number`, which belongs to the improvement `item`.

    `absent` is the person in whose place somebody else is asked.
    """

    model_config = ConfigDict(frozen=True)

    number: str
    item: str
    deadline: str
    instance: str
    rung: Rung
    due: date
    original_due: date
    overdue_wd: int
    remaining_wd: int
    extension_pending: bool
    department: str | None
    major: bool
    priority: int
    created_at: datetime
    absent: str | None = None

    @property
    def urgency(self) -> tuple[Any, ...]:
        """Sorts a message: escalations, overdue, today, ahead; within each the grave, the important, the old first."""
        group = 0 if self.rung in ESCALATIONS else Rung.REP.height - self.rung.height
        longest_first = -self.overdue_wd if self.rung is Rung.OVERDUE else 0
        return (group, longest_first, not self.major, -self.priority, self.created_at, self.number)

    def key(self, recipient: str, today: date) -> EntryKey:
        """Where the line stands in the ledger."""
        on_date = today.isoformat() if self.rung.daily else ""
        return EntryKey(recipient, self.number, self.deadline, self.instance, self.due, self.rung.value, on_date)


class Reached(NamedTuple):
    """A deadline that has reached a rung, and how it stands today."""

    due: Due
    case: Case
    overdue_wd: int
    remaining_wd: int
    extension_pending: bool

    @property
    def subject(self) -> Subject:
        """As the ledger names it."""
        return Subject(self.due.record.number, self.due.name, self.due.instance, self.due.current_due)

    def key(self, rung: Rung, recipient: str, today: date) -> EntryKey:
        """Where a rung will stand in the ledger."""
        return EntryKey(recipient, *self.subject, rung.value, today.isoformat() if rung.daily else "")

    def line(self, rung: Rung) -> Line:
        """The line that says so."""
        due, case = self.due, self.case
        return Line(
            number=case.record.number,
            item=case.item.number,
            deadline=due.name,
            instance=due.instance,
            rung=rung,
            due=due.current_due,
            original_due=due.original_due,
            overdue_wd=self.overdue_wd,
            remaining_wd=self.remaining_wd,
            extension_pending=self.extension_pending,
            department=case.item.responsible_dept,
            major=case.item.major_problem,
            priority=case.item.priority or 0,
            created_at=case.record.created_at,
            absent=_absent(case, DEADLINES[due.name]),
        )


def _absent(case: Case, kind: DeadlineKind) -> str | None:
    """Whoever it is waited for by name, where they have left."""
    codes = {grant.code for grant in kind.holder.grants}
    manager, owner = case.record.values.get("project_manager"), case.record.owner or case.item.owner
    named = manager if "project_manager" in codes else owner
    by_name = codes & {"owner", "responsible", "project_manager"}
    return named if by_name and named is not None and not case.directory.is_active(named) else None
