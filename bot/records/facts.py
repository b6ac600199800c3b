"""What was filled in, as named values. The forms say what each value is, so a new field needs no code here."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic.fields import FieldInfo

from bot.errors import Message
from bot.figures import grouped
from bot.improvement import LIFECYCLES
from bot.improvement.vocabulary import Conclusion
from bot.people.directory import Directory
from bot.workflow.fields import Member, Members
from bot.workflow.forms import is_choice, marker_of, type_of

Shown = Message | str | date | list[str]
CONCLUSIONS: Mapping[str, Message] = {
    Conclusion.EFFECTIVE: Message("choice.Conclusion.EFFECTIVE"),
    Conclusion.PARTLY: Message("choice.NotEffective.PARTLY"),
    Conclusion.INEFFECTIVE: Message("choice.NotEffective.INEFFECTIVE"),
}
DECISIONS: Mapping[str, Message] = {"PASSED": Message("dossier.passed"), "FAILED": Message("dossier.failed")}
COMPUTED: Mapping[str, tuple[Message, type]] = {
    "classified_by": (Message("dossier.classified_by"), Directory),
    "submitted_by": (Message("dossier.submitted_by"), Directory),
    "plan_note": (Message("dossier.plan_note"), str),
    "plan_approved_by": (Message("dossier.plan_approved_by"), Directory),
    "plan_approved_on": (Message("dossier.plan_approved_on"), date),
    "drop_reason": (Message("dossier.drop_reason"), str),
    "requested_by": (Message("dossier.requested_by"), Directory),
    "decided_by": (Message("dossier.decided_by"), Directory),
    "decision": (Message("dossier.decision"), str),
    "late_wd": (Message("dossier.late_wd"), str),
    "verified_by": (Message("dossier.verified_by"), Directory),
    "check_date": (Message("deadline.check_date"), date),
    "change": (Message("dossier.change"), str),
    "met": (Message("dossier.met"), str),
    "benefit_ratio": (Message("dossier.benefit_ratio"), str),
    "useful": (Message("dossier.useful"), str),
    "evaluator": (Message("dossier.evaluator"), Directory),
    "closed_by": (Message("dossier.closed_by"), Directory),
    "closed_on": (Message("dossier.closed_on"), date),
    "by": (Message("dossier.by"), Directory),
    "on": (Message("dossier.on"), date),
}
"""What no form asks for but is worth reading: its name, and whether it is a person, a day or a text."""


def _fields() -> dict[str, FieldInfo]:
    """Every field of every form, in the order of the steps; the proof of something stands behind it."""
    found: dict[str, FieldInfo] = {}
    for lifecycle in LIFECYCLES.values():
        for step in lifecycle.steps.values():
            for name, field in step.form.model_fields.items():
                if name not in found or marker_of(found[name]) is None:
                    found[name] = field
    return found | {"evidence": found.pop("evidence")}


FIELDS: Mapping[str, FieldInfo] = _fields()
ORDER: Mapping[str, int] = {name: place for place, name in enumerate([*FIELDS, *COMPUTED])}


def facts(
    values: Mapping[str, Any], directory: Directory, *, only: Collection[str] = ORDER, without: Collection[str] = ()
) -> list[Message]:
    """A sentence for each value that has a name, in the order of the forms, as far as it says anything."""
    named = sorted(values.keys() & set(only) & ORDER.keys() - set(without), key=ORDER.__getitem__)
    return [fact(_name(name), shown(name, values[name], directory)) for name in named if _says(values[name])]


def fact(name: Message, value: Any) -> Message:
    """One named value; `value` is anything that can be put into words."""
    return Message("dossier.fact", {"name": name, "value": value})


def shown(name: str, value: Any, directory: Directory) -> Shown:
    """A value as JSON keeps it, turned into what can be put into words; people by name."""
    read = READ.get(name)
    if read:
        return read(value)
    if name in FIELDS:
        return _filled(FIELDS[name], value, directory)
    return _of_type(COMPUTED[name][1], value, directory)


def _name(name: str) -> Message:
    return Message(f"field.{name}") if name in FIELDS else COMPUTED[name][0]


def _says(value: Any) -> bool:
    return value not in (None, "", [], 0)


def _filled(field: FieldInfo, value: Any, directory: Directory) -> Shown:
    kind = type_of(field)
    if is_choice(field):
        return Message(f"choice.{kind.__name__}.{value}")
    match marker_of(field):
        case Member():
            return directory.name_of(value)
        case Members():
            return [directory.name_of(person) for person in value]
        case _:
            return _of_type(kind, value, directory)


def _of_type(kind: Any, value: Any, directory: Directory) -> Shown:
    if kind is Directory:
        return directory.name_of(value)
    if kind is date:
        return date.fromisoformat(value)
    if kind is Decimal:
        return grouped(value)
    if kind is bool:
        return Message("ui.yes") if value else Message("dossier.no")
    return str(value)


READ: Mapping[str, Callable[[Any], Shown]] = {
    "conclusion": lambda value: CONCLUSIONS[value],
    "met": lambda value: Message(f"choice.YesNo.{value}"),
    "decision": lambda value: DECISIONS[value],
    "deadline_item": lambda value: Message(f"deadline.{value}"),
}
"""Values whose names the forms do not tell."""
