"""The cause analysis of a record, from the version of the plan in which it was submitted."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from bot.improvement import rounds
from bot.pictures.analysis import Analysis, Cause, RootCause, Why
from bot.workflow import Scene

Line = Mapping[str, Any]


def read(scene: Scene, *, round: int, version: int) -> Analysis:
    """What one round found, as it stood in `version` of the plan, whatever has been changed since."""
    plan = next(line.values for line in rounds.lines(scene, rounds.PLANS, round) if line.values["version"] == version)
    return Analysis(
        number=scene.record.number,
        title=scene.record.title,
        round=round,
        version=version,
        causes=[Cause(c["cause_category"], c["cause"], bool(c.get("is_main"))) for c in plan[rounds.CAUSES]],
        chains=list(_chains(plan[rounds.WHYS])),
        root_causes=[RootCause(c["code"], c["root_cause"]) for c in plan[rounds.ROOT_CAUSES]],
    )


def _chains(whys: Sequence[Line]) -> Iterator[list[Why]]:
    in_order = sorted(whys, key=lambda why: (why["chain_no"], why["level"]))
    for _, chain in groupby(in_order, key=lambda why: why["chain_no"]):
        yield [Why(why["why_question"], why["why_answer"]) for why in chain]
