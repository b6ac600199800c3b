"""One value in a person's words becomes Slack's state of one element: a text, a choice, a date, a file."""

import base64
import binascii
import re
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.forms import LISTS, PLAIN, CannotFillError, Suggest, offered_options
from bot.sandbox.state import Json, Workspace
from bot.sandbox.web_api.files import file_object, new_file

TEXTS = ("plain_text_input", "number_input", "email_text_input", "url_text_input")
MOMENTS = ("datepicker", "timepicker", "datetimepicker")
CONVERSATIONS = ("public", "private", "im")


async def state_for(workspace: Workspace, element: Json, value: Any, suggest: Suggest, user: str) -> Json:
    """Slack's state of one element with `value` in it; null clears it."""
    kind, name = element["type"], element["action_id"]
    key = PLAIN[kind][0]
    if value is None or value == []:
        return {"type": kind, key: [] if key in LISTS else None}
    if kind in TEXTS:
        return {"type": kind, key: _text(name, value)}
    if kind == "rich_text_input":
        return {"type": kind, key: value if _is_rich_text(value) else _rich_text(_text(name, value))}
    if key in ("selected_option", "selected_options"):
        return {"type": kind, key: await _chosen(element, value, suggest)}
    if kind == "file_input":
        return {"type": kind, key: _files(workspace, element, value, user)}
    if kind in MOMENTS:
        return {"type": kind, key: _moment(element, value, workspace.users[user].tz)}
    return {"type": kind, key: _ids(workspace, element, value)}


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
        return [one for number, one in enumerate(found) if one not in found[:number]]
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
        before = suggest.offered(element, text)
        options = [before] if before else await suggest.ask(element, text) or await suggest.ask(element, "")
    named = [option for option in options if option.get("value") == text]
    found = named[:1] or [option for option in options if _reads(option, text)]
    if len(found) != 1:
        raise CannotFillError("unknown_option", element["action_id"], text)
    return found[0]


def _reads(option: Json, text: str) -> bool:
    read = str(option["text"]["text"])
    return text in (read, *read.split()[:1])


def _ids(workspace: Workspace, element: Json, value: Any) -> Any:
    """People, channels and conversations: each must exist, and be of a kind that the element offers."""
    several = PLAIN[element["type"]][0] in LISTS
    wanted = value if isinstance(value, list) else [value]
    known = _known_ids(workspace, element)
    strangers = [one for one in wanted if one not in known]
    if strangers or (len(wanted) > 1 and not several):
        raise CannotFillError("unknown_option", element["action_id"], [*strangers, *wanted][0])
    return list(dict.fromkeys(wanted)) if several else wanted[0]


def _known_ids(workspace: Workspace, element: Json) -> list[str]:
    if "users" in element["type"]:
        return [user.id for user in workspace.users.values() if not user.deleted]
    channels = [channel for channel in workspace.channels.values() if not channel.is_archived]
    if "channels" in element["type"]:
        return [channel.id for channel in channels if not channel.is_private]
    kinds = element.get("filter", {}).get("include", CONVERSATIONS)
    found = [channel.id for channel in channels if ("private" if channel.is_private else "public") in kinds]
    return [*found, *(workspace.dms if "im" in kinds else ())]


def _moment(element: Json, value: Any, tz: str) -> Any:
    """A date, a time of day, or a moment in seconds; a moment in words without a zone is meant in the person's own."""
    try:
        if element["type"] == "datepicker" and re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
            return date.fromisoformat(value).isoformat()
        if element["type"] == "timepicker" and re.fullmatch(r"\d{2}:\d{2}", str(value)):
            return time.fromisoformat(value).isoformat("minutes")
        if element["type"] == "datetimepicker":
            return _seconds(value, tz)
    except ValueError as error:
        raise CannotFillError("unknown_option", element["action_id"], value) from error
    raise CannotFillError("unknown_option", element["action_id"], value)


def _seconds(value: Any, tz: str) -> int:
    """Raises ValueError for what is no moment of ten digits."""
    seconds = value
    if isinstance(value, str) and not value.isdecimal():
        moment = datetime.fromisoformat(value)
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(tz))).timestamp()
    if isinstance(value, (bool, list, dict)) or not re.fullmatch(r"\d{10}", str(int(seconds))):
        raise ValueError(value)
    return int(seconds)


def _files(workspace: Workspace, element: Json, value: Any, user: str) -> list[Json]:
    """Uploaded files, each {name, content_base64}, of a type that the element takes, and not empty."""
    name, types = element["action_id"], element.get("filetypes")
    read = [_file(name, one) for one in (value if isinstance(value, list) else [value])]
    for title, content in read:
        if not content:
            raise CannotFillError("empty_file", name, title)
        if types and title.rpartition(".")[2].lower() not in types:
            raise CannotFillError("filetype_not_taken", name, title)
    files = [new_file(workspace, title, user, content) for title, content in read]
    for file in files:
        file.uploaded = file.shared = True
    return [file_object(workspace, file) for file in files]


def _file(name: str, value: Any) -> tuple[str, bytes]:
    try:
        return str(value["name"]), base64.b64decode(value["content_base64"], validate=True)
    except (TypeError, KeyError, binascii.Error) as error:
        raise CannotFillError("unreadable_file", name) from error


def _text(name: str, value: Any) -> str:
    if isinstance(value, (list, dict)):
        raise CannotFillError("not_a_text", name)
    return str(value)


def _is_rich_text(value: Any) -> bool:
    return isinstance(value, dict) and value.get("type") == "rich_text"


def _rich_text(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}
