"""Closed items of the same department that seem to tell of the same matter, with the cause and what was done."""

from typing import Any

from sqlmodel import Session

from bot.improvement.learned import learned
from bot.knowledge.similar import similar
from bot.workflow import Scene, scene

BEGINNING = 80


def closed_like(session: Session, here: Scene) -> list[dict[str, Any]]:
    """The items most like this one, the most like first: number, title, cause and measure of each."""
    item = here.item
    found = similar(
        session,
        item.title,
        item.values.get("description") or "",
        department=item.responsible_dept or "",
        open_=False,
        without=item.number,
    )
    return [_lesson(there) for there in scene.load(session, here.company, here.now, [one.record for one in found])]


def _lesson(found: Scene) -> dict[str, Any]:
    lesson = learned(found)
    return {
        "number": found.record.number,
        "title": found.record.title,
        "cause": _begin(lesson.cause) or "-",
        "measure": _begin(lesson.measure) or "-",
    }


def _begin(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= BEGINNING else line[: BEGINNING - 1] + "…"
