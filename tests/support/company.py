"""The demo company at work: real steps on a real database, at times the test gives.

company = DemoCompany(database)
number = company.raise_(at("2025-04-28 10:12"))
company.classify_daily(number, at("2025-04-29 14:05"), department="通信部")
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

import storage.deadline
import storage.history
import storage.person
import storage.profile
import storage.record
from bot import profile
from bot.company import Company, CompanySource
from bot.improvement import LIFECYCLES
from bot.workflow import Done, Request, Scene, Workflow, scene
from bot.workflow.cards import CARD
from storage.database import Database
from storage.deadline import Deadline
from storage.outbox import OutboxRow
from storage.person import Person

ZONE = ZoneInfo("Asia/Shanghai")
FOUNDED = datetime(2025, 1, 2, tzinfo=UTC)
NAMES = {
    "U_CHEN": "陈晓",
    "U_ZHOU": "周岚",
    "U_WU": "吴磊",
    "U_HE": "何敏",
    "U_SUN": "孙悦",
    "U_QIAN": "钱峰",
    "U_LIU": "刘芳",
    "U_TANG": "唐静",
    "U_MA": "马骏",
    "U_GUO": "郭强",
    "U_LIN": "林楠",
    "U_SMITH": "Alex Smith",
}


def at(text: str) -> datetime:
    """The instant at which the company's clocks show this, such as "2025-05-08 09:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@dataclass
class DemoCompany:
    """The company of the demo profile. `settings` are lines of TOML added to it."""

    database: Database
    settings: str = ""
    companies: CompanySource = field(default_factory=CompanySource)
    workflow: Workflow = field(init=False)
    deliveries: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        self.workflow = Workflow(self.database, self.companies, LIFECYCLES)
        self.change_profile(self.settings)
        with self.database.transaction() as session:
            storage.person.save(session, [self.person(person) for person in NAMES])

    # Steps

    def do(self, step: str, number: str | None, now: datetime, *, by: str, **values: Any) -> Done:
        """Take any step."""
        key = f"test:{next(self.deliveries)}"
        return self.workflow.perform(Request(step, by, key, now, number=number, values=values))

    def raise_(self, now: datetime, title: str = "工单缺解决代码", *, by: str = "U_CHEN", **values: Any) -> str:
        """Raise an opportunity and give its number."""
        form = {
            "title": title,
            "description": "抽查40张工单，6张没有填写解决代码。",
            "source": "STAFF_SUGGESTION",
            "source_detail": "SUGGESTION",
            "raising_dept": "信息部",
        }
        return self.do("raise_opportunity", None, now, by=by, **(form | values)).number

    def classify_daily(
        self, number: str, now: datetime, *, department: str = "信息部", by: str = "U_LIU", **values: Any
    ) -> None:
        """Make it a daily improvement of a department; its head owns it unless `owner` is given."""
        form = {
            "impact": "1",
            "resource_need": "1",
            "urgency": "2",
            "responsible_dept": department,
            "decision_reason": "轻微，不需额外资源",
            "daily_kind": "RECORD_FORM",
            "requirement": "关闭工单时校验解决代码",
        }
        self.do("classify_daily", number, now, by=by, **(form | values))

    def daily(self, now: datetime, title: str = "工单缺解决代码", **values: Any) -> str:
        """Raise and classify at once; gives the number."""
        number = self.raise_(now, title)
        self.classify_daily(number, now, **values)
        return number

    def accept(self, number: str, now: datetime, *, by: str) -> None:
        """Accept the notice."""
        self.do("accept", number, now, by=by)

    def report_result(self, number: str, now: datetime, *, by: str, **values: Any) -> None:
        """Feed back that it was done today."""
        today = now.astimezone(ZONE).date().isoformat()
        form = {
            "measure_taken": "已增加必填校验",
            "result": "一周内没有缺失",
            "executors": [by],
            "started_on": today,
            "completed_on": today,
            "deviation": "无",
            "involves_change": "false",
        }
        self.do("report_result", number, now, by=by, **(form | values))

    def verify_effective(self, number: str, now: datetime, *, by: str = "U_LIU", **values: Any) -> None:
        """Find the effect there; closes the item unless a document is still to be revised."""
        self.do("verify_daily_effective", number, now, by=by, **(self._check(now) | values))

    def verify_ineffective(self, number: str, now: datetime, *, by: str = "U_LIU") -> None:
        """Find the effect not there: it becomes a CAPA."""
        form = self._check(now, without="doc_revision") | {"conclusion": "INEFFECTIVE"}
        self.do("verify_daily_ineffective", number, now, by=by, **form)

    def ask_info(self, number: str, now: datetime, *, by: str = "U_LIU") -> None:
        """Ask the raiser."""
        self.do("ask_info", number, now, by=by, question="哪个班组？")

    def request_extension(self, number: str, now: datetime, *, by: str, new_due: str) -> str:
        """Ask for a later date and give the request's number."""
        form = {"deadline_item": "action_due", "new_due": new_due, "reason": "等待厂商补丁"}
        self.do("request_extension", number, now, by=by, **form)
        with self.database.reading() as session:
            return storage.record.children(session, [number])[-1].number

    def approve_extension(self, number: str, now: datetime, *, by: str = "U_TANG") -> None:
        """Grant a later date."""
        self.do("approve_extension", number, now, by=by)

    def reassign(self, number: str, now: datetime, *, by: str, to: str) -> None:
        """Pass it to a colleague."""
        self.do("reassign_owner", number, now, by=by, new_owner=to)

    # People and settings

    def person(self, person: str, **changes: Any) -> Person:
        """Somebody as Slack describes them."""
        locale = "en-US" if person == "U_SMITH" else "zh-CN"
        facts: dict[str, Any] = {"id": person, "name": NAMES[person], "locale": locale, "refreshed_at": FOUNDED}
        return Person(**facts | changes)

    def deactivate(self, *people: str) -> None:
        """They leave: Slack says so."""
        with self.database.transaction() as session:
            storage.person.save(session, [self.person(person, deactivated=True) for person in people])

    def change_profile(self, settings: str, **instead: str) -> None:
        """Put the demo profile in force with these lines of TOML added, or these texts or lists exchanged."""
        text = profile.built_in("demo")
        for key, value in instead.items():
            new = value if value.startswith("[") else f'"{value}"'
            text = re.sub(rf"^{key} = .*$", f"{key} = {new}", text, flags=re.MULTILINE)
        with self.database.transaction() as session:
            storage.profile.apply(session, text=f"{text}\n{settings}", by="test", now=FOUNDED)

    # Looking

    def now(self, session: Session) -> Company:
        """The company as it is now."""
        return self.companies.load(session)

    def scene(self, number: str, now: datetime) -> Scene:
        """All that decisions about a record look at."""
        with self.database.reading() as session:
            return scene.load(session, self.now(session), now, storage.record.find_all(session, [number]))[0]

    def deadlines(self, number: str) -> Sequence[Deadline]:
        """The record's deadlines, in the order they were started."""
        with self.database.reading() as session:
            return storage.deadline.of_records(session, [number])

    def due(self, number: str, name: str) -> date:
        """The current due date of the newest deadline of this name."""
        return next(d.current_due for d in reversed(self.deadlines(number)) if d.name == name)

    def steps(self, number: str) -> list[str]:
        """The steps that were taken on a record, in order."""
        with self.database.reading() as session:
            return [entry.step for entry, _ in storage.history.of_record(session, number)]

    @staticmethod
    def _check(now: datetime, *, without: str = "") -> dict[str, str]:
        form = {
            "verified_on": now.astimezone(ZONE).date().isoformat(),
            "check_method": "SAMPLE",
            "finding": "抽查50张，全部填写",
            "doc_revision": "NOT_NEEDED",
        }
        return {name: value for name, value in form.items() if name != without}

    def told(self, number: str, person: str) -> list[str]:
        """The news of a record that went to a person, in order."""
        with self.database.reading() as session:
            cards = select(OutboxRow).where(
                OutboxRow.record == number, OutboxRow.target == person, OutboxRow.kind == CARD
            )
            return [row.data["news"] for row in session.exec(cards.order_by(col(OutboxRow.id)))]
