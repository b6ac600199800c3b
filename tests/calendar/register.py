"""The demo company's register, filled by real steps at given moments."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import storage.profile
from bot import profile
from bot.company import CompanySource
from bot.improvement import LIFECYCLES
from bot.workflow import Request, Workflow
from storage.database import Database
from storage.deadline import Deadline, of_records

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPPORTUNITY = {
    "title": "交接班记录缺少签字",
    "description": "夜班交接没有签字,<!channel> 无法追溯",
    "source": "SERVICE_MONITORING",
    "source_detail": "INCIDENT_TIMELINESS",
    "raising_dept": "信息部",
}
DAILY = {
    "impact": "1",
    "resource_need": "1",
    "urgency": "2",
    "responsible_dept": "信息部",
    "owner": "U_CHEN",
    "decision_reason": "影响小",
    "daily_kind": "RECORD_FORM",
    "requirement": "交接记录增加签字栏",
}


def at(day: str, hour: int = 10) -> datetime:
    """A moment of a day in Shanghai."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=SHANGHAI)


@dataclass
class Register:
    """A database with the demo profile, and steps taken in it."""

    database: Database
    applied: str = "2026-01-05"
    _keys: Any = field(default_factory=count)

    def __post_init__(self) -> None:
        with self.database.transaction() as session:
            storage.profile.apply(session, text=profile.built_in("demo"), by="test", now=at(self.applied))
        self.workflow = Workflow(self.database, CompanySource(), LIFECYCLES)

    def work_on(self, *weekdays: int, since: str) -> None:
        """Put a profile in force with these working weekdays."""
        text = f"{profile.built_in('demo')}\n[calendar]\nworking_weekdays = {[*weekdays]}\n"
        with self.database.transaction() as session:
            storage.profile.apply(session, text=text, by="test", now=at(since))

    def take(self, step: str, actor: str, day: str, number: str | None = None, **values: Any) -> str:
        """Take a step; answers the record's number."""
        request = Request(
            step=step, actor=actor, key=f"test:{next(self._keys)}", now=at(day), number=number, values=values
        )
        return self.workflow.perform(request).number

    def raised(self, day: str) -> str:
        """An opportunity that waits for quality: `triage_due` of three working days runs."""
        return self.take("raise_opportunity", "U_CHEN", day, **OPPORTUNITY)

    def notified(self, day: str) -> str:
        """A daily improvement of 陈晓: `action_due` of five working days runs."""
        return self.take("classify_daily", "U_LIU", day, self.raised(day), **DAILY)

    def deadline(self, number: str, name: str) -> Deadline:
        """The newest deadline of that name."""
        with self.database.reading() as session:
            return next(d for d in reversed(of_records(session, [number])) if d.name == name)
