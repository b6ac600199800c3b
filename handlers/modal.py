"""A form model ↔ a Slack modal. Every input is drawn from the field's type and marker, and read back by them."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from pydantic.fields import FieldInfo

from bot.errors import Message
from bot.render import Words
from bot.workflow import Scene, Step
from bot.workflow.fields import (
    Day,
    Department,
    Grouped,
    Line,
    Marker,
    Member,
    Members,
    Number,
    Pick,
    RecordNumber,
    Text,
)
from bot.workflow.forms import Form, is_choice, marker_of, type_of
from handlers.blocks import LABEL, OPTION, SELECT_MOST, TITLE, Block, cut, option, paragraphs, plain, view

CALLBACK = "step"
INPUT_MOST = 3000


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
    draw = Inputs(words, step.offered(scene), tuple(scene.company.profile.departments))
    blocks = paragraphs(intro)
    shown = [(name, field) for name, field in _required_first(step.form) if draw.can(field)]
    inputs = {name: draw.block(name, field, values.get(name)) for name, field in shown}
    blocks += [block | _told_of(block) if name in heeded else block for name, block in inputs.items()]
    return view(
        words.say(f"step.{step.id}"),
        blocks,
        close=words.say("ui.cancel"),
        submit=plain(words.say("ui.submit"), TITLE),
        callback_id=CALLBACK,
        private_metadata=opened.dump(),
    )


def _told_of(block: Block) -> Block:
    """What makes Slack tell of every character that is typed into a text input."""
    element = block["element"] | {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    return {"dispatch_action": True, "element": element}


def read(form: type[Form], state: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What was filled in, by field name. Read from the raw state: the SDK's model fails on some inputs."""
    filled = {name: element for block in state.values() for name, element in block.items()}
    return {name: _value(filled[name]) for name in form.model_fields if name in filled}


@dataclass(frozen=True)
class Inputs:
    """Draws inputs in one language, with what the record and the company offer to choose from."""

    words: Words
    offered: Mapping[str, Mapping[str, Message | str]]
    departments: tuple[str, ...]

    def can(self, field: FieldInfo) -> bool:
        """Whether there is an input to show: Slack takes no select without options, so an optional one is left out."""
        marker = marker_of(field)
        return field.is_required() or not isinstance(marker, Pick) or bool(self.offered.get(marker.source))

    def block(self, name: str, field: FieldInfo, initial: Any) -> Block:
        """The input of a field, filled with what it begins with."""
        shown = self.words.say(initial) if isinstance(initial, Message) else initial
        block: Block = {
            "type": "input",
            "block_id": name,
            "optional": not field.is_required(),
            "label": plain(self.words.say(f"field.{name}"), LABEL),
            "element": {"action_id": name} | self._element(field, shown),
        }
        if self.words.has(f"hint.{name}"):
            block["hint"] = plain(self.words.say(f"hint.{name}"), LABEL)
        return block

    def _element(self, field: FieldInfo, initial: Any) -> Block:
        match marker_of(field):
            case Line(limit) | RecordNumber(limit):
                return _text(initial, limit, multiline=False)
            case Text(limit):
                return _text(initial, limit, multiline=True)
            case Department():
                return _department(self.departments, initial)
            case Pick(source):
                return _select([option(v, self._said(t)) for v, t in self.offered.get(source, {}).items()], initial)
            case Grouped(_, groups):
                return self._grouped(field, groups, initial)
            case None:
                return self._choice(field, initial)
            case marker:
                return _picker(marker, initial)

    def _choice(self, field: FieldInfo, initial: Any) -> Block:
        if is_choice(field):
            return _select([option(item.value, self._name(item)) for item in type_of(field)], initial)
        if type_of(field) is bool:
            box = option("true", self.words.say("ui.yes"))
            return {"type": "checkboxes", "options": [box]} | _initial("initial_options", [box] if initial else [])
        raise TypeError(f"no input for {field}")

    def _grouped(self, field: FieldInfo, groups: Sequence[tuple[str, Sequence[str]]], initial: Any) -> Block:
        names = {item.value: self._name(item) for item in type_of(field)}
        drawn = [
            {
                "label": plain(self._name(group) if isinstance(group, Enum) else group, OPTION),
                "options": [option(str(value), names[str(value)]) for value in values],
            }
            for group, values in groups
        ]
        chosen = option(initial, names[initial]) if initial in names else None
        return {"type": "static_select", "option_groups": drawn} | _initial("initial_option", chosen)

    def _name(self, item: Enum) -> str:
        return self.words.say(f"choice.{type(item).__name__}.{item.value}")

    def _said(self, text: Message | str) -> str:
        return self.words.say(text) if isinstance(text, Message) else text


def _required_first(form: type[Form]) -> list[tuple[str, FieldInfo]]:
    return sorted(form.model_fields.items(), key=lambda item: not item[1].is_required())


def _picker(marker: Marker, initial: Any) -> Block:
    match marker:
        case Number():
            figure = None if initial is None else str(initial)
            return {"type": "number_input", "is_decimal_allowed": True} | _initial("initial_value", figure)
        case Day():
            return {"type": "datepicker"} | _initial("initial_date", initial)
        case Member():
            return {"type": "users_select"} | _initial("initial_user", initial)
        case Members(limit):
            return {"type": "multi_users_select", "max_selected_items": limit} | _initial("initial_users", initial)
        case _:
            raise TypeError(f"no input for {marker}")


def _text(initial: Any, limit: int, *, multiline: bool) -> Block:
    element = {"type": "plain_text_input", "multiline": multiline, "max_length": min(limit, INPUT_MOST)}
    return element | _initial("initial_value", initial)


def _select(options: list[Block], initial: Any) -> Block:
    chosen = next((o for o in options if o["value"] == initial), None)
    return {"type": "static_select", "options": options[:SELECT_MOST]} | _initial("initial_option", chosen)


def _department(names: Sequence[str], initial: Any) -> Block:
    """A select of departments; more than one list may hold are shown by name, in groups from name to name."""
    if len(names) <= SELECT_MOST:
        return _select([option(name, name) for name in names], initial)
    ordered, half = sorted(names), (OPTION - 3) // 2
    parts = [ordered[start : start + SELECT_MOST] for start in range(0, len(ordered), SELECT_MOST)]
    groups = [
        {
            "label": plain(f"{cut(part[0], half)} – {cut(part[-1], half)}", OPTION),
            "options": [option(name, name) for name in part],
        }
        for part in parts
    ]
    chosen = option(initial, initial) if initial in ordered else None
    return {"type": "static_select", "option_groups": groups} | _initial("initial_option", chosen)


def _initial(key: str, value: Any) -> Block:
    return {} if value in (None, "", []) else {key: value}


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
