"""The acceptance of a project (验收): quality checks the objectives, then the management representative decides (D-25).

What does not pass goes on in the next round, with a date for what is to be rectified, and needs a root cause before it
is asked for again (D-26).
"""

from datetime import date
from typing import Annotated

from bot.errors import Mention, Message, Refused
from bot.improvement import results, rounds
from bot.improvement.charter import objectives
from bot.improvement.deadlines import independent_verifier
from bot.improvement.forms import Evidence, PastDay, Reason
from bot.improvement.new_round import begin_project_round
from bot.improvement.presets import checked_today
from bot.improvement.stages import Stage
from bot.improvement.vocabulary import CheckMethod, Conclusion, FormCode
from bot.people.roles import mgmt_rep, project_manager, top_mgmt
from bot.people.separation import not_implementer, not_owner
from bot.workflow import Change, Day, Form, Guide, Scene, StepTable, Text

acceptance = StepTable("improvement")
judge = mgmt_rep & not_owner & not_implementer
FOUND = (rounds.RESULTS, rounds.CHECKS)
"""What a verdict is on."""


class Application(Form):
    """What was delivered, and what came of it."""

    deliverables: Annotated[str, Text(2000)]
    result_summary: Annotated[str, Text(2000)]
    evidence: Evidence = None


def missing(scene: Scene) -> list[Message]:
    """What acceptance still waits for."""
    found = [Message("missing.unfinished", {"number": number}) for number in results.unfinished(scene)]
    found += [Message("missing.result_of", {"code": line.values["code"]}) for line in results.without_result(scene)]
    if rounds.begun_again(scene) and not rounds.lines(scene, rounds.ROOT_CAUSES):
        found.append(Message("missing.root_cause"))
    return found


def _everything_done(scene: Scene) -> bool:
    return not missing(scene)


@acceptance.step(
    from_=[Stage.EXECUTING],
    to=Stage.ACCEPTANCE,
    who=project_manager,
    guide=Guide(brief=results.in_words, wanted=_everything_done),
    rank=20,
)
def apply_acceptance(change: Change, form: Application) -> None:
    """Ask for acceptance (申请验收): everything done, and a result for every objective."""
    lacking = missing(change.scene)
    if lacking:
        change.refuse("acceptance_incomplete", missing=lacking)
    asked = {"requested_by": change.actor, "on": change.today.isoformat()}
    change.append(rounds.APPLICATIONS, form.plain() | asked)
    change.stop("report_due", "redo_due")
    change.start("acceptance_due", working_days=change.profile.deadlines.acceptance_wd)
    for whom in (independent_verifier, judge, mgmt_rep):
        change.tell(whom, "acceptance_asked", by=Mention(change.actor), summary=form.result_summary)


class AcceptanceCheck(Form):
    """《改进效果验证记录》 of a project: what quality found."""

    verified_on: Annotated[date, PastDay]
    check_method: CheckMethod
    finding: Annotated[str, Text(2000)]
    conclusion: Conclusion
    evidence: Annotated[str, Text(500)]


def _unchecked(scene: Scene) -> bool:
    return scene.value("acceptance_conclusion") is None


@acceptance.step(
    from_=[Stage.ACCEPTANCE],
    who=independent_verifier,
    preset=checked_today(CheckMethod.DATA),
    about=(rounds.RESULTS,),
    guide=Guide(brief=results.in_words, wanted=_unchecked),
    rank=25,
)
def record_acceptance_check(change: Change, form: AcceptanceCheck) -> None:
    """Check what was reached (验收检查): effective only if every objective is met."""
    missed, done = results.missed(change.scene), _last_work(change.scene)
    if form.conclusion is Conclusion.EFFECTIVE and missed:
        change.invalid("conclusion", "objectives_missed", codes=missed)
    if done and form.verified_on < done:
        change.invalid("verified_on", "before_completion", day=done)
    found = form.plain() | {"verified_by": change.actor}
    change.append(rounds.CHECKS, found)
    change.put(acceptance_conclusion=form.conclusion)
    criterion = [line.values for line in objectives(change.scene)]
    reached = [line.values for line in rounds.lines(change.scene, rounds.RESULTS)]
    paper = found | {"criterion": criterion, "results": reached}
    change.issue(FormCode.VERIFICATION, paper, counter=change.record.round)
    conclusion = Message(f"choice.Conclusion.{form.conclusion}")
    told = {"by": Mention(change.actor), "conclusion": conclusion, "finding": form.finding}
    change.tell(judge, "acceptance_checked", **told)
    change.tell(mgmt_rep, "acceptance_found", **told)


def _last_work(scene: Scene) -> date | None:
    measured = [date.fromisoformat(line.values["measured_on"]) for line in rounds.lines(scene, rounds.RESULTS)]
    return max(filter(None, [*measured, rounds.implemented_on(scene)]), default=None)


class Verdict(Form):
    """The opinion that goes with it."""

    opinion: Annotated[str, Text(1000)]


def _found_effective(scene: Scene) -> None:
    if scene.value("acceptance_conclusion") != Conclusion.EFFECTIVE:
        raise Refused("acceptance_unchecked")


def _what_was_found(scene: Scene) -> list[Message]:
    check = rounds.newest(scene, rounds.CHECKS)
    if check is None:
        return results.in_words(scene)
    conclusion = Message(f"choice.Conclusion.{check.values['conclusion']}")
    found = Message("acceptance.found", {"conclusion": conclusion, "finding": check.values["finding"]})
    return [*results.in_words(scene), found]


@acceptance.step(
    from_=[Stage.ACCEPTANCE],
    to=Stage.CONSOLIDATING,
    who=judge,
    when=_found_effective,
    about=FOUND,
    guide=Guide(brief=_what_was_found),
    rank=10,
)
def pass_acceptance(change: Change, form: Verdict) -> None:
    """Accept it (通过验收): what was reached is made to last."""
    change.stop("acceptance_due")
    _keep_verdict(change, form, "PASSED")
    change.put(effective_in_round=change.record.round, verified_by=change.actor, opinion=form.opinion)
    change.start("consolidation_due", working_days=change.profile.deadlines.consolidation_wd)
    told = {"by": Mention(change.actor), "opinion": form.opinion}
    change.tell([change.record.owner, change.scene.value("project_manager")], "accepted_owner", **told)
    change.tell(top_mgmt, "accepted", **told)


class Rectification(Form):
    """Why it does not pass, what is to be rectified, and until when."""

    reason: Reason
    rectification_list: Annotated[str, Text(2000)]
    redo_by: Annotated[date, Day(past=False)]


@acceptance.step(
    from_=[Stage.ACCEPTANCE],
    to=Stage.EXECUTING,
    who=judge,
    about=FOUND,
    guide=Guide(brief=_what_was_found),
    rank=15,
)
def fail_acceptance(change: Change, form: Rectification) -> None:
    """Do not accept it (验收不通过): the next round begins with what is to be rectified."""
    change.stop("acceptance_due")
    _keep_verdict(change, form, "FAILED")
    begin_project_round(change, form.redo_by)
    due = change.scene.deadline("redo_due")
    told = {"by": Mention(change.actor), "reason": form.reason, "what": form.rectification_list}
    day = due.current_due if due else form.redo_by
    change.tell([change.scene.value("project_manager"), change.record.owner], "acceptance_failed", due=day, **told)


def _keep_verdict(change: Change, form: Form, decision: str) -> None:
    """It stays with its round, of which it is read when the next one has begun (D-17)."""
    decided = {"decision": decision, "decided_by": change.actor, "on": change.today.isoformat()}
    change.append(rounds.VERDICTS, form.plain() | decided)
