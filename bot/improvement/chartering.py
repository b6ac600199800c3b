"""The way of a charter: submitted, approved by the management representative, then by top management, or sent back.

A charter that was sent back needs every approval again. The two approvals come from two different people (D-24).
"""

from typing import Annotated, Any

from bot.errors import Mention, Message
from bot.improvement import rounds
from bot.improvement.charter import BASICS, RESOURCES, objectives
from bot.improvement.charter_versions import since_last_version
from bot.improvement.forms import MayGiveReason, WithOpinion, WithReason
from bot.improvement.plan import keep_version, means_confirmed, outdated
from bot.improvement.stages import Stage
from bot.improvement.vocabulary import FormCode
from bot.people.roles import improvement_lead, mgmt_rep, owner, qa, submitter, top_mgmt
from bot.people.separation import not_owner, not_prior_approver, not_submitter
from bot.workflow import Change, Form, Guide, Scene, StepTable, Text

chartering = StepTable("improvement")
representative = mgmt_rep & not_owner & not_submitter
director = top_mgmt & not_owner & not_submitter & not_prior_approver
CHANGED = Guide(brief=since_last_version)


def missing(scene: Scene) -> list[Message]:
    """What a charter still lacks before it can be decided on (`charter_complete`)."""
    parts = {
        "missing.charter_basics": scene.value("scope_in") is None,
        "missing.charter_resources": scene.value("people_days") is None,
        "missing.objective": not objectives(scene),
        "missing.milestone": not rounds.proposed(scene),
    }
    stale = [said for milestone in rounds.proposed(scene) for said in outdated(scene, milestone)]
    return [*(Message(msgid) for msgid, lacks in parts.items() if lacks), *stale]


def on_paper(scene: Scene) -> dict[str, Any]:
    """《改进项目立项申请表》 as it stands."""
    values = {name: scene.value(name) for name in (*BASICS, *RESOURCES, "responsible_dept")}
    milestones = [
        {"number": m.number, "responsible": m.owner, "measure": m.values["measure"], "due_on": m.values["due_on"]}
        for m in rounds.proposed(scene)
    ]
    return values | {"objectives": [line.values for line in objectives(scene)], "milestones": milestones}


def _complete(scene: Scene) -> bool:
    return not missing(scene)


class Submission(Form):
    """What those who decide should know besides."""

    note: Annotated[str | None, Text(1000)] = None


@chartering.step(from_=[Stage.CHARTER_DRAFT], to=Stage.REP_REVIEW, who=owner, guide=Guide(wanted=_complete), rank=40)
def submit_charter(change: Change, form: Submission) -> None:
    """Submit the charter (提交立项申请): what is missing is named, all of it at once."""
    lacking = missing(change.scene)
    if lacking:
        change.refuse("charter_incomplete", missing=lacking)
    version = int(change.scene.value("charter_version") or 0) + 1
    change.put(charter_version=version, submitted_by=change.actor, submitted_in_round=change.record.round)
    change.put(first_approved_by=None, resources_ok=None, plan_note=form.note)
    paper = on_paper(change.scene) | {"version": version, "on": change.today.isoformat()}
    change.append(rounds.CHARTERS, paper)
    change.withdraw_forms(FormCode.CHARTER, "SUPERSEDED")
    change.issue(FormCode.CHARTER, paper, counter=0)
    change.stop("charter_due")
    change.start("approval_due", working_days=change.profile.deadlines.approval_wd)
    news = "charter_submitted_again" if version > 1 else "charter_submitted"
    change.tell(representative, news, by=Mention(change.actor), version=version)
    if change.profile.capa.require_lead_authorisation:
        change.tell(improvement_lead, "resources_to_confirm", by=Mention(change.actor), version=version)
    change.notify(change.actor, "charter_sent", version=version)


@chartering.step(from_=[Stage.REP_REVIEW], to=Stage.CHARTER_DRAFT, who=submitter, rank=45)
def recall_charter(change: Change, form: MayGiveReason) -> None:
    """Take the charter back (撤回申请) before anybody decided; the time for it runs on."""
    change.stop("approval_due")
    change.reopen("charter_due")


@chartering.step(
    from_=[Stage.REP_REVIEW],
    to=[Stage.TOP_REVIEW, Stage.ESTABLISHED],
    who=representative,
    when=means_confirmed,
    about=("charter_version",),
    guide=CHANGED,
    rank=10,
)
def approve_charter_rep(change: Change, form: WithOpinion) -> None:
    """The representative approves (管代批准); with one level that establishes the project."""
    _decided(change, form, "rep")
    if "top_mgmt" not in change.profile.project.approval_chain:
        _establish(change, form)
        return
    change.go(Stage.TOP_REVIEW)
    change.put(first_approved_by=change.actor)
    change.start("approval_due", working_days=change.profile.deadlines.approval_wd)
    said = {"by": Mention(change.actor), "opinion": form.opinion or ""}
    change.tell(director, "charter_to_top", **said)
    change.tell([change.record.owner], "charter_at_top", **said)


@chartering.step(
    from_=[Stage.REP_REVIEW],
    to=Stage.CHARTER_DRAFT,
    who=representative,
    about=("charter_version",),
    guide=CHANGED,
    rank=15,
)
def reject_charter_rep(change: Change, form: WithReason) -> None:
    """The representative sends it back (管代退回)."""
    _send_back(change, form)


@chartering.step(
    from_=[Stage.TOP_REVIEW], to=Stage.ESTABLISHED, who=director, about=("charter_version",), guide=CHANGED, rank=10
)
def approve_charter_top(change: Change, form: WithOpinion) -> None:
    """Top management approves (高层批准): the project is established and its charter frozen."""
    _decided(change, form, "top")
    _establish(change, form)


@chartering.step(
    from_=[Stage.TOP_REVIEW], to=Stage.CHARTER_DRAFT, who=director, about=("charter_version",), guide=CHANGED, rank=15
)
def reject_charter_top(change: Change, form: WithReason) -> None:
    """Top management sends it back (高层退回): both approvals are needed again."""
    _send_back(change, form)
    change.tell(mgmt_rep, "charter_rejected", by=Mention(change.actor), reason=form.reason)


def _decided(change: Change, form: WithOpinion, level: str) -> None:
    """What is approved can still be done; the approval stands on paper."""
    lacking = missing(change.scene)
    if lacking:
        change.refuse("charter_outdated", missing=lacking)
    change.stop("approval_due")
    change.put(opinion=form.opinion)
    decision = {"decision": change.actor, "on": change.today.isoformat(), "opinion": form.opinion}
    change.fill(FormCode.CHARTER, {f"{level}_{name}": value for name, value in decision.items()})


def _send_back(change: Change, form: WithReason) -> None:
    change.stop("approval_due")
    change.put(first_approved_by=None, opinion=None)
    change.reopen("charter_due", at_least_wd=change.profile.deadlines.charter_revision_wd)
    change.tell([change.record.owner], "charter_rejected", by=Mention(change.actor), reason=form.reason)


def _establish(change: Change, form: WithOpinion) -> None:
    """The charter is frozen with the first version of the plan, and everybody responsible gets their milestone."""
    change.go(Stage.ESTABLISHED)
    change.put(first_approved_by=None, established_in_round=change.record.round)
    change.put(plan_approved_by=change.actor, plan_approved_on=change.today.isoformat())
    change.start("team_due", working_days=change.profile.deadlines.team_wd)
    by = Mention(change.actor)
    change.notify(change.record.owner, "established_owner", by=by, opinion=form.opinion or "")
    for measure in rounds.proposed(change.scene):
        change.cause("release_measure", measure)
    keep_version(change, "established")
    change.tell([change.scene.value("proposed_manager")], "established", by=by)
    change.tell(mgmt_rep, "established", by=by)
    change.tell(qa, "established", by=by)
