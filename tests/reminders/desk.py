"""The clock's part of the company in a test: run the reminders, deliver, and see who got which lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import storage.reminder
from bot.reminders import Reminders
from storage.outbox import OutboxRow
from tests.support.company import DemoCompany, at
from tests.support.postman import deliver

Lines = dict[str, list[str]]


@dataclass
class Desk:
    """Reminders of the demo company. `delivered` are all messages of the ladder so far, `notes` all notes."""

    company: DemoCompany
    delivered: list[OutboxRow] = field(default_factory=list)
    notes: list[OutboxRow] = field(default_factory=list)

    @property
    def reminders(self) -> Reminders:
        """What a freshly started process has."""
        return Reminders(self.company.database, self.company.companies, self.company.workflow)

    def run(self, text: str, refused: Mapping[str, str] | None = None) -> Lines:
        """A tick at this time of the company's clocks; the lines that were delivered after it, by person."""
        now = at(text)
        self.reminders.run(now)
        return self.deliver(now, refused)

    def deliver(self, now: datetime, refused: Mapping[str, str] | None = None) -> Lines:
        """Deliver what waits; the lines of the reminders among it, as "number rung", by person."""
        rows = deliver(
            self.company.database,
            now,
            sent=self.reminders.sent,
            given_up=lambda session, row: self.reminders.redirect(session, row, now),
            refused=refused,
        )
        found = [row for row in rows if row.kind == "reminder" and row.sent_at]
        self.delivered += found
        self.notes += [row for row in rows if row.kind == "note"]
        return {row.target: lines(row) for row in found}

    def states(self, number: str) -> list[tuple[str, str, str]]:
        """The ledger of a record: recipient, rung, state."""
        with self.company.database.reading() as session:
            entries = storage.reminder.of_records(session, [number])
        return [(entry.recipient, entry.rung, entry.state) for entry in entries]


def lines(row: OutboxRow) -> list[str]:
    """The lines of a message, as "number rung"."""
    return [f"{line['number'][-4:]} {line['rung']}" for line in row.data["lines"]]
