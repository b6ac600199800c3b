"""The outer edge of every listener: what a person can mend is said to them, the rest is logged with a reference.

After `ack()` nothing may raise unseen: Bolt would forget the ack, and Slack would show that the app is not there. And
a form that could not be dealt with stays open, with everything that was typed into it.
"""

import secrets
from collections.abc import Callable

import structlog
from slack_bolt import Args
from slack_sdk.errors import SlackApiError

from bot.context import Context
from bot.errors import Invalid, UserError
from bot.render import LANGUAGES
from handlers.hearing import Handle, Hearing, first_input, hear

TRIGGER_GONE = {"expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "trigger_exchanged"}
log = structlog.get_logger()


def guarded(context: Context, handle: Handle) -> Callable[[Args], None]:
    """A Bolt listener around a handler of ours."""

    def listener(args: Args) -> None:
        try:
            hearing = hear(context, args)
        except Exception:  # noqa: BLE001  the outermost edge: without this, Bolt would forget the ack
            _answer_anybody(context, args, _report(args))
            return
        _handle(hearing, handle)

    return listener


def _handle(hearing: Hearing, handle: Handle) -> None:
    try:
        handle(hearing)
        hearing.ack_if_due()
    except UserError as error:
        _say(hearing, hearing.words.mrkdwn(error.message))
    except Exception as error:  # noqa: BLE001  the outermost edge: the person gets a sentence and we get the trace
        _say(hearing, _sentence(hearing, error), stays_open=True)


def _sentence(hearing: Hearing, error: Exception) -> str:
    """A trigger lives three seconds: on a slow connection the person only has to press again."""
    if isinstance(error, SlackApiError) and error.response.get("error") in TRIGGER_GONE:
        return hearing.words.mrkdwn("ui.press_again")
    return hearing.words.mrkdwn("ui.failed", reference=_report(hearing.args))


def _say(hearing: Hearing, sentence: str, *, stays_open: bool = False) -> None:
    try:
        if stays_open and hearing.holds_a_form:
            hearing.keep_open(sentence)
        else:
            hearing.answer(sentence)
    except Exception:
        hearing.ack_if_due()
        log.exception("answer_lost", person=hearing.actor)


def _answer_anybody(context: Context, args: Args, reference: str) -> None:
    """Who it was could not be learnt, so it is said in every language; a form stays open."""
    failed = (context.phrasebook.words(language).say("ui.failed", reference=reference) for language in LANGUAGES)
    sentence = "\n".join(failed)
    if args.body.get("type") == "view_submission":
        args.ack(response_action="errors", errors={first_input(args.body["view"]): sentence})
    elif "command" in args.body:
        args.ack(text=sentence)
    else:
        args.ack()


def _report(args: Args) -> str:
    reference = secrets.token_hex(4)
    log.exception("listener_failed", reference=reference, type=args.body.get("type", args.body.get("command")))
    return reference


def field_errors(hearing: Hearing, error: Invalid) -> dict[str, str]:
    """The sentences of an invalid form by input block, in the reader's language."""
    return {name: hearing.words.say(message) for name, message in error.errors.items()}
