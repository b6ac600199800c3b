"""Emoji by the names people type, :white_check_mark:, as the characters that a browser draws."""

import re

import emoji

NAME = re.compile(r":([a-z0-9_+'-]{1,60}):(?::skin-tone-([2-6]):)?")
# Slack's own names of the round and square marks that others call by their colour alone.
LARGE = re.compile(r"large_(orange|yellow|green|purple|brown)_(circle|square)|large_(red|blue)_square")
FIRST_TONE = 0x1F3FB


def with_emoji(text: str) -> str:
    """The text with every known :name: drawn; what nobody knows stays as it was typed."""
    return NAME.sub(lambda found: emoji_named(found[1], found[2]) or found[0], text)


def emoji_named(name: str, tone: str | None = None) -> str | None:
    """The characters of one emoji, in one of Slack's skin tones 2 to 6; None for a name nobody knows."""
    known = name.removeprefix("large_") if LARGE.fullmatch(name) else name
    typed = f":{known}:"
    drawn = emoji.emojize(typed, language="alias")
    if drawn == typed:
        return None
    return drawn.rstrip("\ufe0f") + chr(FIRST_TONE + int(tone) - 2) if tone else drawn
