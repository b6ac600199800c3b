"""What has to hold before a step is taken: the stage, the role, the moment, and that the record is as it was shown."""

import hashlib

from bot.errors import Refused
from bot.people.who import SYSTEM
from bot.workflow.chain import canonical
from bot.workflow.names import stage_name
from bot.workflow.scene import Scene
from bot.workflow.step import Step


def judge(step: Step, scene: Scene, person: str) -> str:
    """The role in which the person may take the step now; raises `Refused` if they may not."""
    if step.from_ and scene.record.stage not in step.from_:
        stage = stage_name(scene.record.kind, scene.record.stage)
        raise Refused("wrong_stage", stage=stage, number=scene.record.number)
    if step.creates and scene.record.number and person != SYSTEM:
        raise Refused("exists_already", number=scene.record.number)
    role = step.who.role_used(person, scene.case)
    if step.when:
        step.when(scene)
    return role


def glance(step: Step, scene: Scene) -> str:
    """What a form that edits the record was opened on; compared when it comes back."""
    shown = {name: [scene.value(name), *(line.values for line in scene.lines(name))] for name in step.about}
    return hashlib.sha256(canonical(shown | {"round": scene.item.round}).encode()).hexdigest()[:16]
