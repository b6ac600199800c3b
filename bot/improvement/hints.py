"""What is worth a thought while a cause is analysed and measures are planned. Advice only: nothing is refused for it.

Part 14 of the domain, item 8: depth of a chain, a cause that only blames somebody, training as the only measure, a
measure that is aimed at nothing; and what was learned from similar items of the same department.
"""

import re
from collections.abc import Sequence
from fractions import Fraction

from bot.errors import Message
from bot.improvement import rounds
from bot.improvement.criterion import figure_in
from bot.improvement.vocabulary import RcaMethod, TargetOp
from bot.workflow import Scene
from storage.record import Record

DEEP_ENOUGH = 3
BLAME = re.compile(
    r"疏忽|粗心|大意|马虎|不认真|不小心|不仔细|责任心|意识(不强|淡薄|不足|差)|人为(失误|原因|因素|错误)|忘记|遗忘"
    r"|careless|neglig|human error|inattent|forgot|sloppy|lack of (awareness|responsibility)",
    re.IGNORECASE,
)
TRAINING = re.compile(r"培训|宣贯|宣导|教育|学习|\btrain|\beducat|\bawareness\b", re.IGNORECASE)


def similar_items(scene: Scene) -> Sequence[Message]:
    """Closed items of the department that resemble this one, with what was found and done there."""
    return [Message("advice.similar", found) for found in scene.item.values.get("similar", [])]


def before_root_cause(scene: Scene) -> Sequence[Message]:
    """A chain that ends early, or at a person."""
    last = [levels[-1] for levels in rounds.chains(scene).values()]
    blamed = [
        Message("advice.answer_blames", {"answer": e.values["why_answer"][:60]})
        for e in last
        if _blames(e.values["why_answer"])
    ]
    return [*_short_chains(scene), *blamed, *similar_items(scene)]


def before_measure(scene: Scene) -> Sequence[Message]:
    """Causes at which nothing is aimed yet, and that training alone seldom lasts."""
    open_causes = rounds.unaddressed(scene)
    causes = [Message("advice.unaddressed", {"codes": open_causes})] if open_causes else []
    return [*causes, *_only_training(scene), *similar_items(scene)]


def before_plan(scene: Scene) -> Sequence[Message]:
    """Everything worth a second look before somebody else decides on the plan."""
    return [
        *_short_chains(scene),
        *_blaming_causes(scene),
        *_measures_without_aim(scene),
        *_only_training(scene),
        *_met_already(scene),
    ]


def _short_chains(scene: Scene) -> list[Message]:
    methods = {line.values["rca_method"] for line in rounds.lines(scene, rounds.ROOT_CAUSES)}
    chains = rounds.chains(scene)
    if methods and RcaMethod.FIVE_WHY not in methods:
        return []
    if not chains or max(map(len, chains.values())) >= DEEP_ENOUGH:
        return []
    return [Message("advice.chain_short", {"n": max(map(len, chains.values()))})]


def _blaming_causes(scene: Scene) -> list[Message]:
    found = [line.values for line in rounds.lines(scene, rounds.ROOT_CAUSES)]
    codes = [values["code"] for values in found if _blames(values["root_cause"])]
    return [Message("advice.cause_blames", {"codes": codes})] if codes else []


def _measures_without_aim(scene: Scene) -> list[Message]:
    numbers = [m.number for m in rounds.standing(scene) if not m.values.get("root_cause_item")]
    return [Message("advice.aimless_measure", {"numbers": numbers})] if numbers else []


def _only_training(scene: Scene) -> list[Message]:
    planned: list[Record] = rounds.standing(scene)
    only = planned and all(TRAINING.search(measure.values["measure"]) for measure in planned)
    return [Message("advice.only_training")] if only else []


def _met_already(scene: Scene) -> list[Message]:
    line = rounds.newest(scene, rounds.CRITERIA)
    baseline = figure_in(line.values, "baseline") if line else None
    if line is None or baseline is None:
        return []
    target = Fraction(line.values["target_value"])
    better = {TargetOp.GE: baseline > target, TargetOp.LE: baseline < target}.get(line.values["target_op"], False)
    return [Message("advice.target_met_already")] if better else []


def _blames(text: str) -> bool:
    return BLAME.search(text) is not None
