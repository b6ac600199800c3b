"""One function per block type: its own limits, and which elements may stand in it."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.element_rules import check_element
from bot.sandbox.limit_report import Report
from bot.sandbox.state import Json

Rule = Callable[[Report, str, Json], None]

ALERT_LEVELS = ("default", "info", "warning", "error", "success")
EVERYWHERE = ("message", "modal", "home")
SURFACES: dict[str, tuple[str, ...]] = {
    "actions": EVERYWHERE,
    "context": EVERYWHERE,
    "divider": EVERYWHERE,
    "header": EVERYWHERE,
    "image": EVERYWHERE,
    "input": EVERYWHERE,
    "rich_text": EVERYWHERE,
    "section": EVERYWHERE,
    "video": EVERYWHERE,
    "alert": ("modal",),
    "card": ("message", "home"),
    "carousel": ("message", "home"),
    "container": ("message", "home"),
    "context_actions": ("message",),
    "data_table": ("message", "home"),
    "data_visualization": ("message", "home"),
    "markdown": ("message",),
    "plan": ("message",),
    "table": ("message", "home"),
    "task_card": ("message",),
}


def check_block(report: Report, path: str, block: Any) -> None:
    """Reports everything wrong with one block. Unknown types are refused."""
    if not isinstance(block, dict):
        report.add(path, "must be an object")
        return
    kind = block.get("type")
    if kind not in SURFACES:
        report.add(path, f"unsupported block type: {kind!r}")
        return
    if report.surface not in SURFACES[kind]:
        report.add(path, f"{kind} is not allowed in a {report.surface}")
    report.length(f"{path}.block_id", block.get("block_id"), 255, 1)
    RULES[kind](report, path, block)


def _actions(report: Report, path: str, block: Json) -> None:
    report.keys(path, block, {"type", "block_id", "elements"})
    report.count(f"{path}.elements", block.get("elements"), 25, 1)
    for number, element in enumerate(_list(block.get("elements"))):
        check_element(report, f"{path}.elements[{number}]", element, "actions")


def _context(report: Report, path: str, block: Json) -> None:
    report.keys(path, block, {"type", "block_id", "elements"})
    report.count(f"{path}.elements", block.get("elements"), 10, 1)
    for number, element in enumerate(_list(block.get("elements"))):
        where = f"{path}.elements[{number}]"
        if isinstance(element, dict) and element.get("type") in ("plain_text", "mrkdwn"):
            report.text(where, element, 3_000)
        else:
            check_element(report, where, element, "context")


def _divider(report: Report, path: str, block: Json) -> None:
    report.keys(path, block, {"type", "block_id"})


def _header(report: Report, path: str, block: Json) -> None:
    report.keys(path, block, {"type", "block_id", "text", "level"})
    report.text(f"{path}.text", block.get("text"), 150, plain=True)


def _image(report: Report, path: str, block: Json) -> None:
    report.keys(path, block, {"type", "block_id", "image_url", "slack_file", "alt_text", "title"})
    report.length(f"{path}.image_url", block.get("image_url"), 3_000, 1)
    report.length(f"{path}.alt_text", block.get("alt_text"), 2_000)
    if not isinstance(block.get("alt_text"), str):
        report.add(f"{path}.alt_text", "missing required field: alt_text")
    if "image_url" not in block and "slack_file" not in block:
        report.add(path, "needs image_url or slack_file")
    if block.get("title") is not None:
        report.text(f"{path}.title", block["title"], 2_000, plain=True)


def _input(report: Report, path: str, block: Json) -> None:
    report.keys(path, block, {"type", "block_id", "label", "element", "hint", "optional", "dispatch_action"})
    report.text(f"{path}.label", block.get("label"), 2_000, plain=True)
    if block.get("hint") is not None:
        report.text(f"{path}.hint", block["hint"], 2_000, plain=True)
    check_element(report, f"{path}.element", block.get("element"), "input")


def _section(report: Report, path: str, block: Json) -> None:
    report.keys(path, block, {"type", "block_id", "text", "fields", "accessory", "expand"})
    if block.get("text") is None and not block.get("fields"):
        report.add(path, "needs a text or fields")
    if block.get("text") is not None:
        report.text(f"{path}.text", block["text"], 3_000)
    if block.get("fields") is not None:
        report.count(f"{path}.fields", block["fields"], 10, 1)
        for number, one in enumerate(_list(block["fields"])):
            report.text(f"{path}.fields[{number}]", one, 2_000)
    if block.get("accessory") is not None:
        check_element(report, f"{path}.accessory", block["accessory"], "section")


def _video(report: Report, path: str, block: Json) -> None:
    report.text(f"{path}.title", block.get("title"), 199, plain=True)
    report.length(f"{path}.author_name", block.get("author_name"), 49)
    for name in ("video_url", "thumbnail_url", "alt_text"):
        if not block.get(name):
            report.add(path, f"missing required field: {name}")


def _alert(report: Report, path: str, block: Json) -> None:
    report.text(f"{path}.text", block.get("text"), 200)
    if block.get("level", "default") not in ALERT_LEVELS:
        report.add(f"{path}.level", f"must be one of {', '.join(ALERT_LEVELS)}")


def _card(report: Report, path: str, block: Json) -> None:
    for name, most in (("title", 150), ("subtitle", 150), ("body", 200)):
        if block.get(name) is not None:
            report.text(f"{path}.{name}", block[name], most)
    if block.get("actions") is not None:
        report.count(f"{path}.actions", block["actions"], 3)
        for number, element in enumerate(_list(block["actions"])):
            check_element(report, f"{path}.actions[{number}]", element, "card")


def _carousel(report: Report, path: str, block: Json) -> None:
    report.count(f"{path}.elements", block.get("elements"), 10, 1)
    for number, card in enumerate(_list(block.get("elements"))):
        check_block(report, f"{path}.elements[{number}]", card)


def _container(report: Report, path: str, block: Json) -> None:
    for name in ("title", "subtitle"):
        if block.get(name) is not None:
            report.text(f"{path}.{name}", block[name], 150)
    report.count(f"{path}.child_blocks", block.get("child_blocks"), 10, 1)
    for number, child in enumerate(_list(block.get("child_blocks"))):
        check_block(report, f"{path}.child_blocks[{number}]", child)


def _context_actions(report: Report, path: str, block: Json) -> None:
    report.count(f"{path}.elements", block.get("elements"), 5, 1)


def _table(report: Report, path: str, block: Json) -> None:
    report.count(f"{path}.rows", block.get("rows"), 100, 1)
    for number, row in enumerate(_list(block.get("rows"))):
        report.count(f"{path}.rows[{number}]", row, 20, 1)
    held = _characters(block.get("rows"))
    if held > 10_000:
        report.add(f"{path}.rows", f"a table holds at most 10000 characters, has {held}")


def _data_table(report: Report, path: str, block: Json) -> None:
    if not block.get("caption"):
        report.add(path, "missing required field: caption")
    report.count(f"{path}.rows", block.get("rows"), 100, 1)
    for number, row in enumerate(_list(block.get("rows"))):
        report.count(f"{path}.rows[{number}]", row, 20, 1)
    report.number(f"{path}.page_size", block.get("page_size"), 1, 100)
    held = _characters(block.get("rows"))
    if held > 20_000:
        report.add(f"{path}.rows", f"a data_table holds at most 20000 characters, has {held}")


def _data_visualization(report: Report, path: str, block: Json) -> None:
    report.length(f"{path}.title", block.get("title"), 50, 1)


def _markdown(report: Report, path: str, block: Json) -> None:
    report.keys(path, block, {"type", "block_id", "text"})
    report.length(f"{path}.text", block.get("text", ""), 12_000, 1)


def _plan(report: Report, path: str, block: Json) -> None:
    report.count(f"{path}.tasks", block.get("tasks", []), 50)


def _rich_text(report: Report, path: str, block: Json) -> None:
    report.keys(path, block, {"type", "block_id", "elements"})
    report.count(f"{path}.elements", block.get("elements"), 10_000)


def _free(report: Report, path: str, block: Json) -> None:
    """No limit of its own is known."""


def _characters(cell: Any) -> int:
    """The characters of all texts in nested rows and cells."""
    if isinstance(cell, dict):
        own = len(cell["text"]) if isinstance(cell.get("text"), str) else 0
        return own + sum(_characters(one) for one in cell.values() if isinstance(one, (dict, list)))
    return sum(_characters(one) for one in _list(cell))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


RULES: dict[str, Rule] = {
    "actions": _actions,
    "alert": _alert,
    "card": _card,
    "carousel": _carousel,
    "container": _container,
    "context": _context,
    "context_actions": _context_actions,
    "data_table": _data_table,
    "data_visualization": _data_visualization,
    "divider": _divider,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "plan": _plan,
    "rich_text": _rich_text,
    "section": _section,
    "table": _table,
    "task_card": _free,
    "video": _video,
}
