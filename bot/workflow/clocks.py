"""The clocks of the record that a step changes: started, stopped, paused. An original date never moves."""

from datetime import date

from sqlmodel import Session

from bot.workdays import DueDate
from bot.workflow.scene import Scene
from storage.deadline import Deadline


class Clocks:
    """What a `Change` may do to deadlines. Days are the company's."""

    session: Session
    scene: Scene

    def start(self, name: str, *, working_days: int, after: date | None = None) -> Deadline:
        """Start a deadline of so many working days; day 0 is today, or the day `after` which it is counted."""
        counted_from = after or self.scene.today
        due = self.scene.company.calendar.add(counted_from, working_days)
        return self.start_at(name, due, counted_from=counted_from, length_wd=working_days)

    def start_at(
        self, name: str, due: DueDate, *, counted_from: date, length_wd: int = 0, instance: str = ""
    ) -> Deadline:
        """Start a deadline on a date that was counted already, such as an `instance` of one that comes every month."""
        deadline = Deadline(
            record=self.scene.record.number,
            name=name,
            instance=instance,
            started_at=self.scene.now,
            counted_from=counted_from,
            length_wd=length_wd,
            original_due=due.day,
            current_due=due.day,
            provisional=due.provisional,
            calendar=self.scene.company.calendar.version,
        )
        self.session.add(deadline)
        self.scene.deadlines.append(deadline)
        return deadline

    def start_on(self, name: str, chosen: date) -> Deadline:
        """Start a deadline on a chosen date, or on the next working day if nobody works on it."""
        return self.start(name, working_days=0, after=chosen)

    def stop(self, *names: str) -> None:
        """Stop the named deadlines, running or paused; the day they stopped is kept."""
        for deadline in self.scene.deadlines:
            if deadline.name in names and deadline.stopped_on is None:
                deadline.stopped_on = self.scene.today
                self.session.add(deadline)

    def stop_all(self) -> None:
        """Stop every deadline of the record."""
        self.stop(*{deadline.name for deadline in self.scene.deadlines})

    def reopen(self, name: str, *, at_least_wd: int = 0) -> None:
        """Let a stopped deadline run again unchanged, as when a result is sent back.

        The current date moves only where fewer than `at_least_wd` working days would be left; the original never does.
        """
        deadline = self.scene.deadline(name)
        if deadline is None:
            return
        deadline.stopped_on = None
        least = self.scene.company.calendar.add(self.scene.today, at_least_wd)
        if at_least_wd and least.day > deadline.current_due:
            deadline.current_due, deadline.provisional = least.day, least.provisional
        self.session.add(deadline)

    def pause(self, name: str) -> None:
        """Stop the clock for a while and remember the working days left."""
        deadline = self.scene.deadline(name)
        if deadline is not None and deadline.runs:
            deadline.remaining_wd = self.scene.company.calendar.remaining(deadline.current_due, self.scene.today)
            self.session.add(deadline)

    def resume(self, name: str) -> None:
        """Let a paused clock run on with the working days it had left, at least one; the original date stays."""
        deadline = self.scene.deadline(name)
        if deadline is None or deadline.remaining_wd is None:
            return
        due = self.scene.company.calendar.add(self.scene.today, max(1, deadline.remaining_wd))
        deadline.current_due, deadline.provisional = due.day, due.provisional
        deadline.remaining_wd = deadline.kept_due = None
        self.session.add(deadline)
