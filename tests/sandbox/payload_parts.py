"""Blocks and views in one line each, so that a test shows only what it is about."""

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "text", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(action_id: str = "press", value: str = "1", text: str = "Press", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "value": value, "text": plain(text), **more}


def option(value: str, text: str = "An option", **more: Any) -> Json:
    return {"value": value, "text": plain(text), **more}


def overflow(*values: str, action_id: str = "more") -> Json:
    return {"type": "overflow", "action_id": action_id, "options": [option(value) for value in values]}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def field(name: str, element: Json | None = None, **more: Any) -> Json:
    """An input block whose element has `name` as its action_id."""
    inner = {"type": "plain_text_input", "action_id": name} | (element or {})
    return {"type": "input", "block_id": f"block_{name}", "label": plain(name), "element": inner, **more}


def select(*values: str) -> Json:
    return {"type": "static_select", "options": [option(value) for value in values]}


def modal(*blocks: Json, **more: Any) -> Json:
    found: Json = {"type": "modal", "title": plain("A form"), "callback_id": "form", "blocks": list(blocks)}
    return {**found, "submit": plain("Send"), **more}


def home(*blocks: Json) -> Json:
    return {"type": "home", "blocks": list(blocks)}
