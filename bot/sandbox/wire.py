"""The wire log: everything that went between the workspace and the bot, in the order in which it began.

An entry is data from the start, so that the control API and the page show it as it is:
n, now, direction, what, args or payload, answer, error, transport. `answer` is None until there is one.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.sandbox.records import Json


class WireLog:
    """The entries, oldest first. `now` gives simulated time."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.entries: list[Json] = []

    def call(self, method: str, args: Json, transport: str = "web_api") -> Json:
        """The bot asks the workspace; the entry returned is finished with `answered`."""
        return self._begin({"direction": "call", "what": method, "args": args, "transport": transport})

    def payload(self, kind: str, payload: Json, transport: str, attempt: int) -> Json:
        """The workspace tells the bot. `attempt` counts from 0; `acked` is None until the bot did or did not."""
        entry = {"direction": "payload", "what": type_of(kind, payload), "payload": payload, "transport": transport}
        return self._begin({**entry, "attempt": attempt, "acked": None, "reason": None})

    def answered(self, entry: Json, answer: Any, error: str | None = None) -> None:
        """What came back, with Slack's name of what was wrong with it."""
        entry["answer"], entry["error"] = answer, error

    @property
    def last(self) -> int:
        """The number of the newest entry, 0 where there is none."""
        return len(self.entries)

    def since(self, number: int) -> list[Json]:
        """The entries after the one with this number."""
        return self.entries[max(number, 0) :]

    def _begin(self, parts: Json) -> Json:
        entry = {"n": len(self.entries) + 1, "now": self._now().isoformat(), **parts, "answer": None, "error": None}
        self.entries.append(entry)
        return entry


def type_of(kind: str, payload: Json) -> str:
    """What a person calls a payload: the event or interaction it is, or slash_commands."""
    if kind == "events_api":
        return str(payload.get("event", {}).get("type", payload.get("type")))
    return str(payload.get("type", kind)) if kind == "interactive" else kind
