"""The interactive elements: where each may stand, which keys it has, and its limits."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from bot.sandbox.limit_report import Report
from bot.sandbox.state import Json

COMMON = frozenset({"type", "action_id", "confirm", "focus_on_load"})
SINGLE = ("section", "actions", "input")
MULTI = ("section", "input")
ANYWHERE = ("message", "modal", "home")


@dataclass(frozen=True)
class ElementRule:
    """Which blocks and surfaces take the element, its own keys, and a check of its values."""

    blocks: tuple[str, ...]
    keys: frozenset[str]
    check: Callable[[Report, str, Json], None]
    surfaces: tuple[str, ...] = ANYWHERE


def check_element(report: Report, path: str, element: Any, block: str) -> None:
    """Reports everything wrong with one element inside a block of the type `block`."""
    if not isinstance(element, dict):
        report.add(path, "must be an object")
        return
    kind = str(element.get("type"))
    rule = ELEMENTS.get(kind)
    if rule is None:
        report.add(path, f"unsupported element type: {kind!r}")
        return
    if block not in rule.blocks:
        report.add(path, f"{kind} is not allowed in a block of type {block}")
    if report.surface not in rule.surfaces:
        report.add(path, f"{kind} is not allowed in a {report.surface}")
    report.keys(path, element, rule.keys | COMMON)
    report.length(f"{path}.action_id", element.get("action_id"), 255, 1)
    if element.get("placeholder") is not None:
        report.text(f"{path}.placeholder", element["placeholder"], 150, plain=True)
    if element.get("confirm") is not None:
        _confirm(report, f"{path}.confirm", element["confirm"])
    rule.check(report, path, element)


def _confirm(report: Report, path: str, confirm: Any) -> None:
    if not isinstance(confirm, dict):
        report.add(path, "must be an object")
        return
    report.keys(path, confirm, {"title", "text", "confirm", "deny", "style"})
    report.text(f"{path}.title", confirm.get("title"), 100, plain=True)
    report.text(f"{path}.text", confirm.get("text"), 300)
    report.text(f"{path}.confirm", confirm.get("confirm"), 30, plain=True)
    report.text(f"{path}.deny", confirm.get("deny"), 30, plain=True)


def _button(report: Report, path: str, element: Json) -> None:
    report.text(f"{path}.text", element.get("text"), 75, plain=True)
    report.length(f"{path}.value", element.get("value"), 2_000)
    report.length(f"{path}.url", element.get("url"), 3_000)
    report.length(f"{path}.accessibility_label", element.get("accessibility_label"), 75)
    report.length(f"{path}.agent_prompt", element.get("agent_prompt"), 4_000)
    if element.get("style") not in (None, "primary", "danger"):
        report.add(f"{path}.style", "must be primary or danger")


def _overflow(report: Report, path: str, element: Json) -> None:
    _options(report, path, element.get("options"), 5, plain=True)


def _few_options(report: Report, path: str, element: Json) -> None:
    _options(report, path, element.get("options"), 10, plain=False)
    _initial(report, path, element)


def _static(report: Report, path: str, element: Json) -> None:
    groups = element.get("option_groups")
    if (groups is None) == (element.get("options") is None):
        report.add(path, "needs options or option_groups, and not both")
    elif groups is None:
        _options(report, path, element["options"], 100, plain=True)
    else:
        report.count(f"{path}.option_groups", groups, 100, 1)
        for number, group in enumerate(groups if isinstance(groups, list) else []):
            where = f"{path}.option_groups[{number}]"
            report.text(f"{where}.label", group.get("label"), 75, plain=True)
            _options(report, where, group.get("options"), 100, plain=True)
    _initial(report, path, element)
    report.number(f"{path}.max_selected_items", element.get("max_selected_items"), 1, 100)


def _external(report: Report, path: str, element: Json) -> None:
    report.number(f"{path}.min_query_length", element.get("min_query_length"), 0, 100)


def _plain_text_input(report: Report, path: str, element: Json) -> None:
    report.number(f"{path}.min_length", element.get("min_length"), 0, 3_000)
    report.number(f"{path}.max_length", element.get("max_length"), 1, 3_000)
    most = element.get("max_length", 3_000)
    report.length(f"{path}.initial_value", element.get("initial_value"), most if isinstance(most, int) else 3_000)
    least = element.get("min_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        report.add(path, "min_length is greater than max_length")


def _number_input(report: Report, path: str, element: Json) -> None:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        report.add(path, "missing required field: is_decimal_allowed")
    for name in ("initial_value", "min_value", "max_value"):
        if element.get(name) is not None and not isinstance(element[name], str):
            report.add(f"{path}.{name}", "must be a string")


def _file_input(report: Report, path: str, element: Json) -> None:
    report.number(f"{path}.max_files", element.get("max_files"), 1, 10)


def _datepicker(report: Report, path: str, element: Json) -> None:
    value = element.get("initial_date")
    if value is not None and not _is_a(date, r"\d{4}-\d{2}-\d{2}", value):
        report.add(f"{path}.initial_date", "must be YYYY-MM-DD")


def _timepicker(report: Report, path: str, element: Json) -> None:
    value = element.get("initial_time")
    if value is not None and not _is_a(time, r"\d{2}:\d{2}", value):
        report.add(f"{path}.initial_time", "must be HH:MM")


def _datetimepicker(report: Report, path: str, element: Json) -> None:
    value = element.get("initial_date_time")
    if value is not None and not re.fullmatch(r"\d{10}", str(value)):
        report.add(f"{path}.initial_date_time", "must be seconds since 1970 in ten digits")


def _is_a(kind: type[date] | type[time], pattern: str, value: Any) -> bool:
    if not re.fullmatch(pattern, str(value)):
        return False
    try:
        kind.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _image(report: Report, path: str, element: Json) -> None:
    report.length(f"{path}.image_url", element.get("image_url"), 3_000, 1)
    report.length(f"{path}.alt_text", element.get("alt_text"), 2_000)
    if not isinstance(element.get("alt_text"), str):
        report.add(f"{path}.alt_text", "missing required field: alt_text")


def _free(report: Report, path: str, element: Json) -> None:
    """No limit of its own is known."""


def _options(report: Report, path: str, options: Any, most: int, *, plain: bool) -> None:
    report.count(f"{path}.options", options, most, 1)
    for number, option in enumerate(options if isinstance(options, list) else []):
        where = f"{path}.options[{number}]"
        if not isinstance(option, dict):
            report.add(where, "must be an object")
            continue
        report.keys(where, option, {"text", "value", "description", "url"})
        report.text(f"{where}.text", option.get("text"), 75, plain=plain)
        report.length(f"{where}.value", option.get("value"), 150)
        if not isinstance(option.get("value"), str):
            report.add(where, "missing required field: value")
        if option.get("description") is not None:
            report.text(f"{where}.description", option["description"], 75, plain=plain)


def _initial(report: Report, path: str, element: Json) -> None:
    """What is chosen from the start must be one of the options, word for word."""
    offered = [*(element.get("options") or [])]
    for group in element.get("option_groups") or []:
        offered += group.get("options") or []
    chosen = [element["initial_option"]] if element.get("initial_option") is not None else []
    if "initial_options" in element:
        report.count(f"{path}.initial_options", element["initial_options"], 100, 1)
        chosen += element["initial_options"] or []
    for one in chosen:
        if one not in offered:
            report.add(path, f"initial option {one.get('value')!r} is not one of the options")


PLACED = frozenset({"placeholder"})
_TEXT = PLACED | {"initial_value", "dispatch_action_config"}
_CHOICE = PLACED | {"options", "option_groups", "initial_option"}
_CHOICES = PLACED | {"options", "option_groups", "initial_options", "max_selected_items"}
_FILTER = frozenset({"filter", "default_to_current_conversation", "response_url_enabled"})

ELEMENTS: dict[str, ElementRule] = {
    "button": ElementRule(
        ("section", "actions", "card"),
        frozenset({"text", "value", "url", "style", "accessibility_label", "agent_prompt"}),
        _button,
    ),
    "workflow_button": ElementRule(
        ("section", "actions"),
        frozenset({"text", "workflow", "style", "accessibility_label"}),
        _button,
        ("message",),
    ),
    "overflow": ElementRule(("section", "actions"), frozenset({"options"}), _overflow),
    "checkboxes": ElementRule(SINGLE, frozenset({"options", "initial_options"}), _few_options),
    "radio_buttons": ElementRule(SINGLE, frozenset({"options", "initial_option"}), _few_options),
    "static_select": ElementRule(SINGLE, _CHOICE, _static),
    "multi_static_select": ElementRule(MULTI, _CHOICES, _static),
    "external_select": ElementRule(SINGLE, PLACED | {"initial_option", "min_query_length"}, _external),
    "multi_external_select": ElementRule(
        MULTI, PLACED | {"initial_options", "min_query_length", "max_selected_items"}, _external
    ),
    "users_select": ElementRule(SINGLE, PLACED | {"initial_user"}, _free),
    "multi_users_select": ElementRule(MULTI, PLACED | {"initial_users", "max_selected_items"}, _free),
    "conversations_select": ElementRule(SINGLE, PLACED | {"initial_conversation"} | _FILTER, _free),
    "multi_conversations_select": ElementRule(
        MULTI, PLACED | {"initial_conversations", "max_selected_items"} | _FILTER, _free
    ),
    "channels_select": ElementRule(SINGLE, PLACED | {"initial_channel", "response_url_enabled"}, _free),
    "multi_channels_select": ElementRule(MULTI, PLACED | {"initial_channels", "max_selected_items"}, _free),
    "datepicker": ElementRule(SINGLE, PLACED | {"initial_date"}, _datepicker),
    "timepicker": ElementRule(SINGLE, PLACED | {"initial_time", "timezone"}, _timepicker),
    "datetimepicker": ElementRule(
        ("actions", "input"), frozenset({"initial_date_time"}), _datetimepicker, ("message", "modal")
    ),
    "plain_text_input": ElementRule(("input",), _TEXT | {"multiline", "min_length", "max_length"}, _plain_text_input),
    "rich_text_input": ElementRule(("input",), _TEXT, _free, ("modal", "home")),
    "number_input": ElementRule(
        ("input",), _TEXT | {"is_decimal_allowed", "min_value", "max_value"}, _number_input, ("modal",)
    ),
    "email_text_input": ElementRule(("input",), _TEXT, _free, ("modal",)),
    "url_text_input": ElementRule(("input",), _TEXT, _free, ("modal",)),
    "file_input": ElementRule(("input",), frozenset({"filetypes", "max_files"}), _file_input, ("modal",)),
    "image": ElementRule(("section", "context"), frozenset({"image_url", "slack_file", "alt_text"}), _image),
}
