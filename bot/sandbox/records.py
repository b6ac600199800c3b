"""What the workspace is made of: messages, views, triggers, response addresses, files."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]
# Slack's `state.values`: what stands in the elements, by block_id and action_id.
State = dict[str, dict[str, Json]]


@dataclass
class Message:
    """One message in one conversation. `ephemeral_for` names the only person who sees it."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    edited: str | None = None
    ephemeral_for: str | None = None
    files: list[Json] = field(default_factory=list)
    broadcast: bool = False
    chosen: dict[str, State] = field(default_factory=dict)

    def state_of(self, user: str) -> State:
        """What this person has chosen in the message; others do not see it."""
        return self.chosen.setdefault(user, {})


@dataclass
class View:
    """A modal or a Home tab as it stands on one person's screen, with what was typed into it."""

    id: str
    user: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    state: State = field(default_factory=dict)
    order: int = 0

    @property
    def is_home(self) -> bool:
        return bool(self.content["type"] == "home")

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.content["blocks"]
        return blocks

    def state_of(self, user: str) -> State:
        """What has been chosen and typed; a view has one reader."""
        return self.state


@dataclass
class Trigger:
    """Allows the bot to open one modal for one person within three real seconds."""

    user: str
    born: float
    view_id: str | None
    used: bool = False


@dataclass
class ResponseUrl:
    """A `response_url`: where it answers, to whom, and what it has already said."""

    token: str
    user: str
    channel: str
    born: datetime
    source: Message | None
    uses: int = 0
    said: Message | None = None


@dataclass
class File:
    """An uploaded file; `shared` is false until the upload has been completed."""

    id: str
    name: str
    title: str
    user: str
    content: bytes = b""
    length: int = 0
    alt_text: str = ""
    uploaded: bool = False
    shared: bool = False
    channels: list[str] = field(default_factory=list)
    created: int = 0


@dataclass(frozen=True)
class Shown:
    """Something said to one person alone. `final` is false where more can be pressed on it."""

    user: str
    text: str
    final: bool = True
