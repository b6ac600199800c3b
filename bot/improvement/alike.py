"""What was raised before, in whatever words: still open, then it is merged; closed, then it has happened again."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from sqlmodel import Session

from bot.errors import Message, Refused
from bot.improvement.stages import TRIAGE
from bot.knowledge.similar import Similar, similar
from bot.people.roles import qa, raiser
from bot.workflow import Change, Form, Pick, Scene, StepTable
from bot.workflow.step import Values

recurring = StepTable("improvement")
OPTION = 75


def look(change: Change) -> None:
    """Keep with the record what it resembles, for those who decide about it."""
    found = similar(
        change.session,
        change.record.title,
        change.scene.value("description") or "",
        without=change.record.number,
        limit=change.profile.triage.similar_shown,
    )
    kept = [{"number": one.record.number, "title": one.record.title, "open": one.open} for one in found]
    change.put(alike=kept or None)
    change.note(alike=[one["number"] for one in kept])


def of_text(session: Session, title: str, description: str, *, limit: int) -> list[Message]:
    """What a text resembles before it is sent, as sentences; titles may be read by every employee."""
    return [_sentence(_shown(one)) for one in similar(session, title, description, limit=limit)]


def in_words(scene: Scene) -> list[Message]:
    """What a record resembles, while it waits to be decided about."""
    return [_sentence(one) for one in _found(scene)] if scene.record.stage in TRIAGE else []


def still_open(scene: Scene, _person: str) -> Values:
    """The open item that goes on for both, if there is one like it."""
    numbers = [one["number"] for one in _found(scene) if one["open"]]
    return {"merge_into": numbers[0]} if numbers else {}


class Recurrence(Form):
    """Which closed item it repeats."""

    earlier_item: Annotated[str, Pick("alike")]


def _closed(scene: Scene) -> list[Mapping[str, Any]]:
    return [one for one in _found(scene) if not one["open"]]


def _resembles_a_closed_one(scene: Scene) -> None:
    if scene.record.recurrence_of or not _closed(scene):
        raise Refused("nothing_alike")


def _offered(scene: Scene) -> Mapping[str, Mapping[str, Message | str]]:
    return {"alike": {one["number"]: f"{one['number']} {one['title']}"[:OPTION] for one in _closed(scene)}}


def _most_alike(scene: Scene, _person: str) -> Values:
    return {"earlier_item": _closed(scene)[0]["number"]} if _closed(scene) else {}


@recurring.step(
    from_=TRIAGE,
    who=qa | raiser,
    when=_resembles_a_closed_one,
    choices=_offered,
    preset=_most_alike,
    rank=12,
)
def link_recurrence(change: Change, form: Recurrence) -> None:
    """It has happened again (再次发生): the earlier item is linked, and a CAPA is advised."""
    change.record.recurrence_of = form.earlier_item
    change.tell(qa, "happened_again", earlier=form.earlier_item)


def _found(scene: Scene) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = scene.record.values.get("alike", ())
    return found


def _shown(one: Similar) -> Mapping[str, Any]:
    return {"number": one.record.number, "title": one.record.title, "open": one.open}


def _sentence(one: Mapping[str, Any]) -> Message:
    which = {"number": one["number"], "title": one["title"]}
    return Message("ui.alike_open", which) if one["open"] else Message("ui.alike_closed", which)
