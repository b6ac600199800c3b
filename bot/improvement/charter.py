"""The charter of an improvement project (立项): what it is for, what it may use, and what it wants to reach by when.

Drafted by its owner in small steps. What was said before stays readable: each submitted version is kept whole.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated

from bot.errors import Message, Refused
from bot.improvement import rounds
from bot.improvement.presets import kept
from bot.improvement.stages import Stage
from bot.improvement.vocabulary import TargetOp
from bot.people.roles import owner
from bot.workflow import Change, Day, Form, Guide, Line, Member, Members, Number, Pick, Scene, StepTable, Text
from bot.workflow.fields import Setting
from bot.workflow.step import Values
from storage.entry import Entry

charter = StepTable("improvement")
OPTION = 75
BASICS = ("project_name", "background", "scope_in", "scope_out", "sponsor", "risks")
RESOURCES = (
    "proposed_manager",
    "proposed_members",
    "people_needed",
    "people_days",
    "budget",
    "other_resources",
    "cost_benefit",
)


class CharterBasics(Form):
    """What the project is about, and what it is not."""

    project_name: Annotated[str, Line(80)]
    background: Annotated[str, Text(2000)]
    scope_in: Annotated[str, Text(1500)]
    scope_out: Annotated[str, Text(1500)]
    sponsor: Annotated[str | None, Member()] = None
    risks: Annotated[str | None, Text(1500)] = None


def _basics_so_far(scene: Scene, person: str) -> Values:
    begun: Values = {"project_name": scene.record.title, "background": (scene.value("description") or "")[:2000]}
    return begun | kept(*BASICS)(scene, person)


def _no_basics(scene: Scene) -> bool:
    return scene.value("scope_in") is None


@charter.step(
    from_=[Stage.CHARTER_DRAFT],
    who=owner,
    preset=_basics_so_far,
    about=BASICS,
    guide=Guide(wanted=_no_basics),
    rank=30,
)
def edit_charter_basics(change: Change, form: CharterBasics) -> None:
    """Say what the project is about (填写立项信息); what was said before stays in the history."""
    change.put(**form.model_dump(mode="json"))


class CharterResources(Form):
    """Who and what it takes."""

    proposed_manager: Annotated[str, Member()]
    people_needed: Annotated[str, Text(500)]
    people_days: Annotated[Decimal, Number()]
    budget: Annotated[Decimal, Number(places=2)]
    proposed_members: Annotated[list[str] | None, Members(20)] = None
    other_resources: Annotated[str | None, Text(500)] = None
    cost_benefit: Annotated[str | None, Text(1000)] = None


def _no_resources(scene: Scene) -> bool:
    return scene.value("people_days") is None


@charter.step(
    from_=[Stage.CHARTER_DRAFT],
    who=owner,
    preset=kept(*RESOURCES),
    about=RESOURCES,
    guide=Guide(wanted=_no_resources),
    rank=31,
)
def edit_charter_resources(change: Change, form: CharterResources) -> None:
    """Say who and what it takes (填写资源)."""
    change.put(**form.model_dump(mode="json"))


class Objective(Form):
    """What is to be reached: a metric, from where, to where, by when."""

    objective: Annotated[str, Line(200)]
    metric_name: Annotated[str, Line(80)]
    baseline_value: Annotated[Decimal, Number()]
    target_op: TargetOp
    target_value: Annotated[Decimal, Number()]
    reach_by: Annotated[date, Day(past=False)]
    unit: Annotated[str | None, Line(20)] = None

    def faults(self, setting: Setting) -> Mapping[str, Message]:
        """The target is not where it stands already."""
        same = self.baseline_value == self.target_value
        return {"target_value": Message("invalid.target_is_baseline")} if same else {}


def _no_objective(scene: Scene) -> bool:
    return not objectives(scene)


@charter.step(from_=[Stage.CHARTER_DRAFT], who=owner, guide=Guide(wanted=_no_objective), rank=32)
def add_objective(change: Change, form: Objective) -> None:
    """Add an objective (添加目标): O1, O2 and so on."""
    code = f"O{sum(entry.list == rounds.OBJECTIVES for entry in change.scene.entries) + 1}"
    rolled = change.scene.company.calendar.roll_forward(form.reach_by)
    change.append(rounds.OBJECTIVES, form.plain() | {"code": code, "reach_by_effective": rolled.day.isoformat()})
    change.note(code=code)


class ObjectiveRemoval(Form):
    """The objective that was a mistake."""

    objective_item: Annotated[str, Pick("objectives")]


def objectives(scene: Scene) -> list[Entry]:
    """The objectives of the project; they outlive its rounds."""
    return scene.whole.lines(rounds.OBJECTIVES)


def objectives_offered(scene: Scene) -> Mapping[str, Mapping[str, Message | str]]:
    """The objectives, to choose from: O1 and what it says."""
    return {
        "objectives": {str(e.no): f"{e.values['code']} {e.values['objective']}"[:OPTION] for e in objectives(scene)}
    }


def _has_objective(scene: Scene) -> None:
    if not objectives(scene):
        raise Refused("nothing_entered")


@charter.step(from_=[Stage.CHARTER_DRAFT], who=owner, when=_has_objective, choices=objectives_offered, rank=37)
def remove_objective(change: Change, form: ObjectiveRemoval) -> None:
    """Strike out an objective (删除目标)."""
    change.strike(rounds.OBJECTIVES, int(form.objective_item))
