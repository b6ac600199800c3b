"""What a closed item or a published case has to teach: the cause, what was done, and what came of it."""

from dataclasses import dataclass

from bot.improvement import rounds
from bot.improvement.cases import PUBLICATIONS
from bot.workflow import Scene

BETWEEN = "；"


@dataclass(frozen=True)
class Lesson:
    """Each of them as people wrote it; empty where nobody did."""

    cause: str
    measure: str
    result: str


def learned(scene: Scene) -> Lesson:
    """The lesson of an improvement's last round, or of a case as it was published last."""
    return _of_case(scene) if scene.record.kind == "case" else _of_improvement(scene)


def _of_improvement(scene: Scene) -> Lesson:
    values, check = scene.record.values, rounds.newest(scene, rounds.CHECKS)
    causes = [line.values["root_cause"] for line in rounds.lines(scene, rounds.ROOT_CAUSES)]
    done = [measure.values["measure"] for measure in rounds.standing(scene)]
    return Lesson(
        cause=BETWEEN.join(causes),
        measure=BETWEEN.join(done) or values.get("measure_taken") or "",
        result=(check.values.get("finding") if check else None) or values.get("result") or "",
    )


def _of_case(scene: Scene) -> Lesson:
    published = scene.lines(PUBLICATIONS)
    said = published[-1].values if published else {}
    return Lesson(said.get("case_cause", ""), said.get("case_practice", ""), said.get("case_result", ""))
