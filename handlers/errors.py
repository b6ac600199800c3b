"""The outer edge of every listener: what a person can mend is said to them, the rest is logged with a reference.

After `ack()` nothing may raise unseen: Bolt would forget the ack, and Slack would show that the app is not there. And
a form that could not be dealt with stays open, with everything that was typed into it.
"""

import re
import secrets
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import structlog
from slack_bolt import Args
from slack_sdk.errors import SlackApiError

from bot.context import Context
from bot.errors import Invalid, Message, UserError
from bot.listeners import Turn
from bot.render import LANGUAGES
from handlers.blocks import section, view
from handlers.hearing import Handle, Hearing, answer_at, first_input, hear

TRIGGER_GONE = {"expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "trigger_exchanged"}
KIND = re.compile(r"/?[a-z_]{1,40}")
log = structlog.get_logger()

Behind = Callable[[Callable[[Turn], None]], None]
"""Does in its turn what is left to do when an ack is out."""


def guarded(context: Context, handle: Handle, behind: Behind) -> Callable[[Args], None]:
    """A Bolt listener around a handler of ours."""

    def work(args: Args, turn: Turn) -> None:
        try:
            hearing = hear(context, args, turn)
        except Exception:  # noqa: BLE001  the outermost edge: without this, Bolt would forget the ack
            _answer_anybody(context, args)
            return
        _handle(hearing, handle)

    def listener(args: Args) -> None:
        if args.ack.response is None:
            work(args, Turn())
        else:
            behind(partial(work, args))

    return listener


def _handle(hearing: Hearing, handle: Handle) -> None:
    try:
        handle(hearing)
        hearing.ack_if_due()
    except UserError as error:
        _say(hearing, error.message)
    except Exception as error:  # noqa: BLE001  the outermost edge: the person gets a sentence and we get the trace
        _say(hearing, _sentence(hearing, error), stays_open=True)


def _sentence(hearing: Hearing, error: Exception) -> Message:
    """A trigger lives three seconds: on a slow connection the person only has to press again."""
    if isinstance(error, SlackApiError) and error.response.get("error") in TRIGGER_GONE:
        return Message("ui.press_again")
    return Message("ui.failed", {"reference": _report(hearing.args)})


def _say(hearing: Hearing, message: Message, *, stays_open: bool = False) -> None:
    try:
        sentence = hearing.words.mrkdwn(message)
        if stays_open and hearing.holds_a_form:
            hearing.keep_open(sentence)
        else:
            hearing.answer(sentence)
    except Exception:
        hearing.ack_if_due()
        log.exception("answer_lost", person=hearing.actor)


def _answer_anybody(context: Context, args: Args) -> None:
    """Who it was could not be learnt, so it is said in every language; a form stays open."""
    reference = _report(args)
    failed = (context.phrasebook.words(language).say("ui.failed", reference=reference) for language in LANGUAGES)
    sentence = "\n".join(failed)
    try:
        if args.body.get("type") == "view_submission":
            args.ack(response_action="errors", errors={first_input(args.body): sentence})
        elif "command" in args.body and args.ack.response is None:
            args.ack(text=sentence)
        else:
            args.ack()
            _answer_later(context, args.body, sentence)
    except Exception:
        args.ack()
        log.exception("answer_lost", reference=reference)


def _answer_later(context: Context, body: Mapping[str, Any], sentence: str) -> None:
    """A click would otherwise seem to have worked: nothing on the screen says that it did not."""
    if "command" in body and body.get("response_url"):
        answer_at(context.slack, body["response_url"], sentence, [section(sentence)])
    elif "trigger_id" in body and (body.get("view") or {}).get("type") != "modal":
        words = context.phrasebook.words(LANGUAGES[0])
        notice = view(words.say("ui.notice"), [section(sentence)], close=words.say("ui.close"))
        context.slack.views_open(trigger_id=body["trigger_id"], view=notice)


def _report(args: Args) -> str:
    reference = secrets.token_hex(4)
    log.exception("listener_failed", reference=reference, type=_kind(args.body))
    return reference


def _kind(body: Mapping[str, Any]) -> str:
    """What was said, as Slack names it; nothing a person can have written."""
    kind = body.get("type") or body.get("command")
    return kind if isinstance(kind, str) and KIND.fullmatch(kind) else "unknown"


def field_errors(hearing: Hearing, error: Invalid) -> dict[str, str]:
    """The sentences of an invalid form by input block, in the reader's language.

    What this form has no input for is said at its first one: Slack takes no sentence about a block that is not there,
    nor any other beside it.
    """
    shown = {block["block_id"] for block in hearing.body["view"]["blocks"]}
    said = {name: hearing.words.say(message) for name, message in error.errors.items() if name in shown}
    elsewhere = [
        hearing.words.say("ui.about_field", field=Message(f"field.{name}"), sentence=message)
        for name, message in error.errors.items()
        if name not in shown
    ]
    if elsewhere:
        first = first_input(hearing.body)
        said[first] = "\n".join([*filter(None, [said.get(first)]), *elsewhere])
    return said
