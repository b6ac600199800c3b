"""What people typed, out of the mrkdwn in which Slack hands over commands and messages."""

import re

LINK = re.compile(r"<(?P<kind>[@#!]?)(?P<target>[^|>]+)(?:\|(?P<label>[^>]*))?>")
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def typed(mrkdwn: str) -> str:
    """The text as the person saw it: mentions and links by their names, the three escaped characters themselves."""
    text = LINK.sub(_seen, mrkdwn)
    for entity, character in ENTITIES:
        text = text.replace(entity, character)
    return text


def _seen(link: re.Match[str]) -> str:
    kind = "@" if link["kind"] == "!" else link["kind"]
    return kind + (link["label"] or link["target"])
