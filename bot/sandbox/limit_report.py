"""Collects what is wrong with a payload, with the path to it; the small checks all rules share."""

from collections.abc import Collection
from typing import Any


class Report:
    """The problems found so far on one surface."""

    def __init__(self, surface: str) -> None:
        self.surface = surface
        self.problems: list[str] = []

    def add(self, path: str, words: str) -> None:
        self.problems.append(f"{path}: {words}")

    def length(self, path: str, value: Any, most: int, least: int = 0) -> None:
        if value is None:
            return
        if not isinstance(value, str):
            self.add(path, "must be a string")
        elif len(value) > most:
            self.add(path, f"must be at most {most} characters, has {len(value)}")
        elif len(value) < least:
            self.add(path, f"must be at least {least} characters")

    def count(self, path: str, items: Any, most: int, least: int = 0) -> None:
        if not isinstance(items, list):
            self.add(path, "must be a list")
        elif len(items) > most:
            self.add(path, f"must have at most {most} items, has {len(items)}")
        elif len(items) < least:
            self.add(path, f"must have at least {least} items")

    def number(self, path: str, value: Any, least: int, most: int) -> None:
        if value is None:
            return
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.add(path, f"must be a whole number from {least} to {most}")

    def keys(self, path: str, value: dict[str, Any], known: Collection[str]) -> None:
        for key in value:
            if key not in known:
                self.add(path, f"invalid additional property: {key}")

    def text(self, path: str, value: Any, most: int, *, plain: bool = False, least: int = 1) -> None:
        """A text object; `plain` where Slack takes no mrkdwn."""
        if not isinstance(value, dict):
            self.add(path, "must be a text object")
            return
        kind = value.get("type")
        if kind == "mrkdwn" and plain:
            self.add(path, "must be plain_text")
        elif kind not in ("plain_text", "mrkdwn"):
            self.add(path, f"unknown text type {kind!r}")
        known = {"type", "text", "emoji"} if kind == "plain_text" else {"type", "text", "verbatim"}
        self.keys(path, value, known)
        if "text" not in value:
            self.add(path, "missing required field: text")
        self.length(f"{path}.text", value.get("text"), most, least)
