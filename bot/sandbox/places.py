"""What a person sees and can press: buttons and menu entries in messages, modals and Home tabs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.forms import PLAIN, initial, offered_options
from bot.sandbox.state import Json, Message, View, Workspace, elements_of

MORE = "more"
BUTTONS = ("button", "workflow_button")
MENUS = ("overflow", "static_select", "radio_buttons")


@dataclass(frozen=True)
class Offer:
    """One thing to press: a button, or one entry of a menu."""

    place: Message | View
    block_id: str
    element: Json
    option: Json | None = None

    @property
    def action_id(self) -> str:
        return str(self.element.get("action_id", ""))

    @property
    def value(self) -> str:
        return str((self.option or self.element).get("value", ""))

    @property
    def text(self) -> str:
        return str((self.option or self.element)["text"]["text"])

    def as_data(self) -> Json:
        kind = "option" if self.option else "button"
        return {"action_id": self.action_id, "value": self.value, "text": self.text, "kind": kind}


def offers_in(place: Message | View) -> list[Offer]:
    """Every button and every menu entry of one place, in reading order."""
    return [offer for block in place.blocks for offer in _offers_of(place, block)]


def _offers_of(place: Message | View, block: Json) -> Iterator[Offer]:
    if block["type"] == "input":
        return
    for element in elements_of(block):
        if element["type"] in BUTTONS:
            yield Offer(place, block["block_id"], element)
        elif element["type"] in MENUS:
            for option in offered_options(element):
                yield Offer(place, block["block_id"], element, option)


def places_of(workspace: Workspace, user_id: str) -> list[Message | View]:
    """Where this person can press something: the open modal, then messages newest first, then Home."""
    found: list[Message | View] = []
    modal = workspace.top_view(user_id)
    if modal is not None:
        found.append(modal)
    found += reversed(list(workspace.visible_to(user_id)))
    home = workspace.homes.get(user_id)
    if home is not None:
        found.append(home)
    return found


def find_press(workspace: Workspace, user_id: str, action_id: str, value: str | None, *, menu: bool) -> Offer | None:
    """The newest offer of a step: its button, or its entry in a "more" menu; `menu` prefers the entry."""
    for place in places_of(workspace, user_id):
        offers = offers_in(place)
        buttons = [offer for offer in offers if _is_named(offer, action_id, value)]
        entries = [offer for offer in offers if _is_entry(offer, action_id, value)]
        ranked = [*entries, *buttons] if menu else [*buttons, *entries]
        if ranked:
            return ranked[0]
    return None


def _is_named(offer: Offer, action_id: str, value: str | None) -> bool:
    return offer.action_id == action_id and value in (None, offer.value)


def _is_entry(offer: Offer, action_id: str, value: str | None) -> bool:
    if offer.action_id != MORE or offer.option is None:
        return False
    wanted = f"{action_id} {value}" if value else action_id
    return offer.value == wanted or (value is None and offer.value.startswith(f"{action_id} "))


def action_of(workspace: Workspace, offer: Offer) -> Json:
    """The entry of `actions` that Slack sends for a press."""
    action: Json = {
        "type": offer.element["type"],
        "action_id": offer.action_id,
        "block_id": offer.block_id,
        "action_ts": workspace.next_ts(),
    }
    if offer.option is not None:
        return {**action, "selected_option": offer.option}
    action["text"] = offer.element["text"]
    if "value" in offer.element:
        action["value"] = offer.element["value"]
    return action


def stateful_element(place: Message | View, action_id: str) -> tuple[str, Json] | None:
    """A select, picker or input with this action_id, and the block it stands in."""
    for block in place.blocks:
        for element in elements_of(block):
            if element.get("action_id") == action_id and element["type"] in PLAIN:
                return block["block_id"], element
    return None


def inputs_of(view: View) -> list[Json]:
    """The inputs of a modal in a person's words: name, type, label, what is filled in, what is offered."""
    return [_input(view, block) for block in view.blocks if block["type"] == "input"]


def _input(view: View, block: Json) -> Json:
    element = block["element"]
    state = view.state.get(block["block_id"], {}).get(element["action_id"]) or initial(element)
    found: dict[str, Any] = {
        "name": element["action_id"],
        "type": element["type"],
        "label": block["label"]["text"],
        "hint": (block.get("hint") or {}).get("text", ""),
        "optional": bool(block.get("optional")),
        "state": state,
        "options": [{"value": option["value"], "text": option["text"]["text"]} for option in offered_options(element)],
    }
    return found
