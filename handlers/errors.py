"""The outer edge of every listener: what a person can mend is said to them, the rest is logged with a reference.

After `ack()` nothing may raise unseen: Bolt would forget the ack, and Slack would show that the app is not there. And
a form that could not be dealt with stays open, with everything that was typed into it.
"""

import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from slack_bolt import Args
from slack_sdk.errors import SlackApiError

from bot.context import Context
from bot.errors import Invalid, Message, UserError
from bot.render import LANGUAGES, Words
from handlers.blocks import section, view
from handlers.hearing import Handle, Hearing, first_input, hear

TRIGGER_GONE = {"expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "trigger_exchanged"}
KIND = re.compile(r"/?[a-z_]{1,40}")
log = structlog.get_logger()


def guarded(context: Context, handle: Handle) -> Callable[[Args], None]:
    """A Bolt listener around a handler of ours."""

    def listener(args: Args) -> None:
        try:
            hearing = hear(context, args)
        except Exception:  # noqa: BLE001  the outermost edge: without this, Bolt would forget the ack
            _answer_anybody(context, args)
            return
        _handle(hearing, handle)

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
        elif "command" in args.body:
            args.ack(text=sentence)
        else:
            args.ack()
            _answer_click(args, sentence, context.phrasebook.words(LANGUAGES[0]))
    except Exception:
        args.ack()
        log.exception("answer_lost", reference=reference)


def _answer_click(args: Args, sentence: str, words: Words) -> None:
    """A click would otherwise seem to have worked: nothing on the screen says that it did not."""
    if "trigger_id" in args.body and (args.body.get("view") or {}).get("type") != "modal":
        notice = view(words.say("ui.notice"), [section(sentence)], close=words.say("ui.close"))
        args.client.views_open(trigger_id=args.body["trigger_id"], view=notice)


def _report(args: Args) -> str:
    reference = secrets.token_hex(4)
    log.exception("listener_failed", reference=reference, type=_kind(args.body))
    return reference


def _kind(body: Mapping[str, Any]) -> str:
    """What was said, as Slack names it; nothing a person can have written."""
    kind = body.get("type") or body.get("command")
    return kind if isinstance(kind, str) and KIND.fullmatch(kind) else "unknown"


def field_errors(hearing: Hearing, error: Invalid) -> dict[str, str]:
    """The sentences of an invalid form by input block, in the reader's language."""
    return {name: hearing.words.say(message) for name, message in error.errors.items()}
