"""What an evaluation comes to (评估结论): the effect is there to stay, or the next round begins."""

from datetime import date
from typing import Annotated, Any

from bot.improvement import dimensions, rounds
from bot.improvement.deadlines import independent_verifier
from bot.improvement.dimensions import still_open
from bot.improvement.evaluation import EVALUATED
from bot.improvement.forms import Reason
from bot.improvement.new_round import begin_project_round, begin_round
from bot.improvement.stages import Stage
from bot.improvement.vocabulary import Conclusion, FormCode, ImprovementClass
from bot.people.roles import dept_head, mgmt_rep
from bot.workflow import Change, Day, Form, Guide, Scene, StepTable, Text

conclusion = StepTable("improvement")


class LastingEffect(Form):
    """What it comes to, and what was learned."""

    overall_conclusion: Annotated[str, Text(2000)]
    lessons: Annotated[str | None, Text(2000)] = None


def _all_there(scene: Scene) -> bool:
    return dimensions.evaluation_due(scene) and not dimensions.missing(scene)


GUIDE = Guide(brief=dimensions.in_words, wanted=_all_there)


@conclusion.step(
    from_=EVALUATED, who=independent_verifier, when=still_open, about=dimensions.ENTERED, guide=GUIDE, rank=66
)
def conclude_effective(change: Change, form: LastingEffect) -> None:
    """The effect is there (评估有效): 《改进效果评估报告》 is issued, and a grave CAPA may be closed."""
    _report(change, form, Conclusion.EFFECTIVE)
    change.put(evaluated_in_round=change.record.round)
    change.tell(rounds.in_charge(change.scene), "evaluated_effective", conclusion=form.overall_conclusion)
    change.tell(mgmt_rep, "evaluated_effective", conclusion=form.overall_conclusion)


class NoLastingEffect(Form):
    """What it comes to, and why that is not enough; of a project also until when it is to be rectified."""

    overall_conclusion: Annotated[str, Text(2000)]
    reason: Reason
    redo_by: Annotated[date | None, Day(past=False)] = None


@conclusion.step(
    from_=EVALUATED,
    to=[Stage.ANALYSIS, Stage.EXECUTING],
    who=independent_verifier,
    when=still_open,
    about=dimensions.ENTERED,
    guide=GUIDE,
    rank=69,
    ends=True,
)
def conclude_ineffective(change: Change, form: NoLastingEffect) -> None:
    """The effect is not there (评估无效): the round is closed for good, and the next begins with the analysis."""
    project = change.record.class_ == ImprovementClass.PROJECT
    if project is not (form.redo_by is not None):
        change.invalid("redo_by", "required" if project else "only_for_project")
    _report(change, form, Conclusion.INEFFECTIVE)
    change.stop("standardize_due", "consolidation_due", "closing_due")
    if form.redo_by:
        change.go(Stage.EXECUTING)
        begin_project_round(change, form.redo_by)
    else:
        change.go(Stage.ANALYSIS)
        begin_round(change)
    change.tell(rounds.in_charge(change.scene), "evaluated_ineffective_owner", reason=form.reason)
    change.tell(dept_head, "evaluated_ineffective", reason=form.reason)
    change.tell(mgmt_rep, "evaluated_ineffective", reason=form.reason)


def _report(change: Change, form: Form, found: Conclusion) -> None:
    """Keep the conclusion with its round and issue the report, if nothing is missing."""
    lacking = dimensions.missing(change.scene)
    if lacking:
        change.refuse("evaluation_incomplete", missing=lacking)
    drawn: dict[str, Any] = form.plain() | {"conclusion": found, "evaluator": change.actor}
    change.append(dimensions.EVALUATIONS, drawn | {"on": change.today.isoformat()})
    change.issue(FormCode.EVALUATION, dimensions.on_paper(change.scene) | drawn, counter=change.record.round)
