"""Every limit of Slack that check_payload knows: one payload at the limit passes, one beyond it does not."""

from typing import Any

import pytest

from bot.sandbox import check_payload
from tests.sandbox.payload_parts import (
    actions,
    button,
    field,
    home,
    modal,
    mrkdwn,
    option,
    overflow,
    plain,
    section,
    select,
)

Json = dict[str, Any]
DIVIDER: Json = {"type": "divider"}
CONFIRM: Json = {
    "title": plain("Sure?"),
    "text": plain("Really?"),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}


def message(*blocks: Json, text: str = "text") -> Json:
    return {"text": text, "blocks": list(blocks)}


def header(length: int) -> Json:
    return {"type": "header", "text": plain("x" * length)}


def context(count: int) -> Json:
    return {"type": "context", "elements": [mrkdwn("x")] * count}


def buttons(count: int) -> Json:
    return actions(*(button(f"a{number}") for number in range(count)))


def chosen(kind: str, count: int) -> Json:
    return {"type": kind, "options": [option(str(number)) for number in range(count)]}


def typed(**limits: Any) -> Json:
    return modal(field("name", {"type": "plain_text_input", **limits}))


def confirmed(**words: Json) -> Json:
    return message(actions(button(confirm=CONFIRM | words)))


def markdown(length: int) -> Json:
    return {"type": "markdown", "text": "x" * length}


def table(rows: int, columns: int, text: str = "x") -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * columns] * rows}


def data_table(**more: Any) -> Json:
    return {"type": "data_table", "caption": "All", "rows": [[{"type": "raw_text", "text": "x"}]], **more}


def card(count: int) -> Json:
    return {"type": "card", "title": plain("A card"), "actions": [button(f"a{one}") for one in range(count)]}


def group(count: int) -> Json:
    groups = [{"label": plain(str(number)), "options": [option("1")]} for number in range(count)]
    return {"type": "static_select", "option_groups": groups}


def files(most: int) -> Json:
    return modal(field("name", {"type": "file_input", "max_files": most}))


# (what, surface, payload at the limit, payload beyond it)
LIMITS: list[tuple[str, str, Json, Json]] = [
    ("message text", "message", message(text="x" * 4_000), message(text="x" * 4_001)),
    ("message blocks", "message", message(*[DIVIDER] * 50), message(*[DIVIDER] * 51)),
    ("modal blocks", "modal", modal(*[DIVIDER] * 100), modal(*[DIVIDER] * 101)),
    ("home blocks", "home", home(*[DIVIDER] * 100), home(*[DIVIDER] * 101)),
    ("view without blocks", "home", home(DIVIDER), home()),
    ("title", "modal", modal(DIVIDER, title=plain("x" * 24)), modal(DIVIDER, title=plain("x" * 25))),
    ("submit", "modal", modal(DIVIDER, submit=plain("x" * 24)), modal(DIVIDER, submit=plain("x" * 25))),
    ("close", "modal", modal(DIVIDER, close=plain("x" * 24)), modal(DIVIDER, close=plain("x" * 25))),
    (
        "private_metadata",
        "modal",
        modal(DIVIDER, private_metadata="x" * 3_000),
        modal(DIVIDER, private_metadata="x" * 3_001),
    ),
    ("callback_id", "modal", modal(DIVIDER, callback_id="x" * 255), modal(DIVIDER, callback_id="x" * 256)),
    ("external_id", "modal", modal(DIVIDER, external_id="x" * 255), modal(DIVIDER, external_id="x" * 256)),
    ("block_id", "message", message(section(block_id="x" * 255)), message(section(block_id="x" * 256))),
    ("action_id", "message", message(actions(button("x" * 255))), message(actions(button("x" * 256)))),
    ("section text", "message", message(section("x" * 3_000)), message(section("x" * 3_001))),
    (
        "section fields",
        "message",
        message(section(fields=[plain("x")] * 10)),
        message(section(fields=[plain("x")] * 11)),
    ),
    (
        "one field",
        "message",
        message(section(fields=[plain("x" * 2_000)])),
        message(section(fields=[plain("x" * 2_001)])),
    ),
    ("empty text", "message", message(section("x")), message(section(""))),
    ("header", "message", message(header(150)), message(header(151))),
    ("context", "message", message(context(10)), message(context(11))),
    ("actions", "message", message(buttons(25)), message(buttons(26))),
    (
        "button text",
        "message",
        message(actions(button(text="x" * 75))),
        message(actions(button(text="x" * 76))),
    ),
    (
        "button value",
        "message",
        message(actions(button("a", "x" * 2_000))),
        message(actions(button("a", "x" * 2_001))),
    ),
    (
        "button url",
        "message",
        message(actions(button(url="x" * 3_000))),
        message(actions(button(url="x" * 3_001))),
    ),
    (
        "accessibility_label",
        "message",
        message(actions(button(accessibility_label="x" * 75))),
        message(actions(button(accessibility_label="x" * 76))),
    ),
    (
        "button style",
        "message",
        message(actions(button(style="danger"))),
        message(actions(button(style="green"))),
    ),
    ("option value", "message", message(actions(overflow("x" * 150))), message(actions(overflow("x" * 151)))),
    (
        "option text",
        "modal",
        modal(field("f", {"type": "radio_buttons", "options": [option("1", "x" * 75)]})),
        modal(field("f", {"type": "radio_buttons", "options": [option("1", "x" * 76)]})),
    ),
    (
        "option description",
        "modal",
        modal(field("f", {"type": "checkboxes", "options": [option("1", description=plain("x" * 75))]})),
        modal(field("f", {"type": "checkboxes", "options": [option("1", description=plain("x" * 76))]})),
    ),
    ("overflow", "message", message(actions(overflow(*"12345"))), message(actions(overflow(*"123456")))),
    (
        "static select",
        "modal",
        modal(field("f", chosen("static_select", 100))),
        modal(field("f", chosen("static_select", 101))),
    ),
    ("option groups", "modal", modal(field("f", group(100))), modal(field("f", group(101)))),
    (
        "radio buttons",
        "modal",
        modal(field("f", chosen("radio_buttons", 10))),
        modal(field("f", chosen("radio_buttons", 11))),
    ),
    (
        "checkboxes",
        "modal",
        modal(field("f", chosen("checkboxes", 10))),
        modal(field("f", chosen("checkboxes", 11))),
    ),
    ("confirm title", "message", confirmed(title=plain("x" * 100)), confirmed(title=plain("x" * 101))),
    ("confirm text", "message", confirmed(text=plain("x" * 300)), confirmed(text=plain("x" * 301))),
    ("confirm confirm", "message", confirmed(confirm=plain("x" * 30)), confirmed(confirm=plain("x" * 31))),
    ("confirm deny", "message", confirmed(deny=plain("x" * 30)), confirmed(deny=plain("x" * 31))),
    (
        "label",
        "modal",
        modal(field("f", label=plain("x" * 2_000))),
        modal(field("f", label=plain("x" * 2_001))),
    ),
    ("hint", "modal", modal(field("f", hint=plain("x" * 2_000))), modal(field("f", hint=plain("x" * 2_001)))),
    ("placeholder", "modal", typed(placeholder=plain("x" * 150)), typed(placeholder=plain("x" * 151))),
    ("min_length", "modal", typed(min_length=3_000), typed(min_length=3_001)),
    ("max_length", "modal", typed(max_length=3_000), typed(max_length=3_001)),
    ("max_length zero", "modal", typed(max_length=1), typed(max_length=0)),
    ("min above max", "modal", typed(min_length=2, max_length=2), typed(min_length=3, max_length=2)),
    (
        "initial_value",
        "modal",
        typed(max_length=3, initial_value="abc"),
        typed(max_length=3, initial_value="abcd"),
    ),
    ("max_files", "modal", files(10), files(11)),
    (
        "image_url",
        "message",
        message({"type": "image", "image_url": "x" * 3_000, "alt_text": ""}),
        message({"type": "image", "image_url": "x" * 3_001, "alt_text": ""}),
    ),
    (
        "alt_text",
        "message",
        message({"type": "image", "image_url": "x", "alt_text": "x" * 2_000}),
        message({"type": "image", "image_url": "x", "alt_text": "x" * 2_001}),
    ),
    ("markdown together", "message", message(*[markdown(6_000)] * 2), message(*[markdown(6_001)] * 2)),
    ("table rows", "message", message(table(100, 1)), message(table(101, 1))),
    ("table columns", "message", message(table(1, 20)), message(table(1, 21))),
    ("table characters", "message", message(table(1, 1, "x" * 10_000)), message(table(1, 1, "x" * 10_001))),
    ("tables", "message", message(table(1, 1)), message(table(1, 1), table(1, 1))),
    ("data_table page", "message", message(data_table(page_size=100)), message(data_table(page_size=101))),
    ("data_table caption", "message", message(data_table()), message(data_table(caption=""))),
    ("card buttons", "message", message(card(3)), message(card(4))),
    (
        "carousel",
        "message",
        message({"type": "carousel", "elements": [card(1)] * 10}),
        message({"type": "carousel", "elements": [card(1)] * 11}),
    ),
    (
        "container",
        "message",
        message({"type": "container", "child_blocks": [DIVIDER] * 10}),
        message({"type": "container", "child_blocks": [DIVIDER] * 11}),
    ),
    (
        "alert",
        "modal",
        modal({"type": "alert", "text": plain("x" * 200)}),
        modal({"type": "alert", "text": plain("x" * 201)}),
    ),
]


@pytest.mark.parametrize(("what", "surface", "fits", "exceeds"), LIMITS, ids=[row[0] for row in LIMITS])
def test_limit(what: str, surface: str, fits: Json, exceeds: Json) -> None:
    assert check_payload(surface, fits) == []
    assert check_payload(surface, exceeds) != []


# (what, surface, payload, the words of the one problem)
SHAPES: list[tuple[str, str, Json, str]] = [
    (
        "a message without text",
        "message",
        {"blocks": [DIVIDER]},
        "text: a message needs a text, also beside blocks",
    ),
    ("an unknown block", "message", message({"type": "poem"}), "blocks[0]: unsupported block type: 'poem'"),
    ("a misspelt key", "message", message(section(txet="x")), "blocks[0]: invalid additional property: txet"),
    ("a section of nothing", "message", message({"type": "section"}), "blocks[0]: needs a text or fields"),
    (
        "mrkdwn in a header",
        "message",
        message({"type": "header", "text": mrkdwn("x")}),
        "blocks[0].text: must be plain_text",
    ),
    (
        "mrkdwn on a button",
        "message",
        message(actions({"type": "button", "text": mrkdwn("x")})),
        "blocks[0].elements[0].text: must be plain_text",
    ),
    (
        "a text input among buttons",
        "message",
        message(actions({"type": "plain_text_input"})),
        "blocks[0].elements[0]: plain_text_input is not allowed in a block of type actions",
    ),
    (
        "a button in a context",
        "message",
        message({"type": "context", "elements": [button()]}),
        "blocks[0].elements[0]: button is not allowed in a block of type context",
    ),
    (
        "an input without submit",
        "modal",
        modal(field("f"), submit=None),
        "submit: required when the view has an input block",
    ),
    (
        "the same block_id twice",
        "message",
        message(section(block_id="b"), section(block_id="b")),
        "block_id: 'b' is used twice",
    ),
    (
        "the same button twice",
        "message",
        message(actions(button("a"), button("a"))),
        "action_id: 'a' is used twice",
    ),
    (
        "the same input twice",
        "modal",
        modal(field("f"), field("f", block_id="other")),
        "action_id: 'f' is used twice",
    ),
    (
        "a number on the Home tab",
        "home",
        home(field("f", {"type": "number_input", "is_decimal_allowed": True})),
        "blocks[0].element: number_input is not allowed in a home",
    ),
    (
        "an alert in a message",
        "message",
        message({"type": "alert", "text": plain("x")}),
        "blocks[0]: alert is not allowed in a message",
    ),
    (
        "a table in a modal",
        "modal",
        modal(table(1, 1)),
        "blocks[0]: table is not allowed in a modal",
    ),
    (
        "a preset that is no option",
        "modal",
        modal(field("f", select("a") | {"initial_option": option("b")})),
        "blocks[0].element: initial option 'b' is not one of the options",
    ),
    (
        "a date in words",
        "modal",
        modal(field("f", {"type": "datepicker", "initial_date": "tomorrow"})),
        "blocks[0].element.initial_date: must be YYYY-MM-DD",
    ),
    (
        "a date that never comes",
        "modal",
        modal(field("f", {"type": "datepicker", "initial_date": "2026-02-30"})),
        "blocks[0].element.initial_date: must be YYYY-MM-DD",
    ),
    (
        "an hour that never strikes",
        "modal",
        modal(field("f", {"type": "timepicker", "initial_time": "25:00"})),
        "blocks[0].element.initial_time: must be HH:MM",
    ),
    (
        "a moment in words",
        "modal",
        modal(field("f", {"type": "datetimepicker", "initial_date_time": "soon"})),
        "blocks[0].element.initial_date_time: must be seconds since 1970 in ten digits",
    ),
    ("a modal for the Home tab", "home", {"type": "modal", "blocks": [DIVIDER]}, "type: must be home"),
]


@pytest.mark.parametrize(("what", "surface", "payload", "words"), SHAPES, ids=[row[0] for row in SHAPES])
def test_shape(what: str, surface: str, payload: Json, words: str) -> None:
    assert check_payload(surface, payload) == [words]


def test_same_action_on_two_cards_is_fine() -> None:
    twice: Json = {"type": "card", "title": plain("A card"), "actions": [button("a"), button("a")]}
    assert check_payload("message", message({"type": "carousel", "elements": [card(2), card(2)]})) == []
    assert check_payload("message", message({"type": "carousel", "elements": [card(2), twice]})) != []


def test_same_action_in_two_blocks_is_fine() -> None:
    assert check_payload("home", home(actions(button("take", "1")), actions(button("take", "2")))) == []


def test_unknown_surface() -> None:
    with pytest.raises(ValueError, match="unknown surface"):
        check_payload("canvas", {})
