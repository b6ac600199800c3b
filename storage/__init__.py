"""Remembers: tables, named queries and migrations. Imports nothing of the other rooms.

Stages, steps and other vocabularies are plain text here; `bot/` gives them their meaning.
"""

from storage.card import Card
from storage.database import Database
from storage.deadline import Deadline
from storage.entry import Entry
from storage.form import FormIssue
from storage.head import Head, HeadLine
from storage.history import HistoryEntry, HistoryValues, Receipt, Refusal
from storage.holiday import CalendarDay, CalendarYear
from storage.job import JobRun
from storage.outbox import OutboxRow
from storage.person import Person
from storage.profile import ProfileVersion
from storage.record import Record, Sequence
from storage.relation import Relation
from storage.reminder import ReminderEntry
from storage.search import SearchDocument
from storage.stamp import Stamp

__all__ = [
    "CalendarDay",
    "CalendarYear",
    "Card",
    "Database",
    "Deadline",
    "Entry",
    "FormIssue",
    "Head",
    "HeadLine",
    "HistoryEntry",
    "HistoryValues",
    "JobRun",
    "OutboxRow",
    "Person",
    "ProfileVersion",
    "Receipt",
    "Record",
    "Refusal",
    "Relation",
    "ReminderEntry",
    "SearchDocument",
    "Sequence",
    "Stamp",
]
