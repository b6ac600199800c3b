"""A person fills the open modal by `action_id`; and what Slack's own client then refuses before anything is sent.

The client speaks the reader's language, as the rest of the page does.
"""

import re
from typing import Any

from bot.sandbox.element_values import state_for
from bot.sandbox.forms import PLAIN, CannotFillError, Suggest, start_state, value_of
from bot.sandbox.state import Json, View, Workspace, elements_of

EN = {
    "required": "Please complete this required field.",
    "choices": "Please select no more than {most}.",
    "email": "Please enter a valid email address.",
    "url": "Please enter a valid URL.",
    "files": "Please upload at most {most} files.",
    "short": "Please enter at least {least} characters.",
    "long": "Please enter no more than {most} characters.",
    "number": "Please enter a valid number.",
    "low": "Please enter a number of at least {least}.",
    "high": "Please enter a number of at most {most}.",
}
ZH = {
    "required": "请填写此项。",
    "choices": "最多选择 {most} 项。",
    "email": "请输入有效的电子邮箱。",
    "url": "请输入有效的网址。",
    "files": "最多上传 {most} 个文件。",
    "short": "请至少输入 {least} 个字。",
    "long": "请不要超过 {most} 个字。",
    "number": "请输入有效的数字。",
    "low": "请输入不小于 {least} 的数字。",
    "high": "请输入不大于 {most} 的数字。",
}
Problem = tuple[str, Json]


async def fill(workspace: Workspace, view: View, values: Json, suggest: Suggest) -> None:
    """Types `values` into the view. Raises CannotFillError and leaves the view as it was."""
    if not isinstance(values, dict):
        raise CannotFillError("values_not_object", "values")
    start_state(view, view.user)
    filled = []
    for name, value in values.items():
        block_id, element = _input_named(view, name)
        filled.append((block_id, name, await state_for(workspace, element, value, suggest, view.user)))
    for block_id, name, state in filled:
        view.state[block_id][name] = state


def refusals(workspace: Workspace, view: View) -> dict[str, str]:
    """What Slack's client would not submit, by action_id; empty when it would."""
    sentences = EN if workspace.users[view.user].reads_english else ZH
    found: dict[str, str] = {}
    for block in view.blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        state = view.state[block["block_id"]][element["action_id"]]
        problem = _refusal(element, value_of(element, state), optional=bool(block.get("optional")))
        if problem:
            name, figures = problem
            found[element["action_id"]] = sentences[name].format(**figures)
    return found


def _refusal(element: Json, value: Any, *, optional: bool) -> Problem | None:
    if value is None or value in ("", []):
        return None if optional else ("required", {})
    kind = element["type"]
    most_chosen = element.get("max_selected_items")
    if most_chosen and len(value) > most_chosen:
        return "choices", {"most": most_chosen}
    if kind == "plain_text_input":
        return _length_refusal(element, str(value))
    if kind == "number_input":
        return _number_refusal(element, str(value))
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(value)):
        return "email", {}
    if kind == "url_text_input" and not re.match(r"https?://\S+$", str(value)):
        return "url", {}
    if kind == "file_input":
        most = element.get("max_files", 10)
        return ("files", {"most": most}) if len(value) > most else None
    return None


def _length_refusal(element: Json, value: str) -> Problem | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3_000)
    if len(value) < least:
        return "short", {"least": least}
    if len(value) > most:
        return "long", {"most": most}
    return None


def _number_refusal(element: Json, value: str) -> Problem | None:
    pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "number", {}
    if "min_value" in element and float(value) < float(element["min_value"]):
        return "low", {"least": element["min_value"]}
    if "max_value" in element and float(value) > float(element["max_value"]):
        return "high", {"most": element["max_value"]}
    return None


def _input_named(view: View, name: str) -> tuple[str, Json]:
    for block in view.blocks:
        for element in elements_of(block):
            if element.get("action_id") == name and element.get("type") in PLAIN:
                return block["block_id"], element
    raise CannotFillError("unknown_input", name)
