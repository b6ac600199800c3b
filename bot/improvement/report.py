"""What stands on paper: 《纠正与预防措施报告》, one a round, filled in part by part."""

from typing import Any

from bot.improvement import rounds
from bot.workflow import Scene
from storage.record import Record

Values = dict[str, Any]
OF_MEASURE = ("measure", "due_on", "involves_change", "change_no", "started_on", "completed_on", "evidence")


def plan_part(scene: Scene) -> Values:
    """Parts 1 and 2: problem, containment, causes, criterion and measures, as they stand."""
    described, aim = rounds.problem(scene), rounds.newest(scene, rounds.CRITERIA)
    lists = (rounds.CONTAINMENTS, rounds.WHYS, rounds.CAUSES, rounds.ROOT_CAUSES)
    return {
        "problem": described.values if described else None,
        **{name: [line.values for line in rounds.lines(scene, name)] for name in lists},
        "criterion": aim.values if aim else None,
        "measures": [_measure(scene, measure) for measure in rounds.measures(scene)],
        "plan_approved_by": scene.item.values.get("plan_approved_by"),
        "plan_approved_on": scene.item.values.get("plan_approved_on"),
    }


def _measure(scene: Scene, measure: Record) -> Values:
    codes = {str(line.no): line.values["code"] for line in rounds.lines(scene, rounds.ROOT_CAUSES)}
    values = {name: measure.values[name] for name in OF_MEASURE if name in measure.values}
    aim = codes.get(measure.values.get("root_cause_item", ""))
    return {"number": measure.number, "stage": measure.stage, "responsible": measure.owner, "root_cause": aim} | values
