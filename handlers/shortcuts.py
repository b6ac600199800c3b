"""Raising from anywhere: the global shortcut, and a message that becomes an opportunity where it was said."""

from handlers.hearing import Hearing
from handlers.spoken import typed
from handlers.steps import open_raise

GLOBAL, FROM_MESSAGE = "raise_opportunity", "raise_from_message"
TITLE_MOST, DESCRIPTION_MOST = 80, 3000


def raise_globally(hearing: Hearing) -> None:
    """Open an empty form."""
    open_raise(hearing, {})


def raise_from_message(hearing: Hearing) -> None:
    """Open a form that begins with what the message says."""
    text = typed(hearing.body["message"].get("text", "")).strip()
    first_line = " ".join(text.splitlines()[0].split())[:TITLE_MOST] if text else ""
    filled = {"title": first_line, "description": text[:DESCRIPTION_MOST]}
    open_raise(hearing, {name: value for name, value in filled.items() if value})
