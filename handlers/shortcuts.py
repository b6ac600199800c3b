"""Raising from anywhere: the global shortcut, and a message that becomes an opportunity where it was said."""

from handlers.hearing import Hearing
from handlers.raising import open_raise
from handlers.spoken import title_and_text, typed

GLOBAL, FROM_MESSAGE = "raise_opportunity", "raise_from_message"


def raise_globally(hearing: Hearing) -> None:
    """Open an empty form."""
    open_raise(hearing, {})


def raise_from_message(hearing: Hearing) -> None:
    """Open a form that begins with what the message says."""
    open_raise(hearing, title_and_text(typed(hearing.body["message"].get("text", ""))))
