"""The conformance tables in the room's docstring are what the code does."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

import bot.sandbox
from bot.sandbox import Company, User, check_payload
from bot.sandbox.block_rules import SURFACES
from bot.sandbox.element_rules import ELEMENTS
from bot.sandbox.forms import PLAIN
from bot.sandbox.page.drawing import Drawing
from bot.sandbox.places import BUTTONS, MENUS
from bot.sandbox.records import Message
from bot.sandbox.state import Workspace
from bot.sandbox.web_api import METHODS
from tests.sandbox.payload_parts import button, field, mrkdwn, plain, section

Json = dict[str, Any]
NARROW = 31

# One of each block that is drawn, and words that must be seen then.
DRAWN: dict[str, Json] = {
    "section": section("seen"),
    "header": {"type": "header", "text": plain("seen")},
    "divider": {"type": "divider"},
    "context": {"type": "context", "elements": [mrkdwn("seen")]},
    "actions": {"type": "actions", "elements": [button(text="seen")]},
    "image": {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "seen"},
    "input": field("seen"),
    "markdown": {"type": "markdown", "text": "seen"},
    "rich_text": {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "seen"}]}],
    },
    "alert": {"type": "alert", "text": plain("seen")},
    "card": {"type": "card", "title": plain("seen")},
    "carousel": {"type": "carousel", "elements": [{"type": "card", "title": plain("seen")}]},
    "container": {"type": "container", "child_blocks": [section("seen")]},
    "table": {"type": "table", "rows": [[{"type": "raw_text", "text": "seen"}]]},
    "data_table": {"type": "data_table", "caption": "seen", "rows": [[{"type": "raw_text", "text": "x"}]]},
}


def table(head: str) -> list[tuple[str, str]]:
    """The rows of one table of the docstring, with their lines put together."""
    assert bot.sandbox.__doc__ is not None
    lines = bot.sandbox.__doc__.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(head + " ")) + 2
    body = lines[start : next(n for n in range(start, len(lines)) if lines[n].startswith("===="))]
    return list(_rows(body))


def _rows(body: list[str]) -> Iterator[tuple[str, str]]:
    """Names that end with a comma go on in the next line, and a line without names goes on with the words."""
    names, words = "", ""
    for line in body:
        left, right = line[:NARROW].strip(), line[NARROW:].strip()
        if left and names and not names.endswith(","):
            yield names, words
            names, words = "", ""
        names, words = f"{names} {left}".strip(), f"{words} {right}".strip()
    yield names, words


def methods(names: str) -> list[str]:
    """`chat.postMessage, update` are chat.postMessage and chat.update."""
    found: list[str] = []
    for name in names.split(", "):
        if "." in name:
            found.append(name)
        elif found:
            found.append(f"{found[-1].partition('.')[0]}.{name}")
    return found


def emulated_methods() -> tuple[list[str], list[str]]:
    rows = [(methods(names), words) for names, words in table("Web API")]
    yes = [name for names, words in rows for name in names if not words.startswith("no:")]
    return yes, [name for names, words in rows for name in names if words.startswith("no:")]


def kinds(head: str, words: str) -> list[str]:
    return [name for names, said in table(head) if said.startswith(words) for name in names.split(", ")]


def test_every_method_that_is_there_is_named() -> None:
    yes, no = emulated_methods()
    assert sorted(yes) == sorted(METHODS)
    assert no == ["chat.scheduleMessage", "chat.unfurl"]
    assert not set(no) & set(METHODS)


def test_every_block_that_is_accepted_is_named() -> None:
    drawn, not_drawn = kinds("Blocks", "accepted, checked and drawn"), kinds("Blocks", "accepted, checked for")
    assert sorted(drawn + not_drawn) == sorted(SURFACES)
    assert sorted(drawn) == sorted(DRAWN)
    assert kinds("Blocks", "refused") == ["anything else"]
    assert check_payload("message", {"text": "x", "blocks": [{"type": "poem"}]})


def test_every_element_that_is_accepted_is_named() -> None:
    pressed, filled = kinds("Elements", "pressed"), kinds("Elements", "filled")
    other = kinds("Elements", "shown") + kinds("Elements", "accepted")
    assert sorted(pressed + filled + other) == sorted(ELEMENTS)
    assert sorted(filled) == sorted(PLAIN)
    assert set(pressed) <= {*BUTTONS, *MENUS}


def drawn(block: Json) -> str:
    reader = User("U_A", "a")
    workspace = Workspace(Company(users=(reader,)), datetime(2026, 2, 10, tzinfo=UTC))
    message = Message("1.1", workspace.open_dm("U_A"), "U_BOT", "x", [{"block_id": "b", **block}])
    return str(Drawing(workspace, reader).blocks(message))


@pytest.mark.parametrize("kind", DRAWN)
def test_a_block_that_is_drawn(kind: str) -> None:
    block = DRAWN[kind]
    assert check_payload_of(block) == []
    html = drawn(block)
    assert f"[{kind}]" not in html
    assert "<hr" in html if kind == "divider" else "seen" in html


@pytest.mark.parametrize("kind", [*kinds("Blocks", "accepted, checked for"), "poem"])
def test_a_block_that_is_not_drawn_is_named(kind: str) -> None:
    assert f"[{kind}]" in drawn({"type": kind})


def check_payload_of(block: Json) -> list[str]:
    """What is wrong with the block on a surface that takes it."""
    frame = {"type": "modal", "title": plain("x"), "submit": plain("x"), "blocks": [block]}
    if "message" in SURFACES[block["type"]]:
        return check_payload("message", {"text": "x", "blocks": [block]})
    return check_payload("modal", frame)
