"""Carrying out measures: progress, the report of what was done, and what follows for the CAPA or project."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated

from bot.errors import Mention, Message, Refused
from bot.improvement import rounds
from bot.improvement.deadlines import independent_verifier
from bot.improvement.extension import lapse_needless
from bot.improvement.forms import PastDay, WithReason, implementation_faults
from bot.improvement.measures import RUNNING, measures
from bot.improvement.presets import own_report
from bot.improvement.punctuality import punctuality
from bot.improvement.stages import MEASURE_FINAL, MeasureStage, Stage
from bot.improvement.vocabulary import ChangeState, FormCode, YesNo
from bot.people.roles import dept_head, owner, project_manager, responsible
from bot.workflow import Change, Form, Line, Member, Members, Number, Scene, Text
from bot.workflow.fields import Setting

ADJUSTING = ("approve_measure", "approve_drop")
"""The steps of a measure that make a new version of the plan."""


class NewResponsible(Form):
    """Who takes over."""

    new_responsible: Annotated[str, Member()]
    reason: Annotated[str | None, Text(1000)] = None


@measures.step(from_=[MeasureStage.OPEN], who=owner | project_manager | dept_head, rank=40)
def reassign_measure(change: Change, form: NewResponsible) -> None:
    """Give it to somebody else (转派措施); the due date does not move."""
    before, measure = change.record.owner, change.record.values["measure"]
    if form.new_responsible == before:
        change.invalid("new_responsible", "same_responsible")
    change.record.owner = form.new_responsible
    change.relate("responsible", form.new_responsible)
    change.notify(form.new_responsible, "measure_now_yours", by=Mention(change.actor), measure=measure)
    change.tell([before], "measure_no_more_yours", person=Mention(form.new_responsible))


class Progress(Form):
    """How far it is."""

    note: Annotated[str, Text(1000)]
    progress_pct: Annotated[int | None, Number(places=0, limit=Decimal(101))] = None


@measures.step(from_=[MeasureStage.OPEN], who=responsible, rank=20)
def note_progress(change: Change, form: Progress) -> None:
    """Say how far it is (记录进展)."""
    change.put(**form.plain())
    change.append("progress", form.plain() | {"by": change.actor, "on": change.today.isoformat()})
    change.tell(rounds.in_charge(change.scene), "measure_progress", by=Mention(change.actor), note=form.note)


class MeasureReport(Form):
    """《改进措施实施记录》 of a measure: who did what, when, and where the proof is."""

    what_was_done: Annotated[str, Text(3000)]
    evidence: Annotated[str, Text(500)]
    executors: Annotated[list[str], Members(20)]
    started_on: Annotated[date, PastDay]
    completed_on: Annotated[date, PastDay]
    deviation: Annotated[str, Text(500)]
    involves_change: YesNo
    change_no: Annotated[str | None, Line(60)] = None
    change_state: ChangeState | None = None
    cost: Annotated[Decimal | None, Number()] = None

    def faults(self, setting: Setting) -> Mapping[str, Message]:
        """Dates in order; a change has its number and was not rolled back."""
        return implementation_faults(self)


REPORTED = tuple(MeasureReport.model_fields)


def _plan_runs(scene: Scene) -> None:
    if scene.item.stage not in RUNNING:
        raise Refused("plan_not_running")


@measures.step(
    from_=[MeasureStage.OPEN],
    to=MeasureStage.DONE,
    who=responsible,
    when=_plan_runs,
    preset=own_report(*REPORTED),
    about=REPORTED,
    rank=10,
)
def report_measure_done(change: Change, form: MeasureReport) -> None:
    """It is done (报告完成): with dates, deviation, change and proof; with the last one the effect is waited for."""
    released = change.scene.deadline("measure_due")
    if released and form.completed_on < change.scene.company.today(released.started_at):
        change.invalid("completed_on", "before_release", day=change.scene.company.today(released.started_at))
    change.stop("measure_due")
    change.relate("executor", *form.executors)
    report = form.plain() | punctuality(change, "measure_due")
    change.put(**dict.fromkeys(REPORTED) | report)
    change.note(**report)
    change.withdraw_forms(FormCode.IMPLEMENTATION, "SUPERSEDED", number=change.record.number)
    change.issue(FormCode.IMPLEMENTATION, {"number": change.record.number} | report)
    news = "measure_done_late" if report.get("late_wd") else "measure_done"
    by, done = Mention(change.actor), form.what_was_done
    change.tell(rounds.in_charge(change.scene), news, by=by, done=done, n=report.get("late_wd", 0))


def _of_this_round(scene: Scene) -> None:
    if scene.record.round != scene.item.round:
        raise Refused("past_round", round=scene.record.round)
    if scene.item.stage not in (*RUNNING, Stage.VERIFYING):
        raise Refused("plan_not_running")


@measures.step(from_=[MeasureStage.DONE], to=MeasureStage.OPEN, who=independent_verifier, when=_of_this_round, rank=30)
def return_measure(change: Change, form: WithReason) -> None:
    """It is not done as it was reported (退回措施); the original due date stands."""
    change.reopen("measure_due")
    change.tell([change.record.owner, *rounds.in_charge(change.scene)], "measure_returned", reason=form.reason)


def follow_up(change: Change) -> None:
    """What follows from every step of a measure: its clocks, the plan's next version, and the stage of the item."""
    if change.record.stage in MEASURE_FINAL:
        change.stop_all()
    lapse_needless(change)
    # What the item's own step causes on its measures leads to nothing more on the item.
    if change.step.by_system:
        return
    item = change.scene.item
    if change.step.id in ADJUSTING:
        change.cause("revise_plan", item, measure=change.record.number, why=change.step.id)
    if item.stage == Stage.VERIFYING and change.record.stage == MeasureStage.OPEN:
        change.cause("resume_implementation", item, measure=change.record.number)
    if item.stage == Stage.IMPLEMENTING and _all_settled(change.scene):
        change.cause("begin_verification", item)


def _all_settled(scene: Scene) -> bool:
    """Whether at least one measure of the round is done, and none is still open or undecided."""
    stages = {measure.stage for measure in rounds.measures(scene)}
    return MeasureStage.DONE in stages and stages <= MEASURE_FINAL
