"""What stands on a screen: the words of a message or form, what can be pressed, and whether Slack would take it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from bot.sandbox import check_payload

SURFACES = {"chat.postMessage": "message", "chat.update": "message", "chat.postEphemeral": "message"}
STEP_OF_MENU = re.compile(r"^(?P<step>[a-z_]+) (?P<number>[A-Z0-9-]+)$")
NUMBER = re.compile(r"^[A-Z]+-\d{4}-\d{4}")


def text_of(blocks: Sequence[Mapping[str, Any]]) -> str:
    """The words of all paragraphs, headlines and grey lines."""
    paragraphs = []
    for block in blocks:
        texts = [block.get("text"), *(e for e in block.get("elements", ()) if e["type"] in ("mrkdwn", "plain_text"))]
        paragraphs += [text["text"] for text in texts if text]
    return "\n".join(paragraphs)


def read(message: Mapping[str, Any]) -> str:
    """A message as a person reads it."""
    return text_of(message["blocks"]) or str(message["text"])


def key_of(message: Mapping[str, Any]) -> str:
    """The outbox key a message carries; a shared file carries none."""
    key: str = message["metadata"]["event_payload"]["key"] if message["metadata"] else ""
    return key


def offered(message: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every step that can be pressed on a message, with the record it is for."""
    for button in message["buttons"]:
        entry = STEP_OF_MENU.match(button["value"])
        if entry:
            yield entry["step"], entry["number"]
        elif NUMBER.match(button["value"]):
            yield button["action_id"], button["value"]


def assert_obeys_slack(calls: Sequence[Mapping[str, Any]], tolerated: Collection[str]) -> None:
    """No call was refused, and every message and view keeps Slack's limits."""
    refused = [c for c in calls if not c["answer"]["ok"] and c["answer"]["error"] not in tolerated]
    assert refused == []
    for call in calls:
        if call["method"] in SURFACES:
            assert check_payload(SURFACES[call["method"]], call["args"]) == []
        elif call["method"].startswith("views."):
            assert check_payload(call["args"]["view"]["type"], call["args"]["view"]) == []
