"""The records of a demo, read at once, with what is known of their messages."""

from dataclasses import dataclass

from sqlmodel import select

from bot.company import CompanySource
from bot.workdays import WorkCalendar
from storage.database import Database
from storage.outbox import OutboxRow
from storage.record import Record


@dataclass(frozen=True)
class Shelf:
    """What a database holds; `messages` are the states that messages are in."""

    records: list[Record]
    messages: set[str]
    calendar: WorkCalendar

    @classmethod
    def read(cls, url: str) -> "Shelf":
        """Read it."""
        database = Database(url)
        with database.reading() as session:
            records = [*session.exec(select(Record).order_by(Record.number))]
            states = {row.state for row in session.exec(select(OutboxRow))}
            calendar = CompanySource().load(session).calendar
        database.dispose()
        return cls(records, states, calendar)

    def of_kind(self, kind: str) -> list[Record]:
        """The records of a kind, by number."""
        return [record for record in self.records if record.kind == kind]
