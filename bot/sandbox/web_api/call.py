"""One Web API call: who calls, with which arguments, and how it is refused."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.state import Json, Workspace


class SlackError(Exception):
    """An answer with `ok: false` under Slack's own error name; `messages` explains it to a developer."""

    def __init__(self, error: str, messages: Sequence[str] = (), **more: Any) -> None:
        super().__init__(error)
        self.answer: Json = {"ok": False, "error": error, **more}
        if messages:
            self.answer["response_metadata"] = {"messages": [f"[ERROR] {one}" for one in messages]}


@dataclass(frozen=True)
class Call:
    """The workspace that is called and the arguments, as strings (forms) or JSON values."""

    workspace: Workspace
    method: str
    args: Json

    def need(self, name: str) -> str:
        """A required text. Raises invalid_arguments when it is missing or empty."""
        value = self.text(name)
        if not value:
            raise SlackError("invalid_arguments", [f"missing required field: {name}"])
        return value

    def text(self, name: str) -> str | None:
        value = self.args.get(name)
        return None if value is None else str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.args.get(name)
        if value is None or value == "":
            return default
        return str(value).lower() in ("1", "true")

    def number(self, name: str, default: int, *, most: int) -> int:
        value = self.args.get(name)
        if value is None or value == "":
            return default
        if not str(value).isdigit() or not 1 <= int(value) <= most:
            raise SlackError("invalid_arguments", [f"{name} must be between 1 and {most}"])
        return int(value)

    def data(self, name: str, error: str) -> Any:
        """An argument that is JSON, as a string or already parsed. Raises `error` when it is not JSON."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except json.JSONDecodeError as problem:
            raise SlackError(error, [f"{name}: {problem.msg}"]) from problem

    def page(self, items: list[Any], *, default: int, most: int) -> tuple[list[Any], str]:
        """One page of `items` by `cursor` and `limit`, and the cursor of the next one ("" at the end)."""
        cursor = self.text("cursor") or ""
        if cursor and not cursor.removeprefix("next:").isdigit():
            raise SlackError("invalid_cursor")
        start = int(cursor.removeprefix("next:")) if cursor else 0
        end = start + self.number("limit", default, most=most)
        return items[start:end], (f"next:{end}" if end < len(items) else "")
