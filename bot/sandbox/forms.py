"""What a person types into a modal: values by `action_id` become Slack's `view.state`, and back.

Also what Slack's own client refuses before anything is sent: required fields, lengths, numbers.
"""

import base64
import binascii
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.sandbox.state import Json, View, Workspace, elements_of
from bot.sandbox.web_api.files import file_object, new_file

Suggest = Callable[[Json, str], Awaitable[list[Json]]]

REQUIRED = "Please complete this required field."
TEXTS = ("plain_text_input", "number_input", "email_text_input", "url_text_input")
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


class CannotFillError(Exception):
    """A value for an input that is not there, or an option that is not offered."""

    def __init__(self, error: str, field: str, value: Any = None) -> None:
        super().__init__(f"{error}: {field}")
        self.answer: Json = {"error": error, "field": field}
        if value is not None:
            self.answer["value"] = value


def start_state(view: View) -> None:
    """Writes the initial values of all elements that nobody has touched yet into the view's state."""
    for block in view.blocks:
        for element in elements_of(block):
            if element.get("type") in PLAIN:
                values = view.state.setdefault(block["block_id"], {})
                values.setdefault(element["action_id"], initial(element))


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


async def fill(workspace: Workspace, view: View, values: Json, suggest: Suggest) -> None:
    """Types `values` into the view. Raises CannotFillError and leaves the view as it was."""
    start_state(view)
    filled = []
    for name, value in values.items():
        block_id, element = _input_named(view, name)
        filled.append((block_id, name, await state_for(workspace, element, value, suggest, view.user)))
    for block_id, name, state in filled:
        view.state[block_id][name] = state


async def state_for(workspace: Workspace, element: Json, value: Any, suggest: Suggest, user: str) -> Json:
    """Slack's state of one element with `value` in it; null clears it."""
    kind, name = element["type"], element["action_id"]
    key = PLAIN[kind][0]
    if value is None or value == []:
        return {"type": kind, key: [] if key in LISTS else None}
    if kind in TEXTS:
        return {"type": kind, key: str(value)}
    if kind == "rich_text_input":
        return {"type": kind, key: _rich_text(str(value))}
    if key in ("selected_option", "selected_options"):
        return {"type": kind, key: await _chosen(element, value, suggest)}
    if kind == "file_input":
        return {"type": kind, key: _files(workspace, name, value, user)}
    if kind == "datetimepicker":
        return {"type": kind, key: _seconds(value)}
    return {"type": kind, key: _ids(workspace, element, value)}


def refusals(view: View) -> dict[str, str]:
    """What Slack's client would not submit, by action_id; empty when it would."""
    found: dict[str, str] = {}
    for block in view.blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        state = view.state[block["block_id"]][element["action_id"]]
        problem = _refusal(element, value_of(element, state), optional=bool(block.get("optional")))
        if problem:
            found[element["action_id"]] = problem
    return found


def input_names(view: View) -> list[str]:
    return [e["action_id"] for block in view.blocks for e in elements_of(block) if e.get("type") in PLAIN]


def offered_options(element: Json) -> list[Json]:
    groups = element.get("option_groups") or []
    grouped = [option for group in groups for option in group["options"]]
    return [*(element.get("options") or []), *grouped]


def _refusal(element: Json, value: Any, *, optional: bool) -> str | None:
    if value is None or value in ("", []):
        return None if optional else REQUIRED
    kind = element["type"]
    if kind == "plain_text_input":
        return _length_refusal(element, str(value))
    if kind == "number_input":
        return _number_refusal(element, str(value))
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(value)):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not re.match(r"https?://\S+$", str(value)):
        return "Please enter a valid URL."
    if kind == "file_input":
        most = element.get("max_files", 10)
        return f"Please upload at most {most} files." if len(value) > most else None
    return None


def _length_refusal(element: Json, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3_000)
    if len(value) < least:
        return f"Please enter at least {least} characters."
    if len(value) > most:
        return f"Please enter no more than {most} characters."
    return None


def _number_refusal(element: Json, value: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Please enter a valid number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None


def _input_named(view: View, name: str) -> tuple[str, Json]:
    for block in view.blocks:
        for element in elements_of(block):
            if element.get("action_id") == name and element.get("type") in PLAIN:
                return block["block_id"], element
    raise CannotFillError("unknown_input", name)


async def _chosen(element: Json, value: Any, suggest: Suggest) -> Any:
    """The options meant by `value`, one or a list: by an option's value or, failing that, by what a person reads.

    That is the whole text or its first word, such as C1, if exactly one option begins so.
    """
    several = PLAIN[element["type"]][0] == "selected_options"
    wanted = value if isinstance(value, list) else [value]
    if element["type"] == "checkboxes" and isinstance(value, bool):
        wanted = _ticked(element, value)
    found = [await _option(element, one, suggest) for one in wanted]
    if several:
        return found
    if len(found) != 1:
        raise CannotFillError("unknown_option", element["action_id"], value)
    return found[0]


def _ticked(element: Json, value: bool) -> list[Any]:
    """Yes is the box worth "true", or the only box there is; no is nothing ticked (or the box "false")."""
    options = [option["value"] for option in offered_options(element)]
    if str(value).lower() in options:
        return [str(value).lower()]
    return [options[0]] if value and len(options) == 1 else []


async def _option(element: Json, value: Any, suggest: Suggest) -> Json:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    options = offered_options(element)
    if element["type"] in ("external_select", "multi_external_select"):
        options = await suggest(element, text) or await suggest(element, "")
    named = [option for option in options if option.get("value") == text]
    found = named[:1] or [option for option in options if _reads(option, text)]
    if len(found) != 1:
        raise CannotFillError("unknown_option", element["action_id"], text)
    return found[0]


def _reads(option: Json, text: str) -> bool:
    read = str(option["text"]["text"])
    return text in (read, *read.split()[:1])


def _ids(workspace: Workspace, element: Json, value: Any) -> Any:
    """People, channels, dates and times: taken as they are, but a person and a channel must exist."""
    wanted = value if isinstance(value, list) else [value]
    known: Any = None
    if "users" in element["type"]:
        known = [user.id for user in workspace.users.values() if not user.deleted]
    elif "channels" in element["type"]:
        known = list(workspace.channels)
    elif element["type"] == "datepicker" and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
        raise CannotFillError("unknown_option", element["action_id"], value)
    strangers = [one for one in wanted if known is not None and one not in known]
    if strangers:
        raise CannotFillError("unknown_option", element["action_id"], strangers[0])
    return wanted if PLAIN[element["type"]][0] in LISTS else value


def _files(workspace: Workspace, name: str, value: Any, user: str) -> list[Json]:
    found = []
    for one in value if isinstance(value, list) else [value]:
        try:
            content = base64.b64decode(one["content_base64"], validate=True)
            file = new_file(workspace, str(one["name"]), user, content)
        except (TypeError, KeyError, binascii.Error) as error:
            raise CannotFillError("unreadable_file", name) from error
        file.uploaded = file.shared = True
        found.append(file_object(workspace, file))
    return found


def _seconds(value: Any) -> int:
    return int(datetime.fromisoformat(value).timestamp()) if isinstance(value, str) else int(value)


def _rich_text(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}
