"""The monthly report of a project (进展报告): due on the last working day of every month (T10, D-23).

Its percentages, month by month, are the trend that the sponsor reads.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from bot.errors import Mention, Message
from bot.improvement import rounds
from bot.improvement.forms import Evidence
from bot.improvement.stages import Stage
from bot.people.roles import mgmt_rep, project_manager, qa
from bot.people.visibility import sees_details
from bot.workflow import Change, Form, Number, Pick, Scene, StepTable, Text
from bot.workflow.step import Values

reporting = StepTable("improvement")
MONTHS_SHOWN = 12


class ProgressReport(Form):
    """How far it is, what was done, what comes next, and what could go wrong."""

    report_month: Annotated[str, Pick("months")]
    progress_pct: Annotated[int, Number(places=0, limit=Decimal(101))]
    done_text: Annotated[str, Text(2000)]
    next_text: Annotated[str, Text(2000)]
    risk_text: Annotated[str | None, Text(1000)] = None
    evidence: Evidence = None


def _months(scene: Scene) -> Mapping[str, Mapping[str, Message | str]]:
    """The month that is due, this month, and those already reported, for an addendum; newest first."""
    current, asked = month_of(scene.today), {d.instance for d in scene.deadlines if d.name == "report_due"}
    known = {month for month in asked | {current} | reported(scene) if month <= current}
    return {"months": {month: month for month in sorted(known, reverse=True)[:MONTHS_SHOWN]}}


def _month_due(scene: Scene, _person: str) -> Values:
    due = scene.deadline("report_due")
    month = month_of(scene.today)
    return {"report_month": min(due.instance, month) if due and due.runs else month}


@reporting.step(from_=[Stage.EXECUTING], who=project_manager, choices=_months, preset=_month_due, rank=10)
def report_progress(change: Change, form: ProgressReport) -> None:
    """Report on a month (报告进展); a second report of the same month is an addendum."""
    change.append(rounds.REPORTS, form.plain() | {"by": change.actor, "on": change.today.isoformat()})
    due = change.scene.deadline("report_due")
    if due and due.runs and due.instance == form.report_month:
        change.stop("report_due")
        expect_report(change, _following(change.scene, form.report_month))
    _tell(change, form)


def _tell(change: Change, form: ProgressReport) -> None:
    """What was done is for those who may read it; a sponsor of another department reads the trend."""
    so_far, sponsor = trend(change.scene), change.scene.value("sponsor")
    change.note(trend=so_far)
    told = {"by": Mention(change.actor), "month": form.report_month, "pct": form.progress_pct, "trend": so_far}
    if sponsor and not sees_details(sponsor, change.scene.case):
        change.tell([sponsor], "progress_trend", **told)
    in_full = told | {"done": form.done_text}
    change.tell([sponsor, change.record.owner], "progress_reported", **in_full)
    change.tell(mgmt_rep, "progress_reported", **in_full)
    change.tell(qa, "progress_reported", **in_full)


def percentages(scene: Scene) -> list[int]:
    """The percentages month by month, oldest first; of a month with an addendum the last one."""
    by_month = {line.values["report_month"]: line.values["progress_pct"] for line in scene.whole.lines(rounds.REPORTS)}
    return [int(by_month[month]) for month in sorted(by_month)]


def trend(scene: Scene) -> str:
    """The percentages of the last year in one line: 30% → 45% → 60%."""
    return " → ".join(f"{pct}%" for pct in percentages(scene)[-MONTHS_SHOWN:])


def reported(scene: Scene) -> set[str]:
    """The months of which there is a report."""
    return {line.values["report_month"] for line in scene.whole.lines(rounds.REPORTS)}


def first_month(scene: Scene, day: date) -> date:
    """The first month to be reported on by somebody who begins on a day: the same, if enough of it is left."""
    calendar = scene.company.calendar
    ahead = calendar.between(day, calendar.last_working_day_of_month(day).day)
    enough = ahead >= scene.company.profile.deadlines.report_min_lead_wd
    return day.replace(day=1) if enough else next_month(day)


def expect_report(change: Change, month: date) -> None:
    """Start the clock for the report of a month, or of the first one after it that is not reported yet."""
    while month_of(month) in reported(change.scene):
        month = next_month(month)
    due = change.scene.company.calendar.last_working_day_of_month(month)
    change.start_at("report_due", due, counted_from=month.replace(day=1), instance=month_of(month))


def month_of(day: date) -> str:
    """The month of a day, as reports name it: 2026-03."""
    return f"{day:%Y-%m}"


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _following(scene: Scene, month: str) -> date:
    """The month after; what lay in a suspension is not asked for afterwards."""
    after = next_month(date.fromisoformat(f"{month}-01"))
    resumed = scene.value("resumed_on")
    return max(after, first_month(scene, date.fromisoformat(resumed))) if resumed else after
