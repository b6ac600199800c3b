"""Small builders of Block Kit. They cut to Slack's limits; nothing else knows those numbers."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

Block = dict[str, Any]
HALF_ENTITY = re.compile(r"&[a-z]{0,4}…$")
SECTION, BUTTON, OPTION, TITLE, LABEL, PLACEHOLDER = 3000, 75, 75, 24, 2000, 150
OVERFLOW_MOST, SELECT_MOST, MESSAGE_BLOCKS, VIEW_BLOCKS = 5, 100, 50, 100


def cut(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def plain(text: str, limit: int) -> Block:
    """A plain text object."""
    return {"type": "plain_text", "text": cut(text, limit), "emoji": False}


def section(text: str, **more: Any) -> Block:
    """A paragraph of mrkdwn."""
    return {"type": "section", "text": mrkdwn(text)} | more


def context(text: str) -> Block:
    """A small grey line of mrkdwn."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def mrkdwn(text: str) -> Block:
    """A mrkdwn object. Verbatim: Slack must not make links and mentions of what people typed."""
    return {"type": "mrkdwn", "text": HALF_ENTITY.sub("…", cut(text, SECTION)), "verbatim": True}


def paragraphs(lines: Iterable[str]) -> list[Block]:
    """Lines of mrkdwn in as few paragraphs as Slack's limit allows; no line is parted."""
    texts: list[str] = []
    for line in lines:
        together = f"{texts[-1]}\n{line}" if texts else line
        texts[-1:] = [together] if len(together) <= SECTION else [*texts[-1:], line]
    return [section(text) for text in texts]


def verbatim(name: str, text: str) -> list[Block]:
    """A named text that is shown whole and as it was typed, in as many paragraphs as Slack needs for it."""
    parts = [text[start : start + SECTION] for start in range(0, len(text), SECTION)]
    return [context(f"*{name}*"), *({"type": "section", "text": plain(part, SECTION)} for part in parts)]


def header(text: str) -> Block:
    """A headline."""
    return {"type": "header", "text": plain(text, 150)}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def button(action_id: str, value: str, text: str, *, style: str | None = None, confirm: Block | None = None) -> Block:
    """A button; its `action_id` is the step, its value the record's number."""
    element = {"type": "button", "action_id": action_id, "value": value, "text": plain(text, BUTTON)}
    return element | ({"style": style} if style else {}) | ({"confirm": confirm} if confirm else {})


def option(value: str, text: str) -> Block:
    """One option of a select, a menu or a set of boxes."""
    return {"value": value, "text": plain(text, OPTION)}


def menu(action_id: str, options: Sequence[tuple[str, str]], placeholder: str) -> Block:
    """A "⋯" menu: an overflow for up to five entries, else a select."""
    entries = [option(value, text) for value, text in options[:SELECT_MOST]]
    if len(entries) <= OVERFLOW_MOST:
        return {"type": "overflow", "action_id": action_id, "options": entries}
    return {
        "type": "static_select",
        "action_id": action_id,
        "options": entries,
        "placeholder": plain(placeholder, PLACEHOLDER),
    }


def actions(block_id: str, elements: Sequence[Block]) -> Block:
    """A row of buttons and menus."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def view(title: str, blocks: Sequence[Block], *, close: str, **more: Any) -> Block:
    """A modal without inputs; with `submit`, `callback_id` and `private_metadata` a form."""
    return {
        "type": "modal",
        "title": plain(title, TITLE),
        "close": plain(close, TITLE),
        "blocks": list(blocks)[:VIEW_BLOCKS],
    } | more
