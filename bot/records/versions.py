"""The versions of a plan: when and why there was a new one, and what it changed."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from bot.errors import Message
from bot.improvement import rounds
from bot.improvement.stages import MeasureStage
from bot.workflow import Scene

Plan = Mapping[str, Any]
Line = list[Message]
PARTS: Mapping[str, Message] = {
    "problem": Message("dossier.problem"),
    "containments": Message("dossier.containment"),
    "whys": Message("dossier.whys"),
    "causes": Message("dossier.fishbone_whole"),
    "root_causes": Message("dossier.root_causes"),
    "criterion": Message("dossier.criterion"),
}
WHY: Mapping[str, Message] = {
    "submitted": Message("dossier.submitted"),
    "established": Message("dossier.established"),
}
"""Why there is a version, where no step on a measure is the reason."""

OF_MEASURE = ("measure", "due_on", "responsible", "root_cause", "involves_change", "change_no")


def versions(scene: Scene, round_: int) -> list[Line]:
    """A line for each version of a round: which, when, why, and what is different from the one before."""
    plans: list[Plan] = [entry.values for entry in rounds.lines(scene, rounds.PLANS, round_)]
    first = [[_named(plan), _count(plan)] for plan in plans[:1]]
    return first + [[_named(plan), *_changes(before, plan)] for before, plan in pairwise(plans)]


def _named(plan: Plan) -> Message:
    why = WHY.get(plan["why"]) or Message(f"step.{plan['why']}")
    return Message("dossier.version", {"no": plan["version"], "day": date.fromisoformat(plan["on"]), "why": why})


def _count(plan: Plan) -> Message:
    return Message("dossier.measures", {"n": len(_standing(plan))})


def _changes(before: Plan, after: Plan) -> Line:
    parts = [title for name, title in PARTS.items() if before.get(name) != after.get(name)]
    old, new = _standing(before), _standing(after)
    said = {
        "dossier.added": [number for number in new if number not in old],
        "dossier.dropped": [number for number in old if number not in new],
        "dossier.altered": [number for number in new if number in old and new[number] != old[number]],
    }
    changed = [Message("dossier.changed", {"parts": parts})] if parts else []
    changed += [Message(msgid, {"numbers": numbers}) for msgid, numbers in said.items() if numbers]
    return changed or [Message("dossier.unchanged")]


def _standing(plan: Plan) -> dict[str, dict[str, Any]]:
    """What is planned under each short number, without the measures that were dropped."""
    return {
        measure["number"].rpartition("-")[2]: {name: measure.get(name) for name in OF_MEASURE}
        for measure in plan["measures"]
        if measure["stage"] != MeasureStage.DROPPED
    }
