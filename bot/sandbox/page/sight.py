"""What one person sees: their conversations, and the messages and threads in them."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.company import User
from bot.sandbox.page.dates import instant_of
from bot.sandbox.state import Message, Workspace

A_SCREENFUL = 100


@dataclass(frozen=True)
class Place:
    """A conversation in the sidebar. `kind` is "channel", "private" or "direct"."""

    id: str
    name: str
    kind: str
    topic: str = ""
    people: int = 0


@dataclass(frozen=True)
class Line:
    """A message with its author, when it was said, and how many replies the reader sees."""

    message: Message
    author: User
    at: datetime
    replies: int = 0
    last_reply: datetime | None = None


@dataclass(frozen=True)
class Stretch:
    """The end of a conversation. `older` is the ts from which a longer one would begin; None at its beginning."""

    lines: list[Line]
    older: str | None = None


class Sight:
    """The workspace with one person's eyes."""

    def __init__(self, workspace: Workspace, reader: User) -> None:
        self._workspace = workspace
        self.reader = reader

    def places(self) -> list[Place]:
        """The conversation with the app, and the channels this person is in."""
        own = self._workspace.dm_of(self.reader.id)
        channels = [c for c in self._workspace.channels.values() if self.reader.id in self._workspace.people_in(c.id)]
        return [
            Place(own, self._workspace.company.bot_name, "direct"),
            *(
                Place(c.id, c.name, "private" if c.is_private else "channel", c.topic, len(self._people(c.id)))
                for c in channels
            ),
        ]

    def place(self, channel: str) -> Place | None:
        """A conversation this person is in, None for any other."""
        return next((one for one in self.places() if one.id == channel), None)

    def messages(self, channel: str) -> list[Message]:
        """All this person may read there, oldest first, replies among them."""
        if self.place(channel) is None:
            return []
        return [m for m in self._workspace.messages_in(channel) if m.ephemeral_for in (None, self.reader.id)]

    def stretch(self, channel: str, since: str | None = None) -> Stretch:
        """The last hundred messages outside threads; from `since` on where that is more."""
        seen = self.messages(channel)
        roots = {message.ts for message in seen if not is_reply(message)}
        outside = [m for m in seen if not is_reply(m) or m.broadcast or m.thread_ts not in roots]
        start = max(0, min(len(outside) - A_SCREENFUL, _index(outside, since)))
        older = outside[max(0, start - A_SCREENFUL)].ts if start else None
        return Stretch(list(self._lines(outside[start:], _replies(seen))), older)

    def thread(self, channel: str, ts: str) -> list[Line]:
        """A message and its replies; empty where there is none that this person may read."""
        seen = self.messages(channel)
        found = [m for m in seen if m.ts == ts or (is_reply(m) and m.thread_ts == ts)]
        return list(self._lines(found, {}))

    def _lines(self, messages: list[Message], replies: dict[str, list[str]]) -> Iterator[Line]:
        for message in messages:
            answers = replies.get(message.ts, [])
            last = instant_of(max(answers), self.reader.tz) if answers else None
            at = instant_of(message.ts, self.reader.tz)
            yield Line(message, self._workspace.users[message.user], at, len(answers), last)

    def _people(self, channel: str) -> list[str]:
        return [one for one in self._workspace.people_in(channel) if not self._workspace.users[one].is_bot]


def is_reply(message: Message) -> bool:
    """Said in a thread, under another message."""
    return message.thread_ts not in (None, message.ts)


def initials(user: User) -> str:
    """Two letters for an avatar: 陈晓, or AS for Alex Smith."""
    name = user.shown_name
    if name.isascii():
        return "".join(part[0] for part in name.split()[:2]).upper()
    return name[-2:]


def total(unread: Counter[str]) -> int:
    return sum(unread.values())


def _index(messages: list[Message], since: str | None) -> int:
    if since is None:
        return len(messages)
    return next((number for number, message in enumerate(messages) if message.ts >= since), len(messages))


def _replies(messages: list[Message]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for message in messages:
        if is_reply(message):
            found[str(message.thread_ts)].append(message.ts)
    return found
