"""In time or late: what a report says of its own deadline, against the date in force and against the original one."""

from typing import Any

from bot.workflow import Change


def punctuality(change: Change, name: str) -> dict[str, Any]:
    """By how many working days the newest deadline of this name is missed today; nothing if there is none."""
    due = change.scene.deadline(name)
    if due is None:
        return {}
    overdue_by = change.scene.company.calendar.overdue_by
    return {
        "late_wd": overdue_by(due.current_due, change.today),
        "late_wd_original": overdue_by(due.original_due, change.today),
        "on_time": change.today <= due.current_due,
    }
