"""A form model ↔ a Slack modal. Every input is drawn from the field's type and marker, and read back by them."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.render import Words
from bot.workflow import Scene, Step
from bot.workflow.forms import Form
from handlers.blocks import TITLE, Block, paragraphs, plain, view
from handlers.inputs import Inputs, filled

CALLBACK = "step"


@dataclass(frozen=True)
class Origin:
    """Where a button was pressed that has to be drawn again: on Home, or in an answer only this person sees.

    A card that everybody finds in a channel or DM is brought up to date from the outbox and needs none of this.
    """

    home: bool = False
    answer_url: str = ""
    row: str = ""


@dataclass(frozen=True)
class Opened:
    """What travels with an open modal: which step on which record, and what it was opened on."""

    step: str
    kind: str
    number: str | None
    seen: str
    origin: Origin = dataclasses.field(default_factory=Origin)

    def dump(self) -> str:
        """As Slack's private metadata."""
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, text: str) -> "Opened":
        """From Slack's private metadata."""
        data = json.loads(text)
        return cls(**data | {"origin": Origin(**data["origin"])})


def step_view(
    step: Step,
    scene: Scene,
    words: Words,
    opened: Opened,
    *,
    values: Mapping[str, Any],
    intro: Sequence[str],
    heeded: Sequence[str] = (),
) -> Block:
    """The modal of a step: what it is about, then the required inputs, then the optional ones."""
    blocks = paragraphs(intro)
    for name, drawn in _inputs(step, scene, words).items():
        block = filled(drawn, values.get(name), words)
        blocks.append(block | _told_of(block) if name in heeded else block)
    return view(
        words.say(f"step.{step.id}"),
        blocks,
        close=words.say("ui.cancel"),
        submit=plain(words.say("ui.submit"), TITLE),
        callback_id=CALLBACK,
        private_metadata=opened.dump(),
    )


def _inputs(step: Step, scene: Scene, words: Words) -> Mapping[str, Block]:
    """The step's inputs as nobody has filled them in. Where the record offers nothing of its own, drawn only once."""
    draw = Inputs(words, step.offered(scene), tuple(scene.company.profile.departments))
    if draw.offered:
        return draw.blocks(step.form)
    return words.once((step.form, draw.departments), lambda: draw.blocks(step.form))


def _told_of(block: Block) -> Block:
    """What makes Slack tell of every character that is typed into a text input."""
    element = block["element"] | {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    return {"dispatch_action": True, "element": element}


def read(form: type[Form], state: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What was filled in, by field name. Read from the raw state: the SDK's model fails on some inputs."""
    elements = {name: element for block in state.values() for name, element in block.items()}
    return {name: _value(elements[name]) for name in form.model_fields if name in elements}


def _value(element: Mapping[str, Any]) -> Any:
    match element:
        case {"type": "plain_text_input" | "number_input", "value": value}:
            return value
        case {"type": "datepicker", "selected_date": day}:
            return day
        case {"type": "users_select", "selected_user": person}:
            return person
        case {"type": "multi_users_select", "selected_users": people}:
            return people
        case {"type": "static_select" | "radio_buttons", "selected_option": chosen}:
            return chosen["value"] if chosen else None
        case {"type": "checkboxes", "selected_options": chosen}:
            return bool(chosen)
        case _:
            return None
