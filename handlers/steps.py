"""Button → modal → perform → answer, once, for every step there is."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.errors import Invalid, Message, Refused, UserError
from bot.people.visibility import sees_details
from bot.render import Words
from bot.workflow import Line, RecordNumber, Request, Scene, Step, Text, glance, judge
from bot.workflow.forms import Form, marker_of
from handlers import home, lists
from handlers.blocks import Block, cut, section, verbatim
from handlers.cards import sight_of
from handlers.errors import field_errors
from handlers.hearing import Hearing
from handlers.lists import MINE
from handlers.modal import Opened, Origin, read, step_view

TYPED = {Line, Text, RecordNumber}
NUMBER = re.compile(r"[A-Z0-9-]{1,40}")
LINK = re.compile(r"(?P<step>[a-z_]+) (?P<number>[A-Z0-9-]{1,40})")
MINE_ROW = re.compile(rf"{MINE}-(?P<page>\d{{1,9}})")

log = structlog.get_logger()


def press(hearing: Hearing) -> None:
    """A step's button: act at once if one click is enough and what it decides on was shown, else open its form."""
    action = hearing.body["actions"][0]
    _start(hearing, action["action_id"], action["value"], at_once=True)


def choose(hearing: Hearing) -> None:
    """An entry of a "⋯" menu: open the step's form, or act if it has none."""
    action = hearing.body["actions"][0]
    link = LINK.fullmatch(action["selected_option"]["value"])
    if link is None:
        raise UserError("ui.outdated")
    _start(hearing, link["step"], link["number"], at_once=False)


def submit(hearing: Hearing) -> None:
    """A filled form comes back: perform, or say in place what is wrong. What was typed is never lost."""
    view = hearing.body["view"]
    opened = Opened.load(view["private_metadata"])
    step = hearing.context.workflow.step_of(opened.kind, opened.step)
    values = read(step.form, view["state"]["values"])
    request = _request(hearing, step, opened.number, values, seen=opened.seen, from_form=True)
    try:
        done = hearing.context.workflow.perform(request)
    except Invalid as error:
        hearing.ack(response_action="errors", errors=field_errors(hearing, error))
    except UserError as error:
        hearing.answer("", given_back(hearing.words, error.message, step.form, values))
        _draw_again(hearing, opened.origin, opened.number)
    else:
        hearing.ack(response_action="clear")
        _draw_again(hearing, opened.origin, done.number)


def _start(hearing: Hearing, step_id: str, number: str, *, at_once: bool) -> None:
    if not NUMBER.fullmatch(number):
        raise UserError("refused.no_record", number=number)
    with hearing.reading() as session:
        here = hearing.context.workflow.find(session, number, hearing.now)
    step = hearing.context.workflow.step_of(here.record.kind, step_id)
    try:
        check(hearing, step, here)
        presets = step.presets(here, hearing.actor)
        seen = sight_of(hearing.body["actions"][0]["block_id"], step)
        at_once = at_once and step.acts_on_click(here, hearing.actor) and (seen is not None or not step.about)
        if step.asks and not at_once:
            open_form(hearing, step, here, presets)
            return
        _act(hearing, step, number, presets, seen)
    except UserError:
        _draw_again(hearing, origin_of(hearing.body), number)
        raise
    _draw_again(hearing, origin_of(hearing.body), number)


def _act(hearing: Hearing, step: Step, number: str, presets: Mapping[str, Any], seen: str | None) -> None:
    hearing.ack()
    given = {name: _worded(hearing, value) for name, value in presets.items()}
    hearing.turn.over()
    hearing.context.workflow.perform(_request(hearing, step, number, given, seen=seen))


def check(hearing: Hearing, step: Step, here: Scene) -> None:
    """Refuse before a form is opened, so that nobody fills one in in vain; the refusal is on record."""
    try:
        judge(step, here, hearing.actor)
    except Refused as refusal:
        request = _request(hearing, step, here.record.number or None, {})
        hearing.turn.over()
        hearing.context.workflow.record_refusal(request, refusal)
        raise


def open_form(
    hearing: Hearing,
    step: Step,
    here: Scene,
    values: Mapping[str, Any],
    *,
    also: Sequence[str] = (),
    heeded: Sequence[str] = (),
) -> None:
    """Open the form of a step; `heeded` inputs are told of while they are filled in."""
    origin = origin_of(hearing.body)
    opened = Opened(step.id, here.record.kind, here.record.number or None, glance(step, here), origin)
    # First: while a slow opening keeps Bolt waiting for its ack, it would let the catch-all answer as well.
    hearing.ack_if_due()
    about = [*intro(step, here, hearing.actor, hearing.words), *also]
    hearing.open(step_view(step, here, hearing.words, opened, values=values, intro=about, heeded=heeded))


def _request(
    hearing: Hearing,
    step: Step,
    number: str | None,
    values: Mapping[str, Any],
    *,
    seen: str | None = None,
    from_form: bool = False,
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
        from_form=from_form,
    )


def _worded(hearing: Hearing, value: Any) -> Any:
    return hearing.words.say(value) if isinstance(value, Message) else value


def _draw_again(hearing: Hearing, origin: Origin, number: str | None) -> None:
    """A Home tab or an answer that was clicked on; cards follow from the outbox. It never undoes what was done."""
    try:
        if origin.home:
            home.publish(hearing)
        elif origin.answer_url:
            _answer_again(hearing, origin, number)
    except (SlackApiError, OSError, UserError) as error:
        log.warning("not_drawn_again", error=str(error))
    except Exception:
        # The step is taken: whatever goes wrong here, the person must not be told that nothing was done.
        log.exception("not_drawn_again")


def _answer_again(hearing: Hearing, origin: Origin, number: str | None) -> None:
    """The answer that was clicked on: the page of one's own items, or the item that stood there."""
    row, shown = [*origin.row.split(":"), ""][:2]
    page = MINE_ROW.fullmatch(row)
    wanted = shown or number or ""
    if page:
        text, blocks = lists.my_items(hearing, page=int(page["page"]))
    elif NUMBER.fullmatch(wanted):
        text, blocks = lists.one_item(hearing, wanted)
    else:
        return
    hearing.answer_at(origin.answer_url, text, blocks, replace=True)


def origin_of(body: Mapping[str, Any]) -> Origin:
    """Where a click came from, as far as it has to be drawn again."""
    if (body.get("view") or {}).get("type") == "home":
        return Origin(home=True)
    if body.get("container", {}).get("is_ephemeral") and "actions" in body:
        return Origin(answer_url=body["response_url"], row=body["actions"][0]["block_id"])
    return Origin()


def intro(step: Step, here: Scene, person: str, words: Words) -> list[str]:
    """What the form is about, and for somebody who may read it what there is to know and to think of."""
    record = here.record
    if not record.number:
        return []
    lines: list[str] = [words.mrkdwn("ui.about", number=record.number, title=record.title)]
    if not sees_details(person, here.case):
        return lines
    described = record.values.get("measure") or here.item.values.get("description")
    if described:
        lines.append(words.mrkdwn("ui.quote", text=cut(" ".join(described.split()), 600)))
    lines += map(words.mrkdwn, step.guide.brief(here))
    lines += [words.mrkdwn("ui.hint", hint=hint) for hint in step.guide.hints(here)]
    return lines


def given_back(words: Words, sentence: Message, form: type[Form], values: Mapping[str, Any]) -> list[Block]:
    """The sentence, and everything that was typed, so that it can be copied and used again."""
    typed = [(n, v) for n, v in values.items() if v and marker_of(form.model_fields[n]).__class__ in TYPED]
    texts = [block for name, value in typed for block in verbatim(words.say(f"field.{name}"), str(value))]
    return [section(words.mrkdwn(sentence)), *texts]
