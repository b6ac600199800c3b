"""The versions of a charter: what a submitted one changed against the one before, for those who decide again."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import Mention, Message
from bot.improvement import rounds
from bot.improvement.charter import BASICS, RESOURCES
from bot.workflow import Scene

Charter = Mapping[str, Any]
BRIEFLY = 60
PEOPLE = ("sponsor", "proposed_manager", "proposed_members")
OF_MILESTONE = ("measure", "responsible", "due_on")


def since_last_version(scene: Scene) -> list[Message]:
    """What the charter under decision changed against the version before; nothing of a first one."""
    versions: Sequence[Charter] = [line.values for line in scene.whole.lines(rounds.CHARTERS)]
    return changes(versions[-2], versions[-1]) if len(versions) > 1 else []


def changes(before: Charter, after: Charter) -> list[Message]:
    """A sentence for everything that is different in a later version; one sentence if nothing is."""
    names = [name for name in (*BASICS, *RESOURCES) if before.get(name) != after.get(name)]
    fields = [_changed(name, before.get(name), after.get(name)) for name in names]
    found = [*fields, *_objectives(before, after), *_milestones(before, after)]
    title = Message("charter.since", {"version": before["version"]})
    return [title, *(found or [Message("charter.unchanged")])]


def _changed(name: str, before: Any, after: Any) -> Message:
    said = {"field": Message(f"field.{name}"), "before": _said(name, before), "after": _said(name, after)}
    return Message("charter.changed", said)


def _said(name: str, value: Any) -> Any:
    if value in (None, []):
        return Message("charter.empty")
    if name in PEOPLE:
        return [Mention(person) for person in ([value] if isinstance(value, str) else value)]
    text = " ".join(str(value).split())
    return text if len(text) <= BRIEFLY else f"{text[: BRIEFLY - 1]}…"


def _objectives(before: Charter, after: Charter) -> list[Message]:
    old, new = ({o["code"]: o["objective"] for o in charter["objectives"]} for charter in (before, after))
    added = [Message("charter.added", {"no": code, "text": text}) for code, text in new.items() if code not in old]
    return added + [
        Message("charter.removed", {"no": code, "text": text}) for code, text in old.items() if code not in new
    ]


def _milestones(before: Charter, after: Charter) -> list[Message]:
    old, new = (
        {m["number"].rpartition("-")[2]: {name: m[name] for name in OF_MILESTONE} for m in charter["milestones"]}
        for charter in (before, after)
    )
    found = []
    for no in sorted(old.keys() | new.keys(), key=lambda no: int(no[1:])):
        if old.get(no) == new.get(no):
            continue
        kind = "charter.altered" if no in old and no in new else "charter.added" if no in new else "charter.removed"
        found.append(Message(kind, {"no": no, "text": (new.get(no) or old[no])["measure"]}))
    return found
