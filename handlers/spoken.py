"""What people typed, out of the mrkdwn in which Slack hands over commands and messages."""

import re

from bot.workflow.forms import tidy
from handlers.blocks import cut

LINK = re.compile(r"<(?P<kind>[@#!]?)(?P<target>[^|>]+)(?:\|(?P<label>[^>]*))?>")
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
TITLE_MOST, DESCRIPTION_MOST = 80, 3000


def typed(mrkdwn: str) -> str:
    """The text as the person saw it: mentions and links by their names, the three escaped characters themselves."""
    text = LINK.sub(_seen, mrkdwn)
    for entity, character in ENTITIES:
        text = text.replace(entity, character)
    return tidy(text)


def title_and_text(text: str) -> dict[str, str]:
    """A text as the beginning of an opportunity: its first line is the title, and all of it the description."""
    first_line = " ".join(text.strip().partition("\n")[0].split())
    filled = {"title": cut(first_line, TITLE_MOST), "description": text.strip()[:DESCRIPTION_MOST]}
    return {name: value for name, value in filled.items() if value}


def _seen(link: re.Match[str]) -> str:
    kind = "@" if link["kind"] == "!" else link["kind"]
    return kind + (link["label"] or link["target"])
