"""Closed items of the same department that resemble a new one, with the cause that was found and what was done.

Plain resemblance of texts: the share of pairs of neighbouring characters that title and description have in common.
"""

from collections import Counter
from itertools import pairwise
from typing import Any

from sqlmodel import Session

import storage.record
import storage.register
from bot.improvement import rounds
from bot.workflow import Scene, scene

LOOKED_AT, SHOWN = 300, 3
ALIKE = 0.2
BEGINNING = 80


def closed_like(session: Session, here: Scene) -> list[dict[str, Any]]:
    """The items most like this one, the most similar first: number, title, cause and measure of each."""
    department = here.item.responsible_dept or ""
    closed = storage.register.closed_in_department(session, department, limit=LOOKED_AT)
    own = pairs(_text(here.item.title, here.item.values.get("description")))
    scored = [(resemblance(own, pairs(_text(r.title, r.values.get("description")))), r.number) for r in closed]
    best = sorted((score, number) for score, number in scored if score >= ALIKE and number != here.item.number)[-SHOWN:]
    numbers = [number for _, number in reversed(best)]
    found = {
        s.record.number: s
        for s in scene.load(session, here.company, here.now, storage.record.find_all(session, numbers))
    }
    return [_lesson(found[number]) for number in numbers]


def pairs(text: str) -> Counter[str]:
    """How often each pair of neighbouring characters stands in a text; blanks and case do not count."""
    plain = "".join(character for character in text.casefold() if character.isalnum())
    return Counter(first + second for first, second in pairwise(plain))


def resemblance(one: Counter[str], other: Counter[str]) -> float:
    """From 0, nothing in common, to 1, the same pairs (Dice)."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _text(title: str, description: str | None) -> str:
    return f"{title} {description or ''}"


def _lesson(found: Scene) -> dict[str, Any]:
    causes = [line.values["root_cause"] for line in rounds.lines(found, rounds.ROOT_CAUSES)]
    done = [measure.values["measure"] for measure in rounds.standing(found)]
    values = found.record.values
    return {
        "number": found.record.number,
        "title": found.record.title,
        "cause": _begin("；".join(causes)) or "-",
        "measure": _begin("；".join(done) or values.get("measure_taken") or "") or "-",
    }


def _begin(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= BEGINNING else line[: BEGINNING - 1] + "…"
