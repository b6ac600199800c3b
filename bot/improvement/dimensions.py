"""How far the evaluation of a round has got: which of its dimensions are filled or left out, and what that says."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.errors import Message, Refused
from bot.improvement import rounds
from bot.improvement.vocabulary import Dimension, ImprovementClass, YesNo
from bot.workflow import Scene

Values = Mapping[str, Any]
PERIODS, EVALUATIONS, LEFT_OUT = "evaluation_periods", "evaluations", "left_out"
COMPARISONS, FEEDBACK, COST_BENEFIT, CONFORMITY = "comparisons", "feedback", "cost_benefit", "conformity"
LISTS: Mapping[Dimension, tuple[str, Message]] = {
    Dimension.METRICS: (COMPARISONS, Message("missing.comparison")),
    Dimension.FEEDBACK: (FEEDBACK, Message("missing.feedback")),
    Dimension.COST_BENEFIT: (COST_BENEFIT, Message("missing.cost_benefit")),
    Dimension.CONFORMITY: (CONFORMITY, Message("missing.conformity")),
}
"""Where each dimension is entered, and how it is called while it is missing."""

ENTERED = (PERIODS, COMPARISONS, FEEDBACK, COST_BENEFIT, CONFORMITY, LEFT_OUT)
"""All that an evaluation is made of."""

MET: Mapping[str | None, Message] = {
    YesNo.YES: Message("evaluation.met"),
    YesNo.NO: Message("evaluation.not_met"),
    None: Message("evaluation.no_target"),
}


def evaluation_due(scene: Scene) -> bool:
    """Whether the close waits for an evaluation: the profile asks for it, and the round has none yet."""
    item = scene.item
    grave = item.class_ == ImprovementClass.CAPA and item.values.get("severity") in _asked_for(scene)
    return (grave or item.class_ == ImprovementClass.PROJECT) and not concluded(scene)


def concluded(scene: Scene) -> bool:
    """Whether the evaluation of this round found the effect."""
    return bool(scene.item.values.get("evaluated_in_round") == scene.item.round)


def still_open(scene: Scene) -> None:
    """The guard of every step of an evaluation: the item is evaluated at all, and the round has no conclusion yet."""
    if scene.item.class_ not in (ImprovementClass.CAPA, ImprovementClass.PROJECT):
        raise Refused("no_evaluation")
    if concluded(scene):
        raise Refused("evaluated_before")


def left_out(scene: Scene) -> set[Dimension]:
    """The dimensions that were declared not applicable in this round."""
    return {Dimension(line.values["dimension"]) for line in rounds.lines(scene, LEFT_OUT)}


def unsettled(scene: Scene) -> list[Dimension]:
    """The dimensions that are neither filled nor left out."""
    skipped = left_out(scene)
    return [d for d, (name, _) in LISTS.items() if d not in skipped and not rounds.lines(scene, name)]


def missing(scene: Scene) -> list[Message]:
    """What is still to be done before a conclusion (`evaluation_settled`)."""
    periods = [] if rounds.lines(scene, PERIODS) else [Message("missing.evaluation_periods")]
    return [*periods, *(LISTS[dimension][1] for dimension in unsettled(scene))]


def on_paper(scene: Scene) -> dict[str, Any]:
    """《改进效果评估报告》 but for its conclusion."""
    periods = rounds.newest(scene, PERIODS)
    lists = (COMPARISONS, FEEDBACK, COST_BENEFIT, CONFORMITY, LEFT_OUT)
    entered = {name: [line.values for line in rounds.lines(scene, name)] for name in lists}
    return {"number": scene.item.number, "periods": periods.values if periods else None} | entered


def in_words(scene: Scene) -> Sequence[Message]:
    """What was entered so far, to be read before a conclusion is drawn."""
    periods = [_periods(line.values) for line in rounds.lines(scene, PERIODS)]
    compared = [_compared(line.values) for line in rounds.lines(scene, COMPARISONS)]
    asked = [_asked(line.values) for line in rounds.lines(scene, FEEDBACK)]
    costs = [_cost(line.values) for line in rounds.lines(scene, COST_BENEFIT)]
    conforms = [Message("evaluation.conformity", line.values) for line in rounds.lines(scene, CONFORMITY)]
    skipped = [_skipped(line.values) for line in rounds.lines(scene, LEFT_OUT)]
    return [*periods, *compared, *asked, *costs, *conforms, *skipped]


def _asked_for(scene: Scene) -> Sequence[str]:
    return scene.company.profile.capa.evaluation_for


def _periods(values: Values) -> Message:
    return Message("evaluation.periods", {name: date.fromisoformat(day) for name, day in values.items()})


def _compared(values: Values) -> Message:
    said = {"unit": values.get("unit", ""), "met": MET[values.get("met")]}
    return Message("evaluation.comparison", {**values, **said})


def _asked(values: Values) -> Message:
    method = Message(f"choice.CheckMethod.{values['feedback_method']}")
    said = {"method": method, "n": values["feedback_sample"], "finding": values["feedback_finding"]}
    return Message("evaluation.feedback", said)


def _cost(values: Values) -> Message:
    ratio = values.get("benefit_ratio") or Message("ui.no_data")
    return Message("evaluation.cost_benefit", {**values, "ratio": ratio})


def _skipped(values: Values) -> Message:
    dimension = Message(f"choice.Dimension.{values['dimension']}")
    return Message("evaluation.left_out", {"dimension": dimension, "reason": values["na_reason"]})
