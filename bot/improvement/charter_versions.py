"""The versions of a charter: what a submitted one changed against the one before, for those who decide again."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import takewhile
from typing import Any

from bot.errors import Mention, Message
from bot.figures import grouped
from bot.improvement import results, rounds
from bot.improvement.charter import BASICS, RESOURCES
from bot.workflow import Scene

Charter = Mapping[str, Any]
BRIEFLY, LEAD = 60, 20
"""How much of a text is said, and how much of that stands before the first difference."""

PEOPLE = ("sponsor", "proposed_manager", "proposed_members", "responsible")
FIGURES, DAYS = ("people_days", "budget"), ("due_on",)
OF_MILESTONE = ("measure", "responsible", "due_on")


def since_last_version(scene: Scene) -> list[Message]:
    """What the charter under decision changed against the version before; nothing of a first one."""
    versions: Sequence[Charter] = [line.values for line in scene.whole.lines(rounds.CHARTERS)]
    return changes(versions[-2], versions[-1]) if len(versions) > 1 else []


def changes(before: Charter, after: Charter) -> list[Message]:
    """A sentence for everything that is different in a later version; one sentence if nothing is."""
    fields = [Message("charter.changed", said) for said in _differing((*BASICS, *RESOURCES), before, after)]
    found = [*fields, *_objectives(before, after), *_milestones(before, after)]
    title = Message("charter.since", {"version": before["version"]})
    return [title, *(found or [Message("charter.unchanged")])]


def _differing(names: Sequence[str], before: Charter, after: Charter) -> list[dict[str, Any]]:
    """Each field that reads differently, with what it said and what it says."""
    pairs = {name: (_flat(before.get(name)), _flat(after.get(name))) for name in names}
    return [
        {"field": Message(f"field.{name}"), "before": _said(name, old, new), "after": _said(name, new, old)}
        for name, (old, new) in pairs.items()
        if old != new
    ]


def _flat(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value or None


def _said(name: str, value: Any, other: Any = None) -> Any:
    """A value in words; of a long text the part in which it begins to differ from another."""
    if value is None:
        return Message("charter.empty")
    if name in PEOPLE:
        return [Mention(person) for person in ([value] if isinstance(value, str) else value)]
    if name in DAYS:
        return date.fromisoformat(value)
    return grouped(value) if name in FIGURES else _around_the_difference(value, other or "")


def _around_the_difference(text: str, other: str) -> str:
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, other, strict=False)))
    begin = max(0, min(same - LEAD, len(text) - BRIEFLY)) if other else 0
    end = begin + BRIEFLY
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"


def _objectives(before: Charter, after: Charter) -> list[Message]:
    old, new = ({o["code"]: results.aim(o) for o in charter["objectives"]} for charter in (before, after))
    added = [Message("charter.added", {"no": code, "text": text}) for code, text in new.items() if code not in old]
    return added + [
        Message("charter.removed", {"no": code, "text": text}) for code, text in old.items() if code not in new
    ]


def _milestones(before: Charter, after: Charter) -> list[Message]:
    old, new = ({m["number"].rpartition("-")[2]: m for m in charter["milestones"]} for charter in (before, after))
    found = []
    for no in sorted(old.keys() | new.keys(), key=lambda no: int(no[1:])):
        if no not in old:
            found.append(Message("charter.added", {"no": no, "text": _milestone(new[no])}))
        elif no not in new:
            found.append(Message("charter.removed", {"no": no, "text": _milestone(old[no])}))
        else:
            found += [
                Message("charter.altered", {"no": no, **said}) for said in _differing(OF_MILESTONE, old[no], new[no])
            ]
    return found


def _milestone(values: Mapping[str, Any]) -> Message:
    return Message("charter.milestone", {name: _said(name, _flat(values[name])) for name in OF_MILESTONE})
