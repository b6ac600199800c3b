"""The facts of a digest as plain JSON values: what is open now, and what happened since the last cut-off.

Each list is cut to its cap and says how long it is in all. People stand as ids; they are put into words, like
everything else, when the digest is drawn.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypedDict, TypeVar

from sqlmodel import Session

import storage.deadline
import storage.register
from bot.company import Company
from bot.improvement.deadlines import DEADLINES
from bot.improvement.stages import Stage
from bot.reminders import vacancies
from bot.reminders.ladder import holders
from bot.workflow import Scene, scene
from storage.deadline import Deadline
from storage.history import HistoryEntry
from storage.record import Record
from storage.register import Listed, Running

CAPS = {
    "major": 5,
    "overdue": 10,
    "due": 10,
    "decisions": 10,
    "triage": 5,
    "new": 10,
    "closed": 10,
    "ineffective": 5,
    "extensions": 5,
    "nobody": 5,
    "thanks": 10,
}
"""The lists in the order in which they stand, and the most lines of each."""

DECISIONS = ("approval_due", "verify_due", "acceptance_due", "closing_due", "extension_due")
TRIAGE = (Stage.SUBMITTED, Stage.NEED_INFO, Stage.APPEALED)
RAISED = "raise_opportunity"
CLASSIFIED = ("classify_daily", "classify_capa", "classify_project")
INEFFECTIVE = ("verify_daily_ineffective", "verify_ineffective")
EXTENDED = "approve_extension"
Facts = dict[str, Any]
T = TypeVar("T")


class Listing(TypedDict):
    """A list of the digest: its first lines, and how many there are."""

    total: int
    lines: list[Facts]


class Snapshot(TypedDict):
    """One digest. Days are ISO 8601 dates in the company's zone; `since` and `until` are instants."""

    week: str
    since: str
    until: str
    first: str
    last: str
    counts: dict[str, int]
    open: dict[str, int]
    lists: dict[str, Listing]


def compile(session: Session, company: Company, now: datetime, since: datetime, until: datetime) -> Snapshot:
    """The digest at `now`. Its news are from `since` to before `until`, so that no instant is lost or counted twice."""
    return _Compiler(session, company, now, since, until).snapshot()


def week_of(day: date) -> str:
    """The ISO week a day lies in, such as 2026-W07."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


@dataclass
class _Events:
    """What happened in the window, by kind."""

    raised: list[Record] = field(default_factory=list)
    closed: list[Record] = field(default_factory=list)
    ineffective: list[Record] = field(default_factory=list)
    extended: list[Record] = field(default_factory=list)
    recurring: dict[str, Record] = field(default_factory=dict)

    def add(self, entry: HistoryEntry, record: Record) -> None:
        """Sort in one history entry."""
        if entry.step == RAISED:
            self.raised.append(record)
        elif entry.step in INEFFECTIVE:
            self.ineffective.append(record)
        elif entry.step == EXTENDED:
            self.extended.append(record)
        elif entry.to_stage == Stage.CLOSED:
            self.closed.append(record)
        if entry.step in (RAISED, *CLASSIFIED) and record.recurrence_of:
            self.recurring[record.number] = record


class _Compiler:
    """Asks each question once, then makes lines of the answers."""

    def __init__(self, session: Session, company: Company, now: datetime, since: datetime, until: datetime) -> None:
        self.session, self.company, self.now, self.since, self.until = session, company, now, since, until
        self.today = company.today(now)
        self.sunday = self.today + timedelta(days=7 - self.today.isoweekday())

    def snapshot(self) -> Snapshot:
        lists = self._open_items() | self._news()
        classes = storage.register.open_by_class(self.session)
        return Snapshot(
            week=week_of(self.today),
            since=self.since.isoformat(),
            until=self.until.isoformat(),
            first=self.company.today(self.since).isoformat(),
            last=self.today.isoformat(),
            counts={name: lists[name]["total"] for name in ("new", "closed", "overdue", "due")},
            open={class_ or "": n for class_, n in classes.items()},
            lists={name: lists[name] for name in CAPS},
        )

    def _open_items(self) -> dict[str, Listing]:
        session, today = self.session, self.today
        overdue = storage.register.due_before(session, today, names=DEADLINES, limit=CAPS["overdue"])
        due = storage.register.due_between(session, today, self.sunday, names=DEADLINES, limit=CAPS["due"])
        waiting = storage.register.waiting_since(session, today, names=DECISIONS, limit=CAPS["decisions"])
        major = storage.register.major_problems(session, limit=CAPS["major"])
        triage = storage.register.in_stages(session, TRIAGE, limit=CAPS["triage"])
        scenes = self._scenes([*overdue.rows, *due.rows, *waiting.rows])
        return {
            "major": _listing(major, (self._aged(record) for record in major.rows)),
            "overdue": _listing(overdue, (self._running(d, scenes[r.number]) for d, r in overdue.rows)),
            "due": _listing(due, (self._running(d, scenes[r.number]) for d, r in due.rows)),
            "decisions": _listing(waiting, (self._running(d, scenes[r.number]) for d, r in waiting.rows)),
            "triage": _listing(triage, (self._aged(record) for record in triage.rows)),
            "nobody": _capped("nobody", self._nobody()),
        }

    def _news(self) -> dict[str, Listing]:
        events = self._happened()
        return {
            "new": _capped("new", (_raised(record) for record in events.raised)),
            "closed": _capped("closed", (_closed(record) for record in events.closed)),
            "ineffective": _capped("ineffective", self._ineffective(events)),
            "extensions": _capped("extensions", self._extensions(events.extended)),
            "thanks": _capped("thanks", self._thanks(events.raised)),
        }

    def _happened(self) -> _Events:
        events, steps = _Events(), (RAISED, *CLASSIFIED, *INEFFECTIVE, EXTENDED)
        found = storage.register.happened(self.session, self.since, self.until, steps=steps, ended_in=Stage.CLOSED)
        for entry, record in found:
            events.add(entry, record)
        return events

    def _scenes(self, rows: Iterable[Running]) -> dict[str, Scene]:
        records = {record.number: record for _, record in rows}
        found = scene.load(self.session, self.company, self.now, [*records.values()])
        return {here.record.number: here for here in found}

    def _aged(self, record: Record) -> Facts:
        age = self.company.calendar.between(record.created_on, self.today)
        return _facts(record) | {
            "kind": record.kind,
            "stage": record.stage,
            "department": record.responsible_dept,
            "owner": record.owner,
            "raiser": record.raiser,
            "age_wd": age,
        }

    def _running(self, deadline: Deadline, here: Scene) -> Facts:
        """A running deadline: who holds it, how late it is, and since when it has been waited for."""
        calendar, kind = self.company.calendar, DEADLINES.get(deadline.name)
        late = calendar.overdue_by(deadline.current_due, self.today)
        return _facts(here.record) | {
            "kind": here.record.kind,
            "stage": here.record.stage,
            "department": here.item.responsible_dept,
            "deadline": deadline.name,
            "due": deadline.current_due.isoformat(),
            "original_due": deadline.original_due.isoformat(),
            "holders": list(holders(kind, here.case)) if kind else [],
            "overdue_wd": late,
            "very_late": late >= self.company.profile.reminders.escalate_rep_wd,
            "waiting_wd": calendar.between(deadline.counted_from, self.today),
        }

    def _ineffective(self, events: _Events) -> Iterator[Facts]:
        for record in events.ineffective:
            yield _facts(record) | {"what": "ineffective"}
        origins = {record.recurrence_of for record in events.recurring.values() if record.recurrence_of}
        counts = storage.register.recurrences(self.session, origins) if origins else {}
        for record in events.recurring.values():
            of = record.recurrence_of
            yield _facts(record) | {"what": "recurrence", "of": of, "times": counts.get(of, 0)}

    def _extensions(self, requests: Sequence[Record]) -> Iterator[Facts]:
        items = [request.parent for request in requests if request.parent]
        found = storage.deadline.of_records(self.session, items) if items else []
        originals = {(deadline.record, deadline.name): deadline.original_due for deadline in found}
        for request in requests:
            name = request.values["deadline_item"]
            original = originals.get((request.parent or "", name))
            yield _facts(request) | {
                "number": request.parent,
                "deadline": name,
                "original_due": original.isoformat() if original else None,
                "new_due": request.values["new_due"],
            }

    def _nobody(self) -> Iterator[Facts]:
        """Items whose owner has left, then those on which, as things stand, nobody may act."""
        directory = self.company.directory
        gone = [p for p in storage.register.owners(self.session) if p and not directory.is_active(p)]
        for record in storage.register.held_by(self.session, gone) if gone else []:
            yield self._aged(record) | {"why": "owner_left"}
        stuck = vacancies.waiting_for_nobody(self.session, self.company, self.now)
        for here in {here.record.number: here for here, _ in stuck}.values():
            yield self._aged(here.record) | {"department": here.item.responsible_dept, "why": "nobody"}

    def _thanks(self, raised: Sequence[Record]) -> Iterator[Facts]:
        names = self.company.directory.name_of
        for person in sorted({record.raiser for record in raised}, key=lambda person: (names(person), person)):
            yield {"person": person}


def _facts(record: Record) -> Facts:
    return {"number": record.number, "title": record.title}


def _raised(record: Record) -> Facts:
    return _facts(record) | {"raiser": record.raiser, "source": record.values.get("source")}


def _closed(record: Record) -> Facts:
    effective = record.values.get("effective_in_round") == record.round
    return _facts(record) | {
        "department": record.responsible_dept,
        "result": "EFFECTIVE" if effective else None,
        "rounds": record.round,
    }


def _listing(found: Listed[T], lines: Iterable[Facts]) -> Listing:
    return Listing(total=found.total, lines=list(lines))


def _capped(name: str, lines: Iterable[Facts]) -> Listing:
    found = list(lines)
    return Listing(total=len(found), lines=found[: CAPS[name]])
