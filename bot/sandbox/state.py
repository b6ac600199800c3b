"""What the workspace remembers: people, conversations, messages, views, and simulated time.

Everything here runs on the server's one event loop, so nothing is locked.
"""

import itertools
import secrets
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sandbox.block_parts import blocks_words, elements_of, fill_ids, message_words, with_ids
from bot.sandbox.company import Channel, Company, User
from bot.sandbox.pulse import Pulse
from bot.sandbox.records import File, Json, Message, ResponseUrl, Shown, State, Trigger, View
from bot.sandbox.wire import WireLog

__all__ = [
    "File",
    "Json",
    "Message",
    "ResponseUrl",
    "Shown",
    "State",
    "Trigger",
    "View",
    "Workspace",
    "blocks_words",
    "elements_of",
    "fill_ids",
    "message_words",
    "with_ids",
]

TRIGGER_LIFE_SECONDS = 3.0
RESPONSE_URL_LIFE = timedelta(minutes=30)
RESPONSE_URL_USES = 5
GESTURE_SECONDS = 2.0


class Workspace:
    """All state of one sandbox. `now` is simulated time, aware; only `move_to` changes it."""

    def __init__(self, company: Company, now: datetime) -> None:
        if now.tzinfo is None:
            raise ValueError("simulated time needs a time zone")
        self.company = company
        self.now = now.astimezone(UTC)
        self.url = ""
        self.wire = WireLog(lambda: self.now)
        self.pulse = Pulse()
        self.users: dict[str, User] = {user.id: user for user in company.users}
        self.channels: dict[str, Channel] = {channel.id: channel for channel in company.channels}
        self.members: dict[str, list[str]] = {c.id: list(c.members) for c in company.channels}
        self.dms: dict[str, str] = {}
        self.messages: list[Message] = []
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        self.behind: list[list[str]] = []
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.suggested: dict[tuple[str, str, str], dict[str, Json]] = {}
        self._tickets: set[str] = set()
        self.files: dict[str, File] = {}
        self.shown: list[Shown] = []
        self.gestures = 0
        self.activity = 0
        self.calls_in_flight = 0
        self._last_ts = 0
        self._order = itertools.count(1)
        bot = User(company.bot_user_id, company.bot_name, company.bot_name, is_bot=True)
        self.users.setdefault(bot.id, bot)

    # -- time and ids

    def move_to(self, now: datetime) -> None:
        """Simulated time never runs backwards; an earlier instant is ignored."""
        self.now = max(self.now, now.astimezone(UTC))

    def rate_seconds(self) -> float:
        """The clock that rate budgets are counted on: people need some time for every gesture."""
        return self.now.timestamp() + self.gestures * GESTURE_SECONDS

    def next_ts(self) -> str:
        """A message ts: simulated time in microseconds, unique and rising."""
        micros = int(self.now.timestamp() * 1_000_000)
        self._last_ts = max(micros, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def next_order(self) -> int:
        return next(self._order)

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{next(self._order):04d}{secrets.token_hex(3).upper()}"

    def new_hash(self) -> str:
        return f"{int(self.now.timestamp())}.{secrets.token_hex(4)}"

    # -- people and conversations

    def person(self, user_id: str) -> User | None:
        return self.users.get(user_id)

    def change_user(self, user_id: str, **changes: Any) -> User:
        self.users[user_id] = replace(self.users[user_id], **changes)
        return self.users[user_id]

    def dm_of(self, user_id: str) -> str:
        """The id of this person's conversation with the bot, open or not."""
        return "D" + user_id[1:]

    def open_dm(self, user_id: str) -> str:
        self.dms[self.dm_of(user_id)] = user_id
        return self.dm_of(user_id)

    def bot_is_in(self, channel_id: str) -> bool:
        return channel_id in self.dms or self.company.bot_user_id in self.members.get(channel_id, ())

    def people_in(self, channel_id: str) -> list[str]:
        if channel_id in self.dms:
            return [self.dms[channel_id], self.company.bot_user_id]
        return list(self.members.get(channel_id, ()))

    def conversation_name(self, channel_id: str) -> str:
        return "directmessage" if channel_id.startswith("D") else self.channels[channel_id].name

    # -- messages

    def post(self, message: Message) -> Message:
        self.messages.append(message)
        if message.ephemeral_for:
            self.say(message.ephemeral_for, message_words(message))
        return message

    def say(self, user_id: str, text: str, *, final: bool = True) -> None:
        self.shown.append(Shown(user_id, text, final))

    def message(self, channel_id: str, ts: str, *, ephemeral: bool = False) -> Message | None:
        for message in self.messages:
            if message.channel == channel_id and message.ts == ts and (ephemeral or not message.ephemeral_for):
                return message
        return None

    def messages_in(self, channel_id: str) -> list[Message]:
        return [message for message in self.messages if message.channel == channel_id]

    def visible_to(self, user_id: str) -> Iterator[Message]:
        """Everything this person can read, oldest first."""
        for message in self.messages:
            may_read = user_id in self.people_in(message.channel)
            if message.ephemeral_for == user_id or (may_read and not message.ephemeral_for):
                yield message

    # -- triggers, response addresses, views

    def issue_trigger(self, user_id: str, view_id: str | None = None) -> str:
        trigger_id = f"{self.next_order()}.{int(self.now.timestamp())}.{secrets.token_hex(16)}"
        self.triggers[trigger_id] = Trigger(user_id, time.monotonic(), view_id)
        return trigger_id

    def issue_ticket(self) -> str:
        """Opens one Socket Mode connection."""
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return ticket

    def take_ticket(self, ticket: str) -> bool:
        """Whether the ticket was issued and not used before."""
        known = ticket in self._tickets
        self._tickets.discard(ticket)
        return known

    def issue_response_url(self, user_id: str, channel_id: str, source: Message | None) -> str:
        token = secrets.token_hex(12)
        self.response_urls[token] = ResponseUrl(token, user_id, channel_id, self.now, source)
        return f"{self.url}/response/{token}"

    def new_view(self, user_id: str, content: Json, *, previous: View | None = None) -> View:
        view_id = self.new_id("V")
        view = View(
            id=view_id,
            user=user_id,
            content=with_ids(content),
            hash=self.new_hash(),
            root_id=previous.root_id if previous else view_id,
            previous_id=previous.id if previous else None,
            order=self.next_order(),
        )
        self.views[view_id] = view
        return view

    def open_views(self, user_id: str) -> list[str]:
        return self.stacks.get(user_id, [])

    def top_view(self, user_id: str) -> View | None:
        stack = self.open_views(user_id)
        return self.views[stack[-1]] if stack else None

    def stack_of(self, view_id: str) -> list[str] | None:
        """The stack a view lies in: the one on screen, or one left open behind it (another device)."""
        return next((stack for stack in self._all_stacks() if view_id in stack), None)

    def open_root(self, view: View) -> None:
        left = self.stacks.get(view.user)
        if left:
            self.behind.append(left)
        self.stacks[view.user] = [view.id]

    def close_views(self, view_ids: Iterable[str]) -> None:
        gone = set(view_ids)
        for stack in self._all_stacks():
            stack[:] = [one for one in stack if one not in gone]
        self.behind = [stack for stack in self.behind if stack]
        for view_id in gone:
            self.views.pop(view_id, None)

    def _all_stacks(self) -> list[list[str]]:
        return [*self.stacks.values(), *self.behind]
