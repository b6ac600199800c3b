"""What belongs to a round of a CAPA or a project: causes, criterion, measures, checks. Earlier rounds are only read.

Each of these lists stands among the entries of the improvement, whose lines remember their round; measures are parts of
it with numbers of their own. All of it can be asked of the scene of the improvement or of one of its measures.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.improvement.stages import MeasureStage
from bot.workflow import Change, Scene
from storage.entry import Entry
from storage.record import Record

PROBLEMS, CONTAINMENTS, WHYS, CAUSES = "problems", "containments", "whys", "causes"
ROOT_CAUSES, CRITERIA, PLANS, CHECKS = "root_causes", "criteria", "plans", "checks"
CHARTERS, OBJECTIVES, REPORTS, RESULTS = "charters", "objectives", "reports", "results"
APPLICATIONS, VERDICTS = "applications", "verdicts"


def lines(scene: Scene, name: str, round_: int | None = None) -> list[Entry]:
    """The lines of a list that were entered in a round, the current one if none is named."""
    wanted = scene.item.round if round_ is None else round_
    return [line for line in scene.whole.lines(name) if line.round == wanted]


def newest(scene: Scene, name: str, round_: int | None = None) -> Entry | None:
    """The line of a round's list that is in force, where a later one replaces an earlier."""
    found = lines(scene, name, round_)
    return found[-1] if found else None


def replace(change: Change, name: str, values: Mapping[str, Any]) -> None:
    """Enter what there is one of in a round; what stood there in the same round is struck out and stays readable."""
    before = newest(change.scene, name)
    if before:
        change.strike(name, before.no)
    change.append(name, values)


def problem(scene: Scene) -> Entry | None:
    """The problem as it is described now: a new round goes on from the description of the one before."""
    found = scene.whole.lines(PROBLEMS)
    return found[-1] if found else None


def begun_again(scene: Scene) -> bool:
    """Whether a project goes on after a failed acceptance or evaluation, so that causes are to be analysed (D-26)."""
    established = scene.item.values.get("established_in_round")
    return established is not None and scene.item.round > int(established)


def in_charge(scene: Scene) -> list[str | None]:
    """The owner of an item, and the manager of a project."""
    return [scene.item.owner, scene.item.values.get("project_manager")]


def measures(scene: Scene, round_: int | None = None) -> list[Record]:
    """The measures of a round, the current one if none is named; dropped ones included."""
    wanted = scene.item.round if round_ is None else round_
    return [part for part in scene.whole.parts if part.kind == "measure" and part.round == wanted]


def standing(scene: Scene) -> list[Record]:
    """The measures of the current round that are not dropped."""
    return [measure for measure in measures(scene) if measure.stage != MeasureStage.DROPPED]


def proposed(scene: Scene) -> list[Record]:
    """What is planned but not approved yet."""
    return [measure for measure in measures(scene) if measure.stage == MeasureStage.PROPOSED]


def unaddressed(scene: Scene, standing_measures: Sequence[Record] | None = None) -> list[str]:
    """The codes of the round's root causes at which no measure is aimed."""
    aimed_at = {
        m.values.get("root_cause_item") for m in (standing(scene) if standing_measures is None else standing_measures)
    }
    return [line.values["code"] for line in lines(scene, ROOT_CAUSES) if str(line.no) not in aimed_at]


def chains(scene: Scene, round_: int | None = None) -> dict[int, list[Entry]]:
    """The why-chains of a round, each from its first question on."""
    found: dict[int, list[Entry]] = {}
    for line in lines(scene, WHYS, round_):
        found.setdefault(line.values["chain_no"], []).append(line)
    return dict(sorted(found.items()))


def implemented_on(scene: Scene) -> date | None:
    """The day on which the last measure was completed; a project may have nothing new to complete in a later round."""
    of_all = [part for part in scene.whole.parts if part.kind == "measure"]
    days = [measure.values["completed_on"] for measure in of_all if measure.stage == MeasureStage.DONE]
    return date.fromisoformat(max(days)) if days else None
