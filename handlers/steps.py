"""Button → modal → perform → answer, once, for every step there is."""

import re
from collections.abc import Mapping
from typing import Any

from bot.errors import Invalid, Message, Refused, UserError
from bot.improvement.advice import advise
from bot.people.visibility import sees_details
from bot.workflow import Done, Request, Scene, Step, glance, scene
from bot.workflow.forms import Form
from handlers import home
from handlers.blocks import Block, cut, section
from handlers.cards import Reader, card, headline
from handlers.errors import field_errors
from handlers.hearing import Hearing
from handlers.modal import Opened, read, step_view

LINK = re.compile(r"^(?P<step>[a-z_]+) (?P<number>[A-Z0-9-]+)$")


def press(hearing: Hearing) -> None:
    """A step's button: act at once if one click is enough, else open its form."""
    action = hearing.body["actions"][0]
    _start(hearing, action["action_id"], action["value"], at_once=True)


def choose(hearing: Hearing) -> None:
    """An entry of a "⋯" menu: open the step's form, or act if it has none."""
    action = hearing.body["actions"][0]
    link = LINK.match(action["selected_option"]["value"])
    if link is None:
        raise UserError("ui.outdated")
    _start(hearing, link["step"], link["number"], at_once=False)


def submit(hearing: Hearing) -> None:
    """A filled form comes back: perform, or say in place what is wrong. What was typed is never lost."""
    view = hearing.body["view"]
    opened = Opened.load(view["private_metadata"])
    step = hearing.context.workflow.step_of(opened.kind, opened.step)
    values = read(step.form, view["state"]["values"])
    request = _request(hearing, step, opened.number, values, seen=opened.seen)
    try:
        done = hearing.context.workflow.perform(request)
    except Invalid as error:
        hearing.ack(response_action="errors", errors=field_errors(hearing, error))
        return
    except UserError as error:
        hearing.answer("", _given_back(hearing, error, step.form, values))
        return
    hearing.ack(response_action="clear")
    _follow_up(hearing, done)


def open_raise(hearing: Hearing, values: Mapping[str, Any]) -> None:
    """Open the form for a new opportunity, prefilled."""
    step = hearing.context.workflow.step_of("improvement", "raise_opportunity")
    here = scene.blank(hearing.company, hearing.now, "improvement", hearing.actor)
    hearing.context.workflow.check(step, here, hearing.actor)
    _open(hearing, step, here, {**step.presets(here, hearing.actor), **values})


def _start(hearing: Hearing, step_id: str, number: str, *, at_once: bool) -> None:
    with hearing.reading() as session:
        here = hearing.context.workflow.find(session, number, hearing.now)
    step = hearing.context.workflow.step_of(here.record.kind, step_id)
    try:
        hearing.context.workflow.check(step, here, hearing.actor)
    except Refused as refusal:
        hearing.context.workflow.record_refusal(_request(hearing, step, number, {}), refusal)
        raise
    presets = step.presets(here, hearing.actor)
    if step.asks and not (at_once and step.acts_on_click(here, hearing.actor)):
        _open(hearing, step, here, presets)
        return
    hearing.ack()
    given = {name: _worded(hearing, value) for name, value in presets.items()}
    _follow_up(hearing, hearing.context.workflow.perform(_request(hearing, step, number, given)))


def _open(hearing: Hearing, step: Step, here: Scene, values: Mapping[str, Any]) -> None:
    opened = Opened(step.id, here.record.kind, here.record.number or None, glance(step, here))
    hearing.open(step_view(step, here, hearing.words, opened, values=values, intro=_intro(hearing, here)))
    hearing.ack_if_due()


def _request(
    hearing: Hearing, step: Step, number: str | None, values: Mapping[str, Any], seen: str | None = None
) -> Request:
    return Request(
        step=step.id,
        actor=hearing.actor,
        key=hearing.key,
        now=hearing.now,
        kind=step.kind,
        number=number,
        values=values,
        seen=seen,
    )


def _follow_up(hearing: Hearing, done: Done) -> None:
    """Cards follow from the outbox. A Home tab or an answer that was clicked on is drawn again at once."""
    if (hearing.body.get("view") or {}).get("type") == "home":
        home.publish(hearing)
    elif hearing.body.get("container", {}).get("is_ephemeral"):
        with hearing.reading() as session:
            here = hearing.context.workflow.find(session, done.number, hearing.now)
        reader = Reader.person(hearing.actor)
        blocks = card(here, reader, hearing.context.workflow, hearing.words, full=True)
        hearing.args.respond(text=headline(here, hearing.words), blocks=blocks, replace_original=True)


def _worded(hearing: Hearing, value: Any) -> Any:
    return hearing.words.say(value) if isinstance(value, Message) else value


def _intro(hearing: Hearing, here: Scene) -> str:
    """What the form is about, for somebody who may read it; with quality's advice while it classifies."""
    record, words = here.record, hearing.words
    if not record.number:
        return ""
    lines = [words.mrkdwn("ui.about", number=record.number, title=record.title)]
    description = here.item.values.get("description")
    if description and sees_details(hearing.actor, here.case):
        lines.append(words.mrkdwn("ui.quote", text=cut(" ".join(description.split()), 600)))
    advice = advise(here) if record.class_ is None and record.kind == "improvement" else None
    if advice:
        reason, class_ = Message(f"advice.{advice.reason}"), Message(f"class.{advice.class_}")
        lines.append(words.mrkdwn("ui.advice", class_=class_, reason=reason))
    return "\n".join(lines)


def _given_back(hearing: Hearing, error: UserError, form: type[Form], values: Mapping[str, Any]) -> list[Block]:
    """The sentence, and everything that was typed, so that it can be copied and used again."""
    words = hearing.words
    texts = {name: value for name, value in values.items() if isinstance(value, str) and len(value) > 1}
    typed = [section(words.mrkdwn("ui.typed", name=Message(f"field.{n}"), text=t)) for n, t in texts.items()]
    return [section(words.mrkdwn(error.message)), *typed]
