"""The daily improvement (日常改进): accept, report, verify, and when it had no effect on to a CAPA."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated

from bot.errors import Mention, Message
from bot.improvement import rounds
from bot.improvement.closing import file_away
from bot.improvement.deadlines import independent_verifier
from bot.improvement.forms import Evidence, PastDay, WithReason, implementation_faults
from bot.improvement.new_round import begin_round
from bot.improvement.presets import checked_today, own_report
from bot.improvement.punctuality import punctuality
from bot.improvement.stages import Stage
from bot.improvement.vocabulary import (
    CapaOrigin,
    CapaType,
    ChangeState,
    CheckMethod,
    Conclusion,
    DocRevision,
    FormCode,
    ImprovementClass,
    NotEffective,
    Severity,
    YesNo,
)
from bot.people.roles import dept_head, owner
from bot.workflow import Change, Form, Line, Members, Nothing, Number, Scene, StepTable, Text
from bot.workflow.fields import Setting
from bot.workflow.step import Values

daily = StepTable("improvement")


@daily.step(from_=[Stage.NOTIFIED], to=Stage.IN_PROGRESS, who=owner, rank=5)
def accept(change: Change, form: Nothing) -> None:
    """Accept the notice (接单); the clock keeps running."""
    change.put(accepted_on=change.today.isoformat())


class ResultReport(Form):
    """《改进措施实施记录》: who did what, when, and with what result."""

    measure_taken: Annotated[str, Text(3000)]
    result: Annotated[str, Text(2000)]
    executors: Annotated[list[str], Members(20)]
    started_on: Annotated[date, PastDay]
    completed_on: Annotated[date, PastDay]
    deviation: Annotated[str, Text(500)]
    involves_change: YesNo
    change_no: Annotated[str | None, Line(60)] = None
    change_state: ChangeState | None = None
    cost: Annotated[Decimal | None, Number()] = None
    evidence: Evidence = None

    def faults(self, setting: Setting) -> Mapping[str, Message]:
        """Dates in order; a change has its number and was not rolled back."""
        return implementation_faults(self)


REPORTED = tuple(ResultReport.model_fields)
OF_DAILY = ("requirement", "daily_kind", "accepted_on", "late_wd", "late_wd_original", "on_time")
"""What belongs to the daily improvement only; of the report it is kept with the check of its round."""


@daily.step(
    from_=[Stage.NOTIFIED, Stage.IN_PROGRESS],
    to=Stage.REPORTED,
    who=owner,
    preset=own_report(*REPORTED),
    about=REPORTED,
    rank=10,
)
def report_result(change: Change, form: ResultReport) -> None:
    """Feed the result back to quality (反馈结果); the owner's clock stops here, not at the verification."""
    change.stop("action_due")
    change.relate("executor", *form.executors)
    change.start("verify_due", working_days=change.profile.deadlines.verify_wd)
    late = punctuality(change, "action_due")
    report = form.plain() | late
    change.put(**(form.model_dump(mode="json") | late))
    change.note(**late)
    change.issue(FormCode.IMPLEMENTATION, report)
    days_late = late.get("late_wd", 0)
    news = "reported_late" if days_late else "reported"
    change.tell(independent_verifier, news, result=form.result, by=Mention(change.actor), n=days_late)


@daily.step(from_=[Stage.REPORTED], to=Stage.IN_PROGRESS, who=independent_verifier, rank=15)
def return_feedback(change: Change, form: WithReason) -> None:
    """Send it back as incomplete (退回补充); the original due date stands."""
    change.stop("verify_due")
    change.reopen("action_due")
    change.tell([change.record.owner], "feedback_returned", reason=form.reason)


class DailyVerification(Form):
    """《改进效果验证记录》 of a daily improvement, which is its filing too."""

    verified_on: Annotated[date, PastDay]
    check_method: CheckMethod
    finding: Annotated[str, Text(2000)]
    doc_revision: DocRevision
    doc_no: Annotated[str | None, Line(60)] = None
    doc_title: Annotated[str | None, Line(120)] = None
    old_version: Annotated[str | None, Line(20)] = None
    new_version: Annotated[str | None, Line(20)] = None
    revised_on: Annotated[date | None, PastDay] = None
    evidence: Evidence = None

    def faults(self, setting: Setting) -> Mapping[str, Message]:
        """A revision that is done names the document, its new version and the day."""
        if self.doc_revision is not DocRevision.DONE:
            return {}
        needed = ("doc_no", "doc_title", "new_version", "revised_on")
        missing = {name: Message("invalid.revision_incomplete") for name in needed if getattr(self, name) is None}
        same = self.new_version is not None and self.new_version == self.old_version
        return missing | ({"new_version": Message("invalid.same_version")} if same else {})


def _checked_today(scene: Scene, _person: str) -> Values:
    return {
        "verified_on": scene.today.isoformat(),
        "check_method": CheckMethod.SAMPLE.value,
        "finding": Message("preset.meets_requirement"),
        "doc_revision": DocRevision.NOT_NEEDED.value,
    }


@daily.step(
    from_=[Stage.REPORTED],
    to=[Stage.STANDARDIZING, Stage.CLOSED],
    who=independent_verifier,
    preset=_checked_today,
    rank=10,
    ends=True,
)
def verify_daily_effective(change: Change, form: DailyVerification) -> None:
    """Effective (验证有效): filed and closed, or first a document revision where one is still to be made."""
    _not_before_completion(change, form.verified_on)
    change.stop("verify_due")
    _issue_verification(change, form, Conclusion.EFFECTIVE)
    change.put(effective_in_round=change.record.round, verified_by=change.actor, **form.plain())
    if form.doc_revision is DocRevision.DONE:
        revision = form.model_dump(mode="json", exclude_none=True)
        names = ("doc_no", "doc_title", "old_version", "new_version", "revised_on")
        change.append("documents", {name: revision[name] for name in names if name in revision})
    if form.doc_revision is DocRevision.TO_DO:
        change.go(Stage.STANDARDIZING)
        change.start("standardize_due", working_days=change.profile.deadlines.standardize_wd)
        change.tell([change.record.owner], "standardize", finding=form.finding)
        change.tell([change.record.raiser], "verified_effective")
    else:
        change.go(Stage.CLOSED)
        file_away(change)


class DailyFailure(Form):
    """What the check found when the effect was not there, or only in part."""

    verified_on: Annotated[date, PastDay]
    check_method: CheckMethod
    finding: Annotated[str, Text(2000)]
    conclusion: NotEffective
    evidence: Evidence = None


@daily.step(
    from_=[Stage.REPORTED],
    to=Stage.ANALYSIS,
    who=independent_verifier,
    preset=checked_today(CheckMethod.SAMPLE),
    rank=30,
)
def verify_daily_ineffective(change: Change, form: DailyFailure) -> None:
    """Not effective (验证无效): it becomes a CAPA under the same number, in the next round."""
    _not_before_completion(change, form.verified_on)
    change.stop("verify_due")
    _issue_verification(change, form, Conclusion(form.conclusion))
    record = change.record
    change.append(rounds.CHECKS, set_aside(change) | form.plain() | {"verified_by": change.actor})
    record.class_ = ImprovementClass.CAPA
    change.put(capa_type=CapaType.CORRECTIVE, severity=Severity.MINOR, origin=CapaOrigin.DAILY_UPGRADE)
    begin_round(change)
    change.tell([record.owner], "ineffective_owner", finding=form.finding)
    change.tell(dept_head, "ineffective", finding=form.finding)
    change.tell([record.raiser], "ineffective", finding=form.finding)


def set_aside(change: Change) -> Values:
    """Take the notice's requirement and the report off a record that goes another way, and answer what they were."""
    was = {name: change.scene.value(name) for name in ("requirement", *REPORTED)}
    change.put(**dict.fromkeys((*OF_DAILY, *REPORTED)))
    return {name: value for name, value in was.items() if value is not None}


def _not_before_completion(change: Change, day: date) -> None:
    completed = date.fromisoformat(change.record.values["completed_on"])
    if day < completed:
        change.invalid("verified_on", "before_completion", day=completed)


def _issue_verification(change: Change, form: Form, conclusion: Conclusion) -> None:
    record = change.record
    values = form.plain() | {
        "criterion": change.scene.value("requirement"),
        "conclusion": conclusion,
        "verified_by": change.actor,
    }
    change.issue(FormCode.VERIFICATION, values, counter=record.round)
