"""The inputs of a form: drawn from each field's type and marker, and filled with what they begin with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import Any

from pydantic.fields import FieldInfo

from bot.errors import Message
from bot.render import Words
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
from handlers.blocks import LABEL, OPTION, SELECT_MOST, Block, cut, option, plain

INPUT_MOST = 3000


@dataclass(frozen=True)
class Inputs:
    """Draws inputs in one language, with what the record and the company offer to choose from."""

    words: Words
    offered: Mapping[str, Mapping[str, Message | str]]
    departments: tuple[str, ...]

    def blocks(self, form: type[Form]) -> dict[str, Block]:
        """The inputs of a form by field, the required ones first."""
        return {name: self.block(name, field) for name, field in _required_first(form) if self._can(field)}

    def _can(self, field: FieldInfo) -> bool:
        """Whether there is an input to show: Slack takes no select without options, so an optional one is left out."""
        marker = marker_of(field)
        return field.is_required() or not isinstance(marker, Pick) or bool(self.offered.get(marker.source))

    def block(self, name: str, field: FieldInfo) -> Block:
        """The input of a field."""
        block: Block = {
            "type": "input",
            "block_id": name,
            "optional": not field.is_required(),
            "label": plain(self.words.say(f"field.{name}"), LABEL),
            "element": {"action_id": name} | self._element(field),
        }
        if self.words.has(f"hint.{name}"):
            block["hint"] = plain(self.words.say(f"hint.{name}"), LABEL)
        return block

    def _element(self, field: FieldInfo) -> Block:
        match marker_of(field):
            case Line(limit) | RecordNumber(limit):
                return _text(limit, multiline=False)
            case Text(limit):
                return _text(limit, multiline=True)
            case Department():
                return _department(self.departments)
            case Pick(source):
                return _select([option(v, self._said(t)) for v, t in self.offered.get(source, {}).items()])
            case Grouped(_, groups):
                return self._grouped(field, groups)
            case None:
                return self._choice(field)
            case marker:
                return _picker(marker)

    def _choice(self, field: FieldInfo) -> Block:
        if is_choice(field):
            return _select([option(item.value, self._name(item)) for item in type_of(field)])
        if type_of(field) is bool:
            return {"type": "checkboxes", "options": [option("true", self.words.say("ui.yes"))]}
        raise TypeError(f"no input for {field}")

    def _grouped(self, field: FieldInfo, groups: Sequence[tuple[str, Sequence[str]]]) -> Block:
        names = {item.value: self._name(item) for item in type_of(field)}
        drawn = [
            {
                "label": plain(self._name(group) if isinstance(group, Enum) else group, OPTION),
                "options": [option(str(value), names[str(value)]) for value in values],
            }
            for group, values in groups
        ]
        return {"type": "static_select", "option_groups": drawn}

    def _name(self, item: Enum) -> str:
        return self.words.say(f"choice.{type(item).__name__}.{item.value}")

    def _said(self, text: Message | str) -> str:
        return self.words.say(text) if isinstance(text, Message) else text


def filled(block: Block, value: Any, words: Words) -> Block:
    """An input with what it begins with."""
    shown = words.say(value) if isinstance(value, Message) else value
    if shown in (None, "", []):
        return block
    return block | {"element": block["element"] | _begun(block["element"], shown)}


def _required_first(form: type[Form]) -> list[tuple[str, FieldInfo]]:
    return sorted(form.model_fields.items(), key=lambda item: not item[1].is_required())


def _picker(marker: Marker) -> Block:
    match marker:
        case Number():
            return {"type": "number_input", "is_decimal_allowed": True}
        case Day():
            return {"type": "datepicker"}
        case Member():
            return {"type": "users_select"}
        case Members(limit):
            return {"type": "multi_users_select", "max_selected_items": limit}
        case _:
            raise TypeError(f"no input for {marker}")


def _text(limit: int, *, multiline: bool) -> Block:
    return {"type": "plain_text_input", "multiline": multiline, "max_length": min(limit, INPUT_MOST)}


def _select(options: list[Block]) -> Block:
    return {"type": "static_select", "options": options[:SELECT_MOST]}


def _department(names: Sequence[str]) -> Block:
    """A select of departments; more than one list may hold are shown by name, in groups from name to name."""
    if len(names) <= SELECT_MOST:
        return _select([option(name, name) for name in names])
    ordered, half = sorted(names), (OPTION - 3) // 2
    parts = [ordered[start : start + SELECT_MOST] for start in range(0, len(ordered), SELECT_MOST)]
    groups = [
        {
            "label": plain(f"{cut(part[0], half)} – {cut(part[-1], half)}", OPTION),
            "options": [option(name, name) for name in part],
        }
        for part in parts
    ]
    return {"type": "static_select", "option_groups": groups}


def _begun(element: Block, value: Any) -> Block:
    """What an element begins with; nothing where the value is not one that it offers."""
    match element["type"]:
        case "datepicker":
            return {"initial_date": value}
        case "users_select":
            return {"initial_user": value}
        case "multi_users_select":
            return {"initial_users": value}
        case "checkboxes":
            return {"initial_options": element["options"]} if value else {}
        case "static_select":
            options = chain(
                element.get("options", ()), *(group["options"] for group in element.get("option_groups", ()))
            )
            chosen = next((offered for offered in options if offered["value"] == value), None)
            return {"initial_option": chosen} if chosen else {}
        case _:
            return {"initial_value": str(value)}
