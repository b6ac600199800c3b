"""The lists of a digest: which there are, how many lines each may have, and what every line begins with."""

from collections.abc import Iterable
from typing import Any, TypedDict, TypeVar

from storage.record import Excerpt, Record
from storage.register import Listed

CAPS = {
    "major": 5,
    "overdue": 10,
    "due": 10,
    "decisions": 10,
    "capa": 1,
    "rounds": 5,
    "checks": 5,
    "project": 1,
    "projects": 10,
    "reports": 10,
    "triage": 5,
    "new": 10,
    "closed": 10,
    "ineffective": 5,
    "learned": 5,
    "extensions": 5,
    "nobody": 5,
    "thanks": 10,
}
"""The lists in the order in which they stand, and the most lines of each."""

Facts = dict[str, Any]
T = TypeVar("T")


class Listing(TypedDict):
    """A list of the digest: its first lines, and how many there are."""

    total: int
    lines: list[Facts]


def listing(found: Listed[T], lines: Iterable[Facts]) -> Listing:
    """A list of which the database gave the first lines and the length."""
    return Listing(total=found.total, lines=list(lines))


def capped(name: str, lines: Iterable[Facts]) -> Listing:
    """A list that is known whole, cut to its cap."""
    found = list(lines)
    return Listing(total=len(found), lines=found[: CAPS[name]])


def facts_of(record: Record | Excerpt) -> Facts:
    """Number and title."""
    return {"number": record.number, "title": record.title}
