"""The evaluation in four dimensions (效果评估): figures, customers, cost and benefit, conformity. Quality's work.

It belongs to its round. What was entered can be replaced until a conclusion is drawn, see `conclusion`.
"""

from collections.abc import Mapping
from typing import Any

from bot.errors import Message, Refused
from bot.figures import half_up
from bot.improvement import dimensions, results, rounds
from bot.improvement.criterion import figure_in
from bot.improvement.deadlines import independent_verifier
from bot.improvement.dimensions import still_open
from bot.improvement.evaluation_forms import (
    Comparison,
    ComparisonRemoval,
    Conformity,
    CostBenefit,
    Feedback,
    Omission,
    Periods,
)
from bot.improvement.stages import Stage
from bot.improvement.vocabulary import Dimension, ImprovementClass
from bot.workflow import Change, Form, Guide, Number, Scene, StepTable
from bot.workflow.step import Preset, Values

evaluation = StepTable("improvement")
PLACES = Number().places
EVALUATED = (Stage.STANDARDIZING, Stage.CONSOLIDATING, Stage.CLOSING)
"""The stages in which an item is evaluated, while its department works or when it has submitted."""


def _comes_next(dimension: Dimension) -> Guide:
    """The guide of a step that fills a dimension: it is wanted while the close waits for that."""
    return Guide(wanted=lambda s: dimensions.evaluation_due(s) and dimension in dimensions.unsettled(s))


def _as_entered(name: str, form: type[Form]) -> Preset:
    """What stands in the list of this round so far."""

    def preset(scene: Scene, _person: str) -> Values:
        before = rounds.newest(scene, name)
        values = before.values if before else {}
        return {field: values[field] for field in form.model_fields if field in values}

    return preset


def _take_up(change: Change, dimension: Dimension) -> None:
    """A dimension that is filled after all is no longer left out."""
    for line in rounds.lines(change.scene, dimensions.LEFT_OUT):
        if line.values["dimension"] == dimension:
            change.strike(dimensions.LEFT_OUT, line.no)


def _since_the_last_measure(scene: Scene, person: str) -> Values:
    done = rounds.implemented_on(scene) or scene.today
    after = {"after_start": done.isoformat(), "after_end": scene.today.isoformat()}
    return after | _as_entered(dimensions.PERIODS, Periods)(scene, person)


def _no_periods(scene: Scene) -> bool:
    return dimensions.evaluation_due(scene) and not rounds.lines(scene, dimensions.PERIODS)


@evaluation.step(
    from_=EVALUATED,
    who=independent_verifier,
    when=still_open,
    preset=_since_the_last_measure,
    about=(dimensions.PERIODS,),
    guide=Guide(wanted=_no_periods),
    rank=61,
)
def set_evaluation_periods(change: Change, form: Periods) -> None:
    """Say which time before is compared with which after (设定评估期间)."""
    done = rounds.implemented_on(change.scene)
    if done and form.after_start < done:
        change.invalid("after_start", "before_completion", day=done)
    rounds.replace(change, dimensions.PERIODS, form.plain())


def _agreed_figure(scene: Scene, _person: str) -> Values:
    """The figure that was agreed on and checked, as far as it can be written down exactly."""
    if scene.record.class_ == ImprovementClass.PROJECT:
        return results.next_comparison(scene)
    aim, check = rounds.newest(scene, rounds.CRITERIA), rounds.newest(scene, rounds.CHECKS)
    if rounds.lines(scene, dimensions.COMPARISONS) or aim is None or check is None:
        return {}
    names = ("metric_name", "target_op", "target_value", "unit")
    agreed = {name: aim.values[name] for name in names if name in aim.values}
    found = {"value_before": _figure(aim.values, "baseline"), "value_after": _figure(check.values, "measured")}
    return agreed | {name: figure for name, figure in found.items() if figure is not None}


def _figure(values: Mapping[str, Any], of: str) -> str | None:
    """A percentage or a value; None if there is none, or if it has more places than the form takes."""
    figure = figure_in(values, of)
    return half_up(figure, PLACES) if figure is not None and (figure * 10**PLACES).denominator == 1 else None


@evaluation.step(
    from_=EVALUATED,
    who=independent_verifier,
    when=still_open,
    preset=_agreed_figure,
    guide=_comes_next(Dimension.METRICS),
    rank=62,
)
def add_metric_comparison(change: Change, form: Comparison) -> None:
    """Compare a figure (添加指标对比): the change and whether it met its target are computed, exactly."""
    computed = {"change": str(form.value_after - form.value_before)} | ({"met": form.met} if form.met else {})
    change.append(dimensions.COMPARISONS, form.plain() | computed)
    change.note(**computed)
    _take_up(change, Dimension.METRICS)


def _has_comparisons(scene: Scene) -> None:
    still_open(scene)
    if not rounds.lines(scene, dimensions.COMPARISONS):
        raise Refused("nothing_entered")


def _comparisons(scene: Scene) -> Mapping[str, Mapping[str, Message | str]]:
    found = rounds.lines(scene, dimensions.COMPARISONS)
    return {"comparisons": {str(line.no): line.values["metric_name"][:75] for line in found}}


@evaluation.step(from_=EVALUATED, who=independent_verifier, when=_has_comparisons, choices=_comparisons, rank=68)
def remove_metric_comparison(change: Change, form: ComparisonRemoval) -> None:
    """Strike out a comparison (删除指标对比)."""
    change.strike(dimensions.COMPARISONS, int(form.comparison_item))


@evaluation.step(
    from_=EVALUATED,
    who=independent_verifier,
    when=still_open,
    preset=_as_entered(dimensions.FEEDBACK, Feedback),
    about=(dimensions.FEEDBACK,),
    guide=_comes_next(Dimension.FEEDBACK),
    rank=63,
)
def evaluate_feedback(change: Change, form: Feedback) -> None:
    """Ask those who are served (客户反馈评估)."""
    rounds.replace(change, dimensions.FEEDBACK, form.plain())
    _take_up(change, Dimension.FEEDBACK)


@evaluation.step(
    from_=EVALUATED,
    who=independent_verifier,
    when=still_open,
    preset=_as_entered(dimensions.COST_BENEFIT, CostBenefit),
    about=(dimensions.COST_BENEFIT,),
    guide=_comes_next(Dimension.COST_BENEFIT),
    rank=64,
)
def evaluate_cost_benefit(change: Change, form: CostBenefit) -> None:
    """Weigh what it cost against what it brought (成本效益评估)."""
    rounds.replace(change, dimensions.COST_BENEFIT, form.plain() | {"benefit_ratio": form.ratio})
    change.note(benefit_ratio=form.ratio)
    _take_up(change, Dimension.COST_BENEFIT)


@evaluation.step(
    from_=EVALUATED,
    who=independent_verifier,
    when=still_open,
    preset=_as_entered(dimensions.CONFORMITY, Conformity),
    about=(dimensions.CONFORMITY,),
    guide=_comes_next(Dimension.CONFORMITY),
    rank=65,
)
def evaluate_conformity(change: Change, form: Conformity) -> None:
    """Compare with what is required (符合性评估)."""
    rounds.replace(change, dimensions.CONFORMITY, form.plain())
    _take_up(change, Dimension.CONFORMITY)


@evaluation.step(from_=EVALUATED, who=independent_verifier, when=still_open, rank=67)
def skip_dimension(change: Change, form: Omission) -> None:
    """Leave a dimension out (维度不适用); at least one remains."""
    skipped = dimensions.left_out(change.scene) | {form.dimension}
    if skipped == {*Dimension}:
        change.invalid("dimension", "last_dimension")
    name, _ = dimensions.LISTS[form.dimension]
    for line in rounds.lines(change.scene, name):
        change.strike(name, line.no)
    _take_up(change, form.dimension)
    change.append(dimensions.LEFT_OUT, form.plain())
