"""What of an improvement or a case can be found; written in the same transaction as the step that changes it."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session

import storage.search
from bot.improvement import dimensions, rounds
from bot.improvement.cases import PUBLICATIONS
from bot.improvement.stages import CaseStage, MeasureStage, Stage
from bot.knowledge.words import indexed
from bot.workflow import Scene

IMPROVEMENT, CASE = "improvement", "case"
KINDS = (IMPROVEMENT, CASE)

VALUES = ("suggestion", "requirement", "measure_taken", "result", "closing_note", "project_name", "background")
LINES = {
    rounds.PROBLEMS: ("phenomenon", "scope", "impact_description"),
    rounds.ROOT_CAUSES: ("root_cause",),
    rounds.WHYS: ("why_answer",),
    rounds.CAUSES: ("cause",),
    rounds.CHECKS: ("finding",),
    rounds.OBJECTIVES: ("objective", "metric_name"),
    rounds.APPLICATIONS: ("deliverables", "result_summary"),
    dimensions.EVALUATIONS: ("overall_conclusion", "lessons"),
}
MEASURE = ("measure", "what_was_done")
CASE_TEXT = ("case_cause", "case_practice", "case_result", "case_tags")


def keep(session: Session, whole: Scene) -> None:
    """Write the item as it is now, or take it out if nothing can be learned from it."""
    item = whole.record
    words = _case_words(whole) if item.kind == CASE else _improvement_words(whole)
    if not words:
        storage.search.remove(session, item.number)
        return
    storage.search.put(
        session,
        number=item.number,
        kind=item.kind,
        department=item.responsible_dept,
        open_=item.kind == IMPROVEMENT and item.ended_on is None,
        words=words,
    )


def _improvement_words(whole: Scene) -> list[str]:
    item = whole.record
    if item.ended_on is not None and item.stage != Stage.CLOSED:
        return []
    return indexed(item.title, item.values.get("description") or "", list(_told(whole)))


def _case_words(whole: Scene) -> list[str]:
    """A case as it was published last; what is being written is not found."""
    published = whole.lines(PUBLICATIONS)
    if not published or whole.record.stage == CaseStage.RETIRED:
        return []
    said = published[-1].values
    return indexed(said["case_title"], said["case_problem"], list(_texts(said, CASE_TEXT)))


def _told(whole: Scene) -> Iterator[str]:
    yield from _texts(whole.record.values, VALUES)
    for name, fields in LINES.items():
        for line in whole.lines(name):
            yield from _texts(line.values, fields)
    for part in whole.parts:
        if part.kind == "measure" and part.stage != MeasureStage.DROPPED:
            yield from _texts(part.values, MEASURE)


def _texts(values: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    yield from (values[name] for name in names if values.get(name))
