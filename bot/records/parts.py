"""A measure or a request as it is read in full: what was planned, by when, how far it got, and what was reported."""

from collections.abc import Sequence
from datetime import date

from bot.errors import Message
from bot.improvement import rounds
from bot.records.facts import fact, facts
from bot.workflow import Scene
from storage.record import Record

Line = Sequence[Message]
SAID_ELSEWHERE = ("measure", "responsible", "root_cause_item", "due_on", "deadline_id", "note", "progress_pct")


def short_number(record: Record) -> str:
    """What a part is called within its item: M3."""
    return record.number.rpartition("-")[2]


def in_full(scene: Scene) -> list[Line]:
    """A part, line by line."""
    values, directory = scene.record.values, scene.company.directory
    what = facts(values, directory, only=("measure",))
    rest = facts(values, directory, without=SAID_ELSEWHERE)
    return [*([one] for one in (*what, *_whose(scene))), *_due(scene), *([one] for one in rest), *_progress(scene)]


def root_cause_of(scene: Scene) -> dict[str, str] | None:
    """The root cause a measure is aimed at, with its code."""
    aim = scene.record.values.get("root_cause_item")
    roots = rounds.lines(scene, rounds.ROOT_CAUSES, scene.record.round)
    return next((root.values for root in roots if str(root.no) == aim), None)


def due_of(scene: Scene) -> tuple[date, date] | None:
    """When a measure is due and was due at first; before it was approved only the date that was chosen."""
    deadline = scene.deadline("measure_due")
    if deadline:
        return deadline.current_due, deadline.original_due
    chosen = scene.record.values.get("due_on")
    return (date.fromisoformat(chosen), date.fromisoformat(chosen)) if chosen else None


def _whose(scene: Scene) -> list[Message]:
    record, root = scene.record, root_cause_of(scene)
    aimed = [fact(Message("field.root_cause_item"), f"{root['code']} {root['root_cause']}")] if root else []
    if record.kind != "measure" or not record.owner:
        return aimed
    return [*aimed, fact(Message("field.responsible"), scene.company.directory.name_of(record.owner))]


def _due(scene: Scene) -> list[Line]:
    found: list[Line] = []
    if scene.deadline("measure_due") is None:
        found.append(facts(scene.record.values, scene.company.directory, only=("due_on",)))
    for deadline in scene.deadlines:
        line = [fact(Message(f"deadline.{deadline.name}"), deadline.current_due)]
        if deadline.original_due != deadline.current_due:
            line.append(Message("ui.due_original", {"day": deadline.original_due}))
        if deadline.stopped_on:
            line.append(Message("dossier.stopped", {"day": deadline.stopped_on}))
        found.append(line)
    return found


def _progress(scene: Scene) -> list[Line]:
    entries = [facts(entry.values, scene.company.directory) for entry in scene.lines("progress")]
    return [
        [Message("dossier.progress", {"no": no, "fact": f}), *more] for no, (f, *more) in enumerate(entries, start=1)
    ]
