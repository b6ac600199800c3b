"""The plan of a CAPA (方案): submitted as a whole, decided by somebody else, then frozen and adjusted one by one.

Every version is kept with the measures and the criterion it had.
"""

from typing import Annotated

from bot.errors import Mention, Message, Refused
from bot.improvement import hints, rounds
from bot.improvement.deadlines import plan_decider
from bot.improvement.forms import MayGiveReason, WithOpinion, WithReason
from bot.improvement.measures import RUNNING
from bot.improvement.report import plan_part
from bot.improvement.stages import MeasureStage, Stage
from bot.improvement.vocabulary import FormCode, RcaMethod, YesNo
from bot.people.roles import improvement_lead, owner, submitter
from bot.workflow import Change, Form, Guide, Scene, StepTable, Text
from storage.record import Record

plan = StepTable("improvement")


def missing(scene: Scene) -> list[Message]:
    """What a plan still lacks before it can be decided on (`plan_complete`), in the order of the report."""
    found: list[Message] = []
    if rounds.problem(scene) is None:
        found.append(Message("missing.problem"))
    causes = rounds.lines(scene, rounds.ROOT_CAUSES)
    if not causes:
        found.append(Message("missing.root_cause"))
    methods = {line.values["rca_method"] for line in causes}
    return [*found, *_thin_analysis(scene, methods), *_missing_criterion(scene), *_missing_measures(scene)]


def _thin_analysis(scene: Scene, methods: set[str]) -> list[Message]:
    depth, bones = scene.company.profile.capa.min_why_levels, scene.company.profile.capa.min_fishbone_causes
    deepest = max(map(len, rounds.chains(scene).values()), default=0)
    found = []
    if RcaMethod.FIVE_WHY in methods and deepest < depth:
        found.append(Message("missing.why_levels", {"n": depth}))
    if RcaMethod.FISHBONE in methods and len(rounds.lines(scene, rounds.CAUSES)) < bones:
        found.append(Message("missing.causes", {"n": bones}))
    return found


def _missing_criterion(scene: Scene) -> list[Message]:
    return [] if rounds.newest(scene, rounds.CRITERIA) else [Message("missing.criterion")]


def _missing_measures(scene: Scene) -> list[Message]:
    planned = rounds.standing(scene)
    if not planned:
        return [Message("missing.measure")]
    found = [Message("missing.measure_for", {"code": code}) for code in rounds.unaddressed(scene)]
    for measure in rounds.proposed(scene):
        if not measure.values.get("root_cause_item"):
            found.append(Message("missing.cause_of", {"number": measure.number}))
        found += outdated(scene, measure)
    return found


def outdated(scene: Scene, measure: Record) -> list[Message]:
    """What has become wrong with a planned measure: its date has gone by, or whoever is responsible has left."""
    number, person, found = measure.number, measure.owner or "", []
    if measure.values["due_on"] < scene.today.isoformat():
        found.append(Message("missing.later_date", {"number": number}))
    if not scene.company.directory.is_active(person):
        found.append(Message("missing.responsible", {"number": number, "person": Mention(person)}))
    return found


def _complete(scene: Scene) -> bool:
    return not missing(scene)


class Submission(Form):
    """What the approver should know besides."""

    note: Annotated[str | None, Text(1000)] = None


@plan.step(
    from_=[Stage.ANALYSIS],
    to=Stage.PLAN_REVIEW,
    who=owner,
    guide=Guide(hints=hints.before_plan, wanted=_complete),
    rank=40,
)
def submit_plan(change: Change, form: Submission) -> None:
    """Submit analysis and plan (提交方案): what is missing is named, all of it at once."""
    lacking = missing(change.scene)
    if lacking:
        change.refuse("plan_incomplete", missing=lacking)
    version = keep_version(change, "submitted")
    change.put(
        submitted_by=change.actor, submitted_in_round=change.record.round, plan_note=form.note, resources_ok=None
    )
    change.stop("analysis_due")
    change.start("approval_due", working_days=change.profile.deadlines.approval_wd)
    by = Mention(change.actor)
    change.tell(plan_decider, "plan_submitted", by=by, version=version, n=len(rounds.standing(change.scene)))
    if change.profile.capa.require_lead_authorisation:
        change.tell(improvement_lead, "resources_to_confirm", by=by, version=version)
    change.notify(change.actor, "plan_sent", version=version)
    change.share_picture([change.actor, *plan_decider.people(change.scene.case)], version)


@plan.step(from_=[Stage.PLAN_REVIEW], to=Stage.ANALYSIS, who=submitter, rank=20)
def recall_plan(change: Change, form: MayGiveReason) -> None:
    """Take the plan back (撤回方案) before it is decided on; the time for it runs on."""
    change.stop("approval_due")
    change.reopen("analysis_due")


def means_confirmed(scene: Scene) -> None:
    """Refuse an approval while the lead has not confirmed the means, where the company wants that (D-47)."""
    needed = scene.company.profile.capa.require_lead_authorisation
    if needed and scene.value("resources_ok") != YesNo.YES:
        raise Refused("resources_unconfirmed")


@plan.step(
    from_=[Stage.PLAN_REVIEW],
    to=Stage.IMPLEMENTING,
    who=plan_decider,
    when=means_confirmed,
    about=("plan_version",),
    guide=Guide(brief=hints.before_plan),
    rank=10,
)
def approve_plan(change: Change, form: WithOpinion) -> None:
    """Approve it (批准方案): criterion and measures are frozen, and everybody responsible gets theirs."""
    outdated = missing(change.scene)
    if outdated:
        change.refuse("plan_outdated", missing=outdated)
    change.stop("approval_due")
    change.put(plan_approved_by=change.actor, plan_approved_on=change.today.isoformat(), opinion=form.opinion)
    change.notify(change.record.owner, "plan_approved", by=Mention(change.actor), opinion=form.opinion or "")
    for measure in rounds.measures(change.scene):
        if measure.stage == MeasureStage.PROPOSED:
            change.cause("release_measure", measure)
    change.fill(FormCode.CAPA_REPORT, plan_part(change.scene) | form.plain())


@plan.step(from_=[Stage.PLAN_REVIEW], to=Stage.ANALYSIS, who=plan_decider, about=("plan_version",), rank=15)
def reject_plan(change: Change, form: WithReason) -> None:
    """Send it back (退回方案); some working days are left for it in any case."""
    change.stop("approval_due")
    change.reopen("analysis_due", at_least_wd=change.profile.deadlines.plan_revision_wd)
    change.tell([change.record.owner], "plan_rejected", by=Mention(change.actor), reason=form.reason)


class Adjustment(Form):
    """Which measure was added or dropped, by whom it was decided."""

    measure: str
    why: str


@plan.step(from_=RUNNING)
def revise_plan(change: Change, form: Adjustment) -> None:
    """A measure was added or dropped while the plan runs: a new version, and the one before is kept."""
    version = keep_version(change, form.why)
    change.fill(FormCode.CAPA_REPORT, plan_part(change.scene))
    change.note(version=version)


def keep_version(change: Change, why: str) -> int:
    """Enter the plan as it stands as its next version, and answer which that is."""
    version = int(change.scene.value("plan_version") or 0) + 1
    change.put(plan_version=version)
    on_paper = plan_part(change.scene) | {"version": version, "why": why, "on": change.today.isoformat()}
    change.append(rounds.PLANS, on_paper)
    change.note(plan_version=version)
    return version
