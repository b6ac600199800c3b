"""One line of somebody's daily message: the facts, as they are kept with the message until it is put into words."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.improvement.deadlines import DeadlineKind
from bot.improvement.extension import pending_request
from bot.people.directory import Directory
from bot.reminders.ladder import ESCALATIONS, Rung
from bot.workflow import Scene
from storage.deadline import Deadline
from storage.reminder import EntryKey


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


def key_of(deadline: Deadline, rung: Rung, recipient: str, today: date) -> EntryKey:
    """Where the line of a deadline will stand in the ledger; most are there already and need not be made."""
    on_date = today.isoformat() if rung.daily else ""
    due = deadline.current_due
    return EntryKey(recipient, deadline.record, deadline.name, deadline.instance, due, rung.value, on_date)


def line(scene: Scene, deadline: Deadline, kind: DeadlineKind, rung: Rung) -> Line:
    """The facts of a deadline today."""
    calendar, item = scene.company.calendar, scene.item
    return Line(
        number=scene.record.number,
        item=item.number,
        deadline=deadline.name,
        instance=deadline.instance,
        rung=rung,
        due=deadline.current_due,
        original_due=deadline.original_due,
        overdue_wd=calendar.overdue_by(deadline.current_due, scene.today),
        remaining_wd=calendar.remaining(deadline.current_due, scene.today),
        extension_pending=pending_request(scene, deadline) is not None,
        department=item.responsible_dept,
        major=item.major_problem,
        priority=item.priority or 0,
        created_at=scene.record.created_at,
        absent=_absent(scene, kind),
    )


def _absent(scene: Scene, kind: DeadlineKind) -> str | None:
    """Whoever it is waited for by name, where they have left."""
    codes = {grant.code for grant in kind.holder.grants}
    named = scene.value("project_manager") if "project_manager" in codes else scene.record.owner or scene.item.owner
    by_name = codes & {"owner", "responsible", "project_manager"}
    return named if by_name and _gone(scene.company.directory, named) else None


def _gone(directory: Directory, person: str | None) -> bool:
    return person is not None and not directory.is_active(person)
