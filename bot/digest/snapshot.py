"""The facts of a digest as plain JSON values: what is open now, and what happened since the last cut-off.

Each list is cut to its cap and says how long it is in all. People stand as ids; they are put into words, like
everything else, when the digest is drawn.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TypedDict

from sqlmodel import Session

import storage.deadline
import storage.register
from bot.company import Company
from bot.digest.listing import CAPS, Facts, Listing, capped, facts_of, listing
from bot.digest.news import News
from bot.improvement.deadlines import DEADLINES, REMINDED
from bot.improvement.reports import trend
from bot.improvement.stages import MeasureStage, Stage
from bot.improvement.vocabulary import ImprovementClass
from bot.people.who import Case
from bot.reminders import vacancies
from bot.reminders.ladder import holders
from bot.workflow import Scene, scene
from storage.deadline import Deadline
from storage.record import Record

DECISIONS = ("approval_due", "verify_due", "acceptance_due", "closing_due", "extension_due")
CHECKS, MEASURES, REPORTS = ("check_date", "verify_due"), ("measure_due",), ("report_due",)
AT_WORK = (Stage.EXECUTING, Stage.SUSPENDED, Stage.ACCEPTANCE)
TRIAGE = (Stage.SUBMITTED, Stage.NEED_INFO, Stage.APPEALED)


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


class _Compiler:
    """Asks each question once, then makes lines of the answers."""

    def __init__(self, session: Session, company: Company, now: datetime, since: datetime, until: datetime) -> None:
        self.session, self.company, self.now, self.since, self.until = session, company, now, since, until
        self._news = News(session, company, since, until)
        self.today = company.today(now)
        self.sunday = self.today + timedelta(days=7 - self.today.isoweekday())

    def snapshot(self) -> Snapshot:
        lists = self._lists()
        return Snapshot(
            week=week_of(self.today),
            since=self.since.isoformat(),
            until=self.until.isoformat(),
            first=self.company.today(self.since).isoformat(),
            last=self.today.isoformat(),
            counts={name: lists[name]["total"] for name in ("new", "closed", "overdue", "due")},
            open=self._by_class(),
            lists={name: lists[name] for name in CAPS},
        )

    def _lists(self) -> dict[str, Listing]:
        return self._running() | self._open_items() | self._capas() | self._projects() | self._news.lists()

    def _running(self) -> dict[str, Listing]:
        """What is late, what is due this week, and what has been waited for."""
        session, today, sunday = self.session, self.today, self.sunday
        lists = {
            "overdue": storage.register.due_before(session, today, names=REMINDED, limit=CAPS["overdue"]),
            "due": storage.register.due_between(session, today, sunday, names=REMINDED, limit=CAPS["due"]),
            "decisions": storage.register.waiting_since(session, today, names=DECISIONS, limit=CAPS["decisions"]),
            "reports": storage.register.due_between(session, today, sunday, names=REPORTS, limit=CAPS["reports"]),
        }
        records = {record.number: record for found in lists.values() for _, record in found.rows}
        cases = scene.cases(session, self.company, [*records.values()])
        return {
            name: listing(found, (self._dated(deadline, cases[record.number]) for deadline, record in found.rows))
            for name, found in lists.items()
        }

    def _open_items(self) -> dict[str, Listing]:
        session = self.session
        major = storage.register.major_problems(session, limit=CAPS["major"])
        triage = storage.register.in_stages(session, TRIAGE, limit=CAPS["triage"])
        return {
            "major": listing(major, map(self._aged, major.rows)),
            "triage": listing(triage, map(self._aged, triage.rows)),
            "nobody": capped("nobody", self._nobody()),
        }

    def _capas(self) -> dict[str, Listing]:
        """How far the CAPAs are, those that did not succeed at once, and those to be checked this week."""
        session, class_ = self.session, ImprovementClass.CAPA
        late = storage.register.count_due_before(session, self.today, names=MEASURES, class_=class_)
        rounds = storage.register.beyond_first_round(session, class_, limit=CAPS["rounds"])
        checks = storage.register.due_in_stage(
            session, self.today, self.sunday, stage=Stage.VERIFYING, names=CHECKS, limit=CAPS["checks"]
        )
        stages = self._by_stage(class_)
        return {
            "capa": capped("capa", [{"stages": stages, "late": late}] if stages else []),
            "rounds": listing(rounds, (self._aged(record) | {"round": record.round} for record in rounds.rows)),
            "checks": listing(checks, map(self._check, self._load(checks.rows))),
        }

    def _projects(self) -> dict[str, Listing]:
        """The projects by stage, and those at work."""
        at_work = storage.register.in_stages(self.session, AT_WORK, limit=CAPS["projects"])
        stages = self._by_stage(ImprovementClass.PROJECT)
        return {
            "project": capped("project", [{"stages": stages}] if stages else []),
            "projects": listing(at_work, map(self._project, self._load(at_work.rows))),
        }

    @cached_property
    def _open(self) -> Sequence[tuple[str | None, str, int]]:
        return storage.register.open_by_stage(self.session)

    def _by_stage(self, class_: str) -> dict[str, int]:
        counts = {stage: n for of, stage, n in self._open if of == class_}
        return {stage.value: counts[stage] for stage in Stage if stage in counts}

    def _by_class(self) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for class_, _, n in self._open:
            counts[class_ or ""] += n
        return dict(counts)

    def _project(self, here: Scene) -> Facts:
        """Where it stands and who manages it; how far it is only where every employee may read that."""
        open_to_all = self.company.profile.visibility.details == "all"
        return facts_of(here.record) | {
            "kind": here.record.kind,
            "stage": here.record.stage,
            "trend": trend(here) if open_to_all else None,
            "manager": here.value("project_manager"),
        }

    def _check(self, here: Scene) -> Facts:
        check, due = here.deadline("check_date"), here.deadline("verify_due")
        return facts_of(here.record) | {
            "check_date": check.current_due.isoformat() if check else None,
            "due": due.current_due.isoformat() if due else None,
            "holders": list(holders(DEADLINES["verify_due"], here.case)),
        }

    def _load(self, records: Sequence[Record]) -> list[Scene]:
        return scene.load(self.session, self.company, self.now, records)

    def _aged(self, record: Record) -> Facts:
        age = self.company.calendar.between(record.created_on, self.today)
        return facts_of(record) | {
            "kind": record.kind,
            "stage": record.stage,
            "department": record.responsible_dept,
            "owner": record.owner,
            "raiser": record.raiser,
            "age_wd": age,
        }

    def _dated(self, deadline: Deadline, case: Case) -> Facts:
        """A running deadline: who holds it, how late it is, and since when it has been waited for."""
        calendar, kind = self.company.calendar, DEADLINES[deadline.name]
        late = calendar.overdue_by(deadline.current_due, self.today)
        return facts_of(case.record) | {
            "title": case.item.title,
            "kind": case.record.kind,
            "stage": case.record.stage,
            "department": case.item.responsible_dept,
            "deadline": deadline.name,
            "month": deadline.instance,
            "due": deadline.current_due.isoformat(),
            "original_due": deadline.original_due.isoformat(),
            "holders": list(holders(kind, case)),
            "overdue_wd": late,
            "very_late": late >= self.company.profile.reminders.escalate_rep_wd,
            "waiting_wd": calendar.between(deadline.counted_from, self.today),
        }

    def _nobody(self) -> Iterator[Facts]:
        """Items and measures whose owner has left, then those on which, as things stand, nobody may act."""
        directory, held = self.company.directory, (MeasureStage.OPEN,)
        gone = [p for p in storage.register.owners(self.session) if p and not directory.is_active(p)]
        left = storage.register.held_by(self.session, gone, measures_in=held) if gone else []
        for here in self._load(left):
            yield self._aged(here.record) | {"department": here.item.responsible_dept, "why": "owner_left"}
        stuck = vacancies.waiting_for_nobody(self.session, self.company, self.now)
        for here in {here.record.number: here for here, _ in stuck}.values():
            yield self._aged(here.record) | {"department": here.item.responsible_dept, "why": "nobody"}
