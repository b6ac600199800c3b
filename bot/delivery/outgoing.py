"""What a row of the outbox becomes at the moment it is sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from storage.outbox import OutboxRow


@dataclass(frozen=True)
class Attachment:
    """A file to be shared. Slack keeps no key of ours with it: it is found again by `name`, which is never used twice.

    `title` stands above it; `alt_text`, of at most 1000 characters, says what can be seen in it.
    """

    name: str
    content: bytes
    title: str
    alt_text: str


@dataclass(frozen=True)
class Outgoing:
    """A message ready for Slack. `channel` is a channel, a DM or, for a new message, a person.

    With `update_ts` it replaces the message there; with `thread_ts` it is posted into that thread. With a `file`
    it has no blocks.
    """

    channel: str
    text: str
    blocks: Sequence[dict[str, Any]] = ()
    update_ts: str | None = None
    thread_ts: str | None = None
    file: Attachment | None = None


Renderer = Callable[[Session, OutboxRow], Outgoing | None]
"""Puts a row into words as it is sent, so that it says what is true then; None if nothing is left to say."""
