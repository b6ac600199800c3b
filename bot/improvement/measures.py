"""Measures of a CAPA, milestones of a project (措施、里程碑): planned, carried out, added and dropped singly.

A measure is a part of its improvement with a number, dates, cards and a history of its own. The plan is
approved as a whole; while it is carried out, each change is decided by itself.
"""

from datetime import date
from typing import Annotated

from bot.errors import Mention, Refused
from bot.improvement import hints, rounds
from bot.improvement.causes import root_causes
from bot.improvement.charter import objectives
from bot.improvement.deadlines import plan_decider
from bot.improvement.forms import MayGiveReason, WithOpinion, WithReason
from bot.improvement.presets import kept
from bot.improvement.stages import MeasureStage, Stage
from bot.improvement.vocabulary import YesNo
from bot.people.roles import owner, project_manager
from bot.workflow import Change, Day, Form, Guide, Line, Member, Nothing, Pick, Scene, StepTable, Text
from bot.workflow.step import Values

planning = StepTable("improvement")
measures = StepTable("measure")
DRAFTED = (Stage.ANALYSIS, Stage.CHARTER_DRAFT)
RUNNING = (Stage.IMPLEMENTING, Stage.EXECUTING)
"""The stages of an item in which a measure is added or dropped singly."""


class MeasurePlan(Form):
    """What is done, by whom, until when, and against which root cause."""

    measure: Annotated[str, Text(1000)]
    responsible: Annotated[str, Member()]
    due_on: Annotated[date, Day(past=False)]
    involves_change: YesNo
    root_cause_item: Annotated[str | None, Pick("root_causes")] = None
    change_no: Annotated[str | None, Line(60)] = None


PLANNED = tuple(MeasurePlan.model_fields)


def _only_cause_left(scene: Scene, _person: str) -> Values:
    """A measure is usually meant for the root cause that has none yet."""
    left = rounds.unaddressed(scene)
    items = [str(e.no) for e in rounds.lines(scene, rounds.ROOT_CAUSES) if e.values["code"] in left]
    return {"root_cause_item": items[0]} if len(items) == 1 else {}


def _comes_next(scene: Scene) -> bool:
    """A root cause at which nothing is aimed; of a charter, when nothing but milestones is missing."""
    if scene.record.stage == Stage.CHARTER_DRAFT:
        return bool(objectives(scene)) and not rounds.proposed(scene)
    return scene.record.stage == Stage.ANALYSIS and bool(rounds.unaddressed(scene))


def _must_be_aimed(scene: Scene) -> bool:
    """Once a plan runs, what is added is aimed at a root cause; in a project's first round none is known."""
    return scene.item.stage == Stage.IMPLEMENTING or rounds.begun_again(scene)


def _something_to_aim_at(scene: Scene) -> None:
    if _must_be_aimed(scene) and not rounds.lines(scene, rounds.ROOT_CAUSES):
        raise Refused("cause_first")


@planning.step(
    from_=[*DRAFTED, *RUNNING],
    who=owner | project_manager,
    when=_something_to_aim_at,
    choices=root_causes,
    preset=_only_cause_left,
    guide=Guide(hints=hints.before_measure, wanted=_comes_next),
    rank=35,
)
def add_measure(change: Change, form: MeasurePlan) -> None:
    """Plan a measure (添加措施); while the plan is carried out somebody else decides on it."""
    _has_aim(change, form)
    measure = change.begin("measure")
    change.cause("begin_measure", measure, **form.plain())
    change.note(measure=measure.number)


def _has_aim(change: Change, form: MeasurePlan) -> None:
    if _must_be_aimed(change.scene) and form.root_cause_item is None:
        change.invalid("root_cause_item", "required")


@measures.step(to=MeasureStage.PROPOSED, choices=root_causes)
def begin_measure(change: Change, form: MeasurePlan) -> None:
    """The measure begins; alone it waits for its own approval, in a plan for that of the plan."""
    _keep(change, form)
    if change.scene.item.stage in RUNNING:
        change.start("approval_due", working_days=change.profile.deadlines.approval_wd)
        _propose(change, form)
        change.tell([change.record.raiser], "measure_waits")


def _propose(change: Change, form: MeasurePlan) -> None:
    by = Mention(change.record.raiser)
    change.tell(plan_decider, "measure_proposed", by=by, measure=form.measure, due=form.due_on)


def _keep(change: Change, form: MeasurePlan) -> None:
    change.record.owner = form.responsible
    change.put(**dict.fromkeys(PLANNED) | form.plain())


def _not_under_review(scene: Scene) -> None:
    if scene.item.stage not in (*DRAFTED, *RUNNING):
        raise Refused("plan_under_review")


@measures.step(
    from_=[MeasureStage.PROPOSED],
    who=owner | project_manager,
    when=_not_under_review,
    choices=root_causes,
    preset=kept(*PLANNED),
    about=PLANNED,
    rank=20,
)
def edit_measure(change: Change, form: MeasurePlan) -> None:
    """Change a measure nobody has decided on (修改措施); what it said stays in the history."""
    _has_aim(change, form)
    _keep(change, form)
    if change.scene.item.stage in RUNNING:
        _propose(change, form)


@measures.step(
    from_=[MeasureStage.PROPOSED],
    to=MeasureStage.DROPPED,
    who=owner | project_manager,
    when=_not_under_review,
    rank=30,
)
def remove_measure(change: Change, form: MayGiveReason) -> None:
    """Take a measure out of the draft (删除措施); its number stays used."""


@measures.step(from_=[MeasureStage.PROPOSED], to=MeasureStage.OPEN)
def release_measure(change: Change, form: Nothing) -> None:
    """The plan was approved: whoever is responsible hears of it and can begin."""
    _open(change)


def _open(change: Change) -> None:
    chosen = date.fromisoformat(change.record.values["due_on"])
    due = change.start_on("measure_due", chosen)
    person = change.record.owner or ""
    change.relate("responsible", person)
    change.notify(person, "measure_yours", measure=change.record.values["measure"], due=due.current_due)


def _alone(scene: Scene) -> None:
    if scene.item.stage not in RUNNING:
        raise Refused("decided_with_plan")


@measures.step(
    from_=[MeasureStage.PROPOSED], to=MeasureStage.OPEN, who=plan_decider, when=_alone, about=PLANNED, rank=10
)
def approve_measure(change: Change, form: WithOpinion) -> None:
    """Approve a measure added while the plan runs (批准措施): the plan has a new version."""
    if not change.directory.is_active(change.record.owner or ""):
        change.refuse("responsible_left", person=Mention(change.record.owner or ""))
    if change.record.values["due_on"] < change.today.isoformat():
        change.refuse("measure_too_late")
    change.stop("approval_due")
    change.put(**form.plain())
    _open(change)
    change.tell(rounds.in_charge(change.scene), "measure_approved", opinion=form.opinion or "")


@measures.step(
    from_=[MeasureStage.PROPOSED], to=MeasureStage.DROPPED, who=plan_decider, when=_alone, about=PLANNED, rank=15
)
def reject_measure(change: Change, form: WithReason) -> None:
    """Do not approve it (不批准措施); the plan runs on without it."""
    change.stop("approval_due")
    change.tell(rounds.in_charge(change.scene), "measure_rejected", reason=form.reason)


@measures.step(
    from_=[MeasureStage.OPEN], to=MeasureStage.DROP_REVIEW, who=owner | project_manager, when=_alone, rank=45
)
def request_drop(change: Change, form: WithReason) -> None:
    """Ask to drop a measure (申请取消措施); until it is decided the measure's own clock runs."""
    change.put(requested_by=change.actor, drop_reason=form.reason)
    change.start("approval_due", working_days=change.profile.deadlines.approval_wd)
    by = Mention(change.actor)
    change.tell(plan_decider, "drop_requested", by=by, measure=change.record.values["measure"], reason=form.reason)
    change.tell([change.record.owner], "drop_asked", by=by, reason=form.reason)


@measures.step(
    from_=[MeasureStage.DROP_REVIEW],
    to=MeasureStage.DROPPED,
    who=plan_decider,
    when=_alone,
    about=("drop_reason",),
    rank=10,
)
def approve_drop(change: Change, form: WithOpinion) -> None:
    """Let it go (同意取消), if something else is done about every root cause: the plan has a new version."""
    decided = [m for m in rounds.standing(change.scene) if m.stage != MeasureStage.PROPOSED]
    others = [m for m in decided if m.number != change.record.number]
    left_alone = rounds.unaddressed(change.scene, others)
    if not others:
        change.refuse("last_measure")
    if left_alone:
        change.refuse("cause_left_alone", codes=left_alone)
    change.stop("approval_due", "measure_due")
    change.put(**form.plain())
    change.tell([*rounds.in_charge(change.scene), change.record.owner], "drop_approved", opinion=form.opinion or "")


@measures.step(
    from_=[MeasureStage.DROP_REVIEW],
    to=MeasureStage.OPEN,
    who=plan_decider,
    when=_alone,
    about=("drop_reason",),
    rank=15,
)
def reject_drop(change: Change, form: WithReason) -> None:
    """It is still to be done (不同意取消)."""
    change.stop("approval_due")
    change.put(requested_by=None)
    change.tell([*rounds.in_charge(change.scene), change.record.owner], "drop_rejected", reason=form.reason)


@measures.step(from_=[MeasureStage.PROPOSED, MeasureStage.OPEN, MeasureStage.DROP_REVIEW], to=MeasureStage.DROPPED)
def void_measure(change: Change, form: Nothing) -> None:
    """The item ended or went another way, and its unfinished measures with it (作废措施)."""
    change.stop_all()
    known = change.record.stage != MeasureStage.PROPOSED
    if known and not change.has_heard(change.record.owner):
        change.tell([change.record.owner], "measure_voided")


def void_unfinished(change: Change) -> None:
    """Void what is unfinished of an item's measures."""
    for measure in change.scene.pending("measure"):
        change.cause("void_measure", measure)
