"""Who carries it, and who watches over it: reassign, dispute, reroute, urge, cancel, resources, monitoring."""

from typing import Annotated

from bot.errors import Mention, Refused
from bot.improvement.classifying import hand_over, issue_notice
from bot.improvement.deadlines import DEADLINES, WAITS_FOR, plan_decider, waits
from bot.improvement.forms import Evidence, NewOwner, Note, Reroute, WithReason
from bot.improvement.measures import void_unfinished
from bot.improvement.new_round import look_for_similar, whose
from bot.improvement.stages import OPEN, Stage
from bot.improvement.vocabulary import FormCode, YesNo
from bot.people.roles import (
    canceller,
    dept_head,
    improvement_lead,
    improvement_manager,
    mgmt_rep,
    owner,
    qa,
)
from bot.people.separation import not_owner
from bot.workflow import Change, Form, Scene, StepTable, Text

routing = StepTable("improvement")
REASSIGNABLE = (
    Stage.NOTIFIED,
    Stage.IN_PROGRESS,
    Stage.ANALYSIS,
    Stage.IMPLEMENTING,
    Stage.CHARTER_DRAFT,
    Stage.ESTABLISHED,
    Stage.EXECUTING,
    Stage.CONSOLIDATING,
    Stage.STANDARDIZING,
)
CANCELLABLE = (
    Stage.NOTIFIED,
    Stage.IN_PROGRESS,
    Stage.REPORTED,
    Stage.ANALYSIS,
    Stage.PLAN_REVIEW,
    Stage.IMPLEMENTING,
    Stage.VERIFYING,
    Stage.CHARTER_DRAFT,
    Stage.REP_REVIEW,
    Stage.TOP_REVIEW,
)
CARRIED_OUT = (Stage.IMPLEMENTING, Stage.EXECUTING)
RESOURCED = (
    Stage.PLAN_REVIEW,
    Stage.IMPLEMENTING,
    Stage.REP_REVIEW,
    Stage.TOP_REVIEW,
    Stage.ESTABLISHED,
    Stage.EXECUTING,
)


@routing.step(from_=REASSIGNABLE, who=owner | dept_head | qa, rank=55)
def reassign_owner(change: Change, form: NewOwner) -> None:
    """Pass it to a colleague of the department (转派); the due date does not move."""
    before = change.record.owner
    if form.new_owner == before:
        change.invalid("new_owner", "same_owner")
    if change.directory.department_of(form.new_owner) != change.record.responsible_dept:
        change.invalid(
            "new_owner",
            "not_in_department",
            person=Mention(form.new_owner),
            department=change.record.responsible_dept,
        )
    change.record.owner = form.new_owner
    change.relate("owner", form.new_owner)
    change.fill(FormCode.CAPA_REPORT, whose(change))
    change.notify(form.new_owner, "owner_now", by=Mention(change.actor))
    change.tell([before], "owner_no_more", owner=Mention(form.new_owner))


def _not_disputed_yet(scene: Scene) -> None:
    if scene.record.responsible_dept in scene.record.values.get("disputed_by", []):
        raise Refused("disputed_before")


@routing.step(
    from_=[Stage.NOTIFIED, Stage.ANALYSIS, Stage.CHARTER_DRAFT],
    who=owner | dept_head,
    when=_not_disputed_yet,
    rank=60,
)
def dispute_routing(change: Change, form: WithReason) -> None:
    """Say that it belongs to another department (对转办有异议), once a department; the due date stands meanwhile."""
    disputed = [*change.record.values.get("disputed_by", []), change.record.responsible_dept]
    change.put(disputed_by=disputed)
    change.tell(qa, "routing_disputed", by=Mention(change.actor), reason=form.reason)


def _nothing_submitted(scene: Scene) -> None:
    if scene.record.stage in (Stage.ANALYSIS, Stage.CHARTER_DRAFT) and scene.value("submitted_in_round"):
        raise Refused("submitted_before")


@routing.step(
    from_=[Stage.NOTIFIED, Stage.IN_PROGRESS, Stage.ANALYSIS, Stage.CHARTER_DRAFT],
    who=qa,
    when=_nothing_submitted,
    rank=60,
)
def reroute(change: Change, form: Reroute) -> None:
    """Give it to another department (改派部门): a new notice, and the clock starts anew."""
    if form.responsible_dept == change.record.responsible_dept:
        change.invalid("responsible_dept", "same_department")
    before = [change.record.owner, *change.directory.heads(change.record.responsible_dept)]
    hand_over(change, form.responsible_dept, form.owner)
    _restart(change)
    change.notify(change.record.owner, "rerouted_to_you", reason=form.reason)
    change.tell(dept_head, "rerouted_to_department", owner=Mention(change.record.owner or ""))
    change.tell(before, "rerouted_away", department=form.responsible_dept, reason=form.reason)


def _restart(change: Change) -> None:
    lengths = change.profile.deadlines
    match change.record.class_:
        case "DAILY":
            change.stop("action_due")
            change.withdraw_forms(FormCode.NOTICE, "VOID")
            issue_notice(change)
        case "CAPA":
            change.stop("analysis_due")
            change.start("analysis_due", working_days=lengths.analysis_wd)
            look_for_similar(change)
            change.fill(FormCode.CAPA_REPORT, whose(change))
        case "PROJECT":
            change.stop("charter_due")
            change.start("charter_due", working_days=lengths.charter_wd)


class Urging(Form):
    """What is said to those who are waited for."""

    note: Annotated[str, Text(1000)]


def _not_urged_enough(scene: Scene) -> None:
    urged = scene.record.values.get("urged", {})
    if urged.get(scene.today.isoformat(), 0) >= scene.company.profile.reminders.urge_per_day:
        raise Refused("urged_today")


@routing.step(from_=OPEN, who=qa | improvement_lead | mgmt_rep, when=_not_urged_enough, rank=75)
def urge(change: Change, form: Urging) -> None:
    """Urge those who are waited for, and their head (督促)."""
    today = change.today.isoformat()
    change.put(urged={today: change.record.values.get("urged", {}).get(today, 0) + 1})
    change.tell(_waited_for(change.scene), "urged", by=Mention(change.actor), note=form.note)
    change.tell(dept_head, "urged", by=Mention(change.actor), note=form.note)


def _waited_for(scene: Scene) -> list[str]:
    """Whoever has to act now, on the item or on one of its unfinished measures."""
    unfinished = [scene.of(part) for part in scene.pending("measure")]
    found = [here for here in (scene, *unfinished) if waits(here)]
    return [person for here in found for person in DEADLINES[WAITS_FOR[here.record.stage]].holder.people(here.case)]


@routing.step(from_=CANCELLABLE, to=Stage.CANCELLED, who=canceller & not_owner, rank=90)
def cancel(change: Change, form: WithReason) -> None:
    """Cancel it for good (取消); a verified result is closed, never cancelled."""
    change.stop_all()
    parties = [
        change.record.owner,
        *change.directory.heads(change.record.responsible_dept),
        change.record.raiser,
    ]
    change.tell(parties, "cancelled", reason=form.reason)
    void_unfinished(change)


class Resources(Form):
    """Whether the means for it are there; if not, what is missing."""

    resources_ok: YesNo
    note: Note = None


@routing.step(from_=RESOURCED, who=improvement_lead, rank=60)
def confirm_resources(change: Change, form: Resources) -> None:
    """Confirm the resources (确认资源)."""
    if form.resources_ok is YesNo.NO and not form.note:
        change.invalid("note", "required")
    change.put(resources_ok=form.resources_ok, resources_note=form.note)
    if form.resources_ok is YesNo.YES:
        change.tell([change.record.owner], "resources_ok")
        change.tell(plan_decider, "resources_ok")
    else:
        change.tell([change.record.owner], "resources_missing", note=form.note)
        change.tell(plan_decider, "resources_missing", note=form.note)


class Monitoring(Form):
    """What was seen on the way."""

    monitoring_note: Annotated[str, Text(1000)]
    evidence: Evidence = None


@routing.step(
    from_=[Stage.IN_PROGRESS, Stage.IMPLEMENTING, Stage.EXECUTING],
    who=improvement_lead | improvement_manager | qa,
    rank=76,
)
def record_monitoring(change: Change, form: Monitoring) -> None:
    """Note what was seen on the way (监控记录)."""
    change.append("monitoring", form.plain() | {"by": change.actor, "on": change.today.isoformat()})
    change.tell([change.record.owner], "monitored", note=form.monitoring_note)
