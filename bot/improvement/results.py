"""What a project reached of its objectives (目标结果): a value for each of them in every round, compared unrounded."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from bot.errors import Message
from bot.improvement import rounds
from bot.improvement.charter import objectives, objectives_offered
from bot.improvement.criterion import COMPARE
from bot.improvement.deadlines import independent_verifier
from bot.improvement.dimensions import COMPARISONS
from bot.improvement.forms import Evidence, PastDay
from bot.improvement.stages import Stage
from bot.improvement.vocabulary import TargetOp, YesNo
from bot.people.roles import project_manager
from bot.workflow import Change, Form, Guide, Number, Pick, Scene, StepTable
from bot.workflow.step import Values

measuring = StepTable("improvement")
OF_TARGET = ("metric_name", "target_op", "target_value", "unit")
MET: Mapping[str, str] = {YesNo.YES: "objective.met", YesNo.NO: "objective.missed"}


class ObjectiveResult(Form):
    """What was reached of an objective."""

    objective_item: Annotated[str, Pick("objectives")]
    actual_value: Annotated[Decimal, Number()]
    measured_on: Annotated[date, PastDay]
    evidence: Evidence = None


def _next_one(scene: Scene, _person: str) -> Values:
    left = without_result(scene)
    item = {"objective_item": str(left[0].no)} if left else {}
    return item | {"measured_on": scene.today.isoformat()}


def _only_results_missing(scene: Scene) -> bool:
    return scene.record.stage == Stage.EXECUTING and bool(without_result(scene)) and not unfinished(scene)


@measuring.step(
    from_=[Stage.EXECUTING, Stage.ACCEPTANCE],
    who=project_manager,
    choices=objectives_offered,
    preset=_next_one,
    about=(rounds.RESULTS,),
    guide=Guide(wanted=_only_results_missing),
    rank=30,
)
def record_objective_result(change: Change, form: ObjectiveResult) -> None:
    """Record what was reached (记录目标结果); a later value replaces an earlier one, and asks for a new check."""
    line = next(e for e in objectives(change.scene) if str(e.no) == form.objective_item)
    for before in rounds.lines(change.scene, rounds.RESULTS):
        if before.values["objective_item"] == form.objective_item:
            change.strike(rounds.RESULTS, before.no)
    met = YesNo.YES if satisfied(line.values, form.actual_value) else YesNo.NO
    change.append(rounds.RESULTS, form.plain() | {"code": line.values["code"], "met": met})
    change.note(met=met)
    if change.scene.value("acceptance_conclusion"):
        change.put(acceptance_conclusion=None)
        change.tell(independent_verifier, "result_changed", code=line.values["code"])


def satisfied(objective: Mapping[str, Any], actual: Decimal) -> bool:
    """Whether a value meets the target of an objective."""
    return COMPARE[TargetOp(objective["target_op"])](Fraction(actual), Fraction(objective["target_value"]))


def without_result(scene: Scene) -> list[Any]:
    """The objectives of which no result was recorded in this round."""
    known = {line.values["objective_item"] for line in rounds.lines(scene, rounds.RESULTS)}
    return [line for line in objectives(scene) if str(line.no) not in known]


def unfinished(scene: Scene) -> list[str]:
    """The milestones of the round that are neither done nor dropped."""
    return [measure.number for measure in rounds.measures(scene) if measure.ended_on is None]


def missed(scene: Scene) -> list[str]:
    """The codes of the objectives that were not reached in this round."""
    return [line.values["code"] for line in rounds.lines(scene, rounds.RESULTS) if line.values["met"] == YesNo.NO]


def next_comparison(scene: Scene) -> Values:
    """The figures of the first objective that was not compared in the evaluation yet."""
    compared = {line.values["metric_name"] for line in rounds.lines(scene, COMPARISONS)}
    reached = {
        line.values["objective_item"]: line.values["actual_value"] for line in rounds.lines(scene, rounds.RESULTS)
    }
    for line in objectives(scene):
        if line.values["metric_name"] not in compared and str(line.no) in reached:
            agreed = {name: line.values[name] for name in OF_TARGET if name in line.values}
            return agreed | {"value_before": line.values["baseline_value"], "value_after": reached[str(line.no)]}
    return {}


def in_words(scene: Scene, round_: int | None = None) -> list[Message]:
    """The objectives as sentences, with what was reached of them in a round."""
    reached = {line.values["objective_item"]: line.values for line in rounds.lines(scene, rounds.RESULTS, round_)}
    return [_sentence(line.values, reached.get(str(line.no))) for line in objectives(scene)]


def aim(objective: Mapping[str, Any]) -> Message:
    """What an objective aims at: from where, to where, by when."""
    said = {**_figures(objective), "reach_by": date.fromisoformat(objective["reach_by_effective"])}
    return Message("objective.aim", said)


def _sentence(objective: Mapping[str, Any], result: Mapping[str, Any] | None) -> Message:
    if result is None:
        return Message("objective.aimed_at", {"code": objective["code"], "aim": aim(objective)})
    return Message(MET[result["met"]], _figures(objective) | {"actual": result["actual_value"]})


def _figures(objective: Mapping[str, Any]) -> dict[str, Any]:
    op = Message(f"choice.TargetOp.{objective['target_op']}")
    return {**objective, "op": op, "unit": objective.get("unit", "")}
