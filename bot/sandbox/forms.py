"""The inputs of a form: which there are, what stands in them, what they offer, as Slack's `view.state` holds it."""

from typing import Any, Protocol

from bot.sandbox.state import Json, Message, State, View, elements_of

# element type -> (key of the state, key of the initial value)
PLAIN: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", ""),
}
LISTS = ("selected_options", "selected_users", "selected_conversations", "selected_channels", "files")


class Suggest(Protocol):
    """What an external select offers to one person."""

    async def ask(self, element: Json, typed: str) -> list[Json]:
        """The bot's options for what is typed."""

    def offered(self, element: Json, value: str) -> Json | None:
        """The option with this value, if it was offered to the person before."""


class CannotFillError(Exception):
    """A value for an input that is not there, or an option that is not offered."""

    def __init__(self, error: str, field: str, value: Any = None) -> None:
        super().__init__(f"{error}: {field}")
        self.answer: Json = {"error": error, "field": field}
        if value is not None:
            self.answer["value"] = value


def start_state(place: Message | View, user: str) -> State:
    """The state this person sees, with the initial values of all elements that they have not touched yet."""
    state = place.state_of(user)
    for block in place.blocks:
        for element in elements_of(block):
            if element.get("type") in PLAIN:
                state.setdefault(block["block_id"], {}).setdefault(element["action_id"], initial(element))
    return state


def initial(element: Json) -> Json:
    key, start = PLAIN[element["type"]]
    empty: Any = [] if key in LISTS else None
    return {"type": element["type"], key: element.get(start, empty)}


def value_of(element: Json, state: Json) -> Any:
    """What is filled in, without its wrapping: a text, an option's value, an id, or a list of them."""
    held = state.get(PLAIN[element["type"]][0])
    if isinstance(held, list):
        return [one.get("value", one.get("id")) if isinstance(one, dict) else one for one in held]
    return held.get("value") if isinstance(held, dict) and "value" in held else held


def input_names(view: View) -> list[str]:
    return [e["action_id"] for block in view.blocks for e in elements_of(block) if e.get("type") in PLAIN]


def offered_options(element: Json) -> list[Json]:
    groups = element.get("option_groups") or []
    grouped = [option for group in groups for option in group["options"]]
    return [*(element.get("options") or []), *grouped]
