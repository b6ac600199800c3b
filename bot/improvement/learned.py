"""What an item or a published case has to teach: the cause, what was done, and what came of it."""

from dataclasses import dataclass

from bot.improvement import rounds
from bot.improvement.cases import PUBLICATIONS
from bot.improvement.dimensions import EVALUATIONS
from bot.improvement.stages import MeasureStage
from bot.improvement.vocabulary import ImprovementClass
from bot.workflow import Scene
from bot.workflow.step import Values

BETWEEN = "；"
LENGTHS = {"case_problem": 2000, "case_cause": 1500, "case_practice": 3000, "case_result": 1500}


@dataclass(frozen=True)
class Lesson:
    """Each of them as people wrote it; empty where nobody did."""

    cause: str
    measure: str
    result: str


def learned(scene: Scene, between: str = BETWEEN) -> Lesson:
    """The lesson of an improvement's last round, or of a case as it was published last.

    `between` stands between several causes, measures or results.
    """
    return _of_case(scene) if scene.record.kind == "case" else _of_improvement(scene, between)


def begun(scene: Scene, _person: str) -> Values:
    """A case as far as the improvement tells it already."""
    values, lesson = scene.record.values, learned(scene, between="\n")
    told = {
        "case_problem": values.get("background") or _described(scene),
        "case_cause": lesson.cause,
        "case_practice": lesson.measure,
        "case_result": lesson.result,
    }
    return {"case_title": scene.record.title} | {name: text[: LENGTHS[name]] for name, text in told.items() if text}


def _described(scene: Scene) -> str | None:
    problem = rounds.problem(scene)
    return problem.values["phenomenon"] if problem else scene.record.values.get("description")


def _of_improvement(scene: Scene, between: str) -> Lesson:
    values, causes = scene.record.values, rounds.lines(scene, rounds.ROOT_CAUSES)
    return Lesson(
        cause=between.join(line.values["root_cause"] for line in causes),
        measure=between.join(_done(scene)) or values.get("measure_taken") or "",
        result=between.join(_reached(scene)) or values.get("result") or values.get("finding") or "",
    )


def _done(scene: Scene) -> list[str]:
    """The measures of the round; the milestones of a project add up, and a later round may need no more of them."""
    parts = scene.whole.parts if scene.record.class_ == ImprovementClass.PROJECT else rounds.measures(scene)
    standing = [part for part in parts if part.kind == "measure" and part.stage != MeasureStage.DROPPED]
    return [measure.values["measure"] for measure in standing]


def _reached(scene: Scene) -> list[str]:
    """What the project itself says of its result, or else what the check found; and what the evaluation taught."""
    sources = ((rounds.APPLICATIONS, "result_summary"), (rounds.CHECKS, "finding"), (EVALUATIONS, "lessons"))
    newest = ((rounds.newest(scene, name), field) for name, field in sources)
    summary, finding, lessons = (line.values.get(field) if line else None for line, field in newest)
    return [text for text in (summary or finding, lessons) if text]


def _of_case(scene: Scene) -> Lesson:
    published = scene.lines(PUBLICATIONS)
    said = published[-1].values if published else {}
    return Lesson(said.get("case_cause", ""), said.get("case_practice", ""), said.get("case_result", ""))
