"""What a browser shows, and what it is given for that."""

import hashlib
from dataclasses import dataclass

from markupsafe import Markup

from bot.sandbox.company import User


@dataclass(frozen=True)
class Look:
    """Whose eyes, which conversation or "home", which thread beside it, and from which message (a ts) on."""

    reader: User
    at: str
    thread: str | None = None
    since: str | None = None


@dataclass(frozen=True)
class Region:
    """One part of the page as HTML. Two with the same version look the same."""

    html: Markup
    version: str


def region(html: Markup) -> Region:
    """A region that looks different whenever its HTML is."""
    return Region(html, hashlib.blake2b(html.encode(), digest_size=8).hexdigest())
