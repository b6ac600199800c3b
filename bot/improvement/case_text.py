"""What a case of the library says: problem, cause, practice, result; and how it begins from the item it comes from."""

from typing import Annotated

from bot.improvement import rounds
from bot.improvement.forms import Evidence
from bot.workflow import Form, Line, Scene, Text
from bot.workflow.step import Values

BETWEEN = "\n"


class CaseText(Form):
    """A case, as somebody who was not there reads it."""

    case_title: Annotated[str, Line(80)]
    case_problem: Annotated[str, Text(2000)]
    case_cause: Annotated[str, Text(1500)]
    case_practice: Annotated[str, Text(3000)]
    case_result: Annotated[str, Text(1500)]
    case_tags: Annotated[str | None, Line(120)] = None
    evidence: Evidence = None


TEXT = tuple(CaseText.model_fields)
LENGTHS = {"case_problem": 2000, "case_cause": 1500, "case_practice": 3000, "case_result": 1500}


def begun(scene: Scene, _person: str) -> Values:
    """A case as far as the improvement tells it already."""
    values, described, check = scene.record.values, rounds.problem(scene), rounds.newest(scene, rounds.CHECKS)
    causes = [line.values["root_cause"] for line in rounds.lines(scene, rounds.ROOT_CAUSES)]
    planned = [measure.values["measure"] for measure in rounds.standing(scene)]
    told = {
        "case_problem": described.values["phenomenon"] if described else values.get("description"),
        "case_cause": BETWEEN.join(causes),
        "case_practice": BETWEEN.join(planned) or values.get("measure_taken"),
        "case_result": check.values["finding"] if check else values.get("finding"),
    }
    return {"case_title": scene.record.title} | {name: text[: LENGTHS[name]] for name, text in told.items() if text}
