"""The form for a new opportunity, and what resembles it while it is being written."""

from collections.abc import Mapping
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.improvement import alike
from bot.workflow import scene
from handlers.blocks import Block, paragraphs
from handlers.hearing import Hearing
from handlers.modal import read
from handlers.steps import check, open_form

STEP = "raise_opportunity"
HEEDED = "title"
"""The input that is read while it is filled in; words in it are enough to find what resembles them."""
OPENED_WITH = ("type", "title", "submit", "close", "callback_id", "private_metadata")

log = structlog.get_logger()


def open_raise(hearing: Hearing, values: Mapping[str, Any]) -> None:
    """Open the form for a new opportunity, prefilled."""
    step = hearing.context.workflow.step_of("improvement", STEP)
    here = scene.blank(hearing.company, hearing.now, "improvement", hearing.actor)
    check(hearing, step, here)
    presets = {**step.presets(here, hearing.actor), **values}
    open_form(hearing, step, here, presets, also=_raised_before(hearing, presets), heeded=[HEEDED])


def heed(hearing: Hearing) -> None:
    """Something was typed: say above the inputs what resembles it, so that nothing is raised twice unknowingly.

    The view is sent again only where that has changed: Slack allows few updates, and what is typed meanwhile stays.
    """
    hearing.ack()
    view = hearing.body["view"]
    step = hearing.context.workflow.step_of("improvement", STEP)
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    said = [block for block in view["blocks"] if block["type"] != "input"]
    found = paragraphs(_raised_before(hearing, read(step.form, view["state"]["values"])))
    if _texts(found) == _texts(said):
        return
    changed = {name: view[name] for name in OPENED_WITH} | {"blocks": [*found, *inputs]}
    try:
        hearing.slack.views_update(view_id=view["id"], hash=view["hash"], view=changed)
    except SlackApiError as error:
        # Sent or closed meanwhile, or changed by the next letter, whose own hint follows.
        log.info("hint_too_late", error=error.response.get("error"))


def _raised_before(hearing: Hearing, values: Mapping[str, Any]) -> list[str]:
    title, description = str(values.get("title") or ""), str(values.get("description") or "")
    if not title and not description:
        return []
    with hearing.reading() as session:
        found = alike.of_text(session, title, description, limit=hearing.company.profile.triage.similar_shown)
    return [hearing.words.mrkdwn(sentence) for sentence in found]


def _texts(blocks: list[Block]) -> list[str]:
    return [block["text"]["text"] for block in blocks]
