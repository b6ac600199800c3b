"""Texts put straight into the index, and records to go with them, without the steps that would have written them."""

from datetime import UTC, date, datetime

from sqlmodel import Session

import storage.search
from bot.knowledge.words import indexed
from storage.record import Record

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def shelve(session: Session, number: str, title: str, description: str = "", *others: str, open_: bool = False) -> None:
    """Put a text into the index as an improvement of the 信息部."""
    words = indexed(title, description, others)
    storage.search.put(session, number=number, kind="improvement", department="信息部", open_=open_, words=words)


def record(session: Session, number: str, title: str, description: str, *others: str, open_: bool = False) -> None:
    """An improvement that was raised, and closed unless it is open, with its text in the index."""
    session.add(
        Record(
            number=number,
            kind="improvement",
            stage="SUBMITTED" if open_ else "CLOSED",
            title=title,
            raiser="U_CHEN",
            responsible_dept="信息部",
            created_at=NOW,
            created_on=NOW.date(),
            ended_on=None if open_ else date(2026, 3, 2),
            values={"description": description},
        )
    )
    session.flush()
    shelve(session, number, title, description, *others, open_=open_)
