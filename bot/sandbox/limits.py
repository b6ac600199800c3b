"""Slack's limits on what an app sends: lengths, counts, unique ids, and what fits where.

Sources: Slack's Block Kit reference and the constants of slack_sdk's models. `check_payload` is what the
sandbox refuses by, and what tests of rendered payloads call.
"""

from typing import Any

from bot.sandbox.block_rules import check_block
from bot.sandbox.limit_report import Report
from bot.sandbox.state import Json, elements_of

MESSAGE_TEXT = 4_000
BLOCKS = {"message": 50, "modal": 100, "home": 100}
MARKDOWN_SUM = 12_000
ONE_PER_MESSAGE = {"table": 1, "data_visualization": 2}
VIEW_KEYS = {
    "type",
    "title",
    "blocks",
    "close",
    "submit",
    "private_metadata",
    "callback_id",
    "clear_on_close",
    "notify_on_close",
    "external_id",
    "submit_disabled",
}


def check_payload(surface: str, payload: Json) -> list[str]:
    """Everything Slack would refuse in a "message", "modal" or "home", in words; empty when it fits.

    A message is the arguments of chat.postMessage (text, blocks, metadata), the others are views.
    Two house rules are stricter than Slack: a message has a text, and it is at most 4,000 characters.
    """
    if surface not in BLOCKS:
        raise ValueError(f"unknown surface {surface}")
    report = Report(surface)
    if surface == "message":
        _check_message(report, payload)
    else:
        _check_view(report, payload)
    return report.problems


def check_blocks(surface: str, blocks: list[Any]) -> list[str]:
    """The same for the blocks alone."""
    report = Report(surface)
    _check_blocks(report, blocks)
    return report.problems


def _check_message(report: Report, payload: Json) -> None:
    text = payload.get("text")
    if not isinstance(text, str) or not text.strip():
        report.add("text", "a message needs a text, also beside blocks")
    else:
        report.length("text", text, MESSAGE_TEXT)
    blocks = payload.get("blocks")
    if isinstance(blocks, list):
        _check_blocks(report, blocks)
    elif blocks is not None:
        report.add("blocks", "must be a list")


def _check_view(report: Report, view: Json) -> None:
    report.keys("view", view, VIEW_KEYS)
    if view.get("type") != report.surface:
        report.add("type", f"must be {report.surface}")
    report.length("private_metadata", view.get("private_metadata", ""), 3_000)
    report.length("callback_id", view.get("callback_id", ""), 255)
    report.length("external_id", view.get("external_id", ""), 255)
    blocks = view.get("blocks")
    if not isinstance(blocks, list) or not blocks:
        report.add("blocks", "a view needs at least one block")
        return
    if report.surface == "modal":
        _check_modal_frame(report, view, blocks)
    _check_blocks(report, blocks)


def _check_modal_frame(report: Report, view: Json, blocks: list[Any]) -> None:
    report.text("title", view.get("title"), 24, plain=True)
    for name in ("submit", "close"):
        if view.get(name) is not None:
            report.text(name, view[name], 24, plain=True)
    has_input = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if has_input and view.get("submit") is None:
        report.add("submit", "required when the view has an input block")


def _check_blocks(report: Report, blocks: list[Any]) -> None:
    report.count("blocks", blocks, BLOCKS[report.surface])
    for number, block in enumerate(blocks):
        check_block(report, f"blocks[{number}]", block)
    known = [block for block in blocks if isinstance(block, dict)]
    _check_unique(report, "block_id", [block["block_id"] for block in known if block.get("block_id")])
    _check_action_ids(report, known)
    markdown = sum(len(str(block.get("text", ""))) for block in known if block.get("type") == "markdown")
    if markdown > MARKDOWN_SUM:
        report.add("blocks", f"markdown blocks hold {markdown} characters together, at most {MARKDOWN_SUM}")
    for kind, most in ONE_PER_MESSAGE.items():
        if report.surface == "message" and sum(block.get("type") == kind for block in known) > most:
            report.add("blocks", f"at most {most} {kind} in a message")


def _check_action_ids(report: Report, blocks: list[Json]) -> None:
    """Slack wants an action_id once per block; a form read by action_id needs it once per view."""
    if report.surface == "modal":
        inputs = [block for block in blocks if block.get("type") == "input"]
        found = [e["action_id"] for block in inputs for e in elements_of(block) if e.get("action_id")]
        _check_unique(report, "action_id", found)
    for block in blocks:
        for part in block.get("elements") or [] if block.get("type") == "carousel" else [block]:
            _check_unique(report, "action_id", [e["action_id"] for e in elements_of(part) if e.get("action_id")])


def _check_unique(report: Report, what: str, ids: list[str]) -> None:
    for one in sorted({one for one in ids if ids.count(one) > 1}):
        report.add(what, f"{one!r} is used twice")
