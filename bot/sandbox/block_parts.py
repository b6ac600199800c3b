"""Blocks taken apart: their ids, their interactive elements, their words."""

import secrets
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from bot.sandbox.records import Json, Message


def with_ids(content: Json) -> Json:
    """A copy in which every block has a block_id and every element an action_id, as Slack fills them in."""
    copy = deepcopy(content)
    copy["blocks"] = fill_ids(copy.get("blocks") or [])
    return copy


def fill_ids(blocks: list[Json]) -> list[Json]:
    filled = deepcopy(blocks)
    for number, block in enumerate(filled):
        block.setdefault("block_id", f"b{number}{secrets.token_hex(2)}")
        for element in elements_of(block):
            if element.get("type") != "image":
                element.setdefault("action_id", f"a{secrets.token_hex(3)}")
    return filled


def elements_of(block: Json) -> list[Json]:
    """The interactive elements (and accessory images) of one block."""
    kind = block.get("type")
    if kind == "section":
        found = [block.get("accessory")]
    elif kind == "input":
        found = [block.get("element")]
    elif kind == "actions":
        found = list(block.get("elements") or [])
    elif kind == "card":
        found = list(block.get("actions") or [])
    elif kind in ("container", "carousel"):
        found = [element for child in _children(block) for element in elements_of(child)]
    else:
        found = []
    return [element for element in found if isinstance(element, dict)]


def _children(block: Json) -> list[Json]:
    children = block.get("elements") if block.get("type") == "carousel" else block.get("child_blocks")
    return [child for child in children or [] if isinstance(child, dict)]


def message_words(message: Message) -> str:
    """What a message says: the text of its blocks, or its text where it has none."""
    return blocks_words(message.blocks) or message.text


def blocks_words(blocks: Iterable[Json]) -> str:
    lines: list[str] = []
    for block in blocks:
        texts = [block.get("text"), *(block.get("fields") or []), *_context_texts(block)]
        lines += [one["text"] for one in texts if isinstance(one, dict) and one.get("text")]
        lines += [one for one in texts if isinstance(one, str) and one]
    return "\n".join(lines)


def _context_texts(block: Json) -> list[Any]:
    return list(block.get("elements") or []) if block.get("type") == "context" else []
