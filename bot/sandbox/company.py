"""The people, channels and the one app that a sandbox workspace is given by its caller.

Plain data, so that a demo, a test and a JSON file describe a workspace in the same words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

DEFAULT_SCOPES = (
    "commands",
    "chat:write",
    "im:write",
    "users:read",
    "channels:read",
    "channels:join",
    "channels:history",
    "groups:read",
    "groups:history",
    "im:read",
    "im:history",
    "files:read",
    "files:write",
    "team:read",
)


class BadCompanyError(ValueError):
    """The description of a workspace does not fit together; the message says where."""


@dataclass(frozen=True)
class User:
    """One member. `name` is the handle without @, `locale` like "zh-CN", `tz` an IANA name."""

    id: str
    name: str
    real_name: str = ""
    locale: str = "zh-CN"
    tz: str = "Asia/Shanghai"
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_admin: bool = False
    title: str = ""

    @property
    def shown_name(self) -> str:
        return self.real_name or self.name


@dataclass(frozen=True)
class Channel:
    """One channel. The bot is in it when `members` holds the bot's user id."""

    id: str
    name: str
    members: tuple[str, ...] = ()
    is_private: bool = False
    is_archived: bool = False
    topic: str = ""


@dataclass(frozen=True)
class Command:
    """One slash command as the manifest declares it, with its slash."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True)
class Shortcut:
    """One shortcut as the manifest declares it; `type` is "global" or "message"."""

    name: str
    callback_id: str
    type: str = "global"


@dataclass(frozen=True)
class Company:
    """A whole workspace: its people, its channels, and the one app installed in it.

    `events` lists the Events API subscriptions; other events are not sent, as in Slack.
    Raises BadCompanyError where two parts contradict each other.
    """

    users: tuple[User, ...]
    channels: tuple[Channel, ...] = ()
    bot_user_id: str = "U_BOT"
    bot_name: str = "improve"
    bot_id: str = "B_BOT"
    app_id: str = "A_SANDBOX"
    bot_token: str = "xoxb-sandbox"  # noqa: S105 - opens nothing but the sandbox
    app_token: str = "xapp-sandbox"  # noqa: S105 - opens nothing but the sandbox
    team_id: str = "T_SANDBOX"
    team_name: str = "Sandbox"
    team_domain: str = "sandbox"
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    commands: tuple[Command, ...] = (Command("/improve", should_escape=True),)
    shortcuts: tuple[Shortcut, ...] = ()
    events: tuple[str, ...] = ("app_home_opened", "user_change")
    home_tab_enabled: bool = field(default=True)

    def __post_init__(self) -> None:
        ids = [user.id for user in self.users] + [channel.id for channel in self.channels]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise BadCompanyError(f"id used twice: {', '.join(twice)}")
        known = {user.id for user in self.users} | {self.bot_user_id}
        for channel in self.channels:
            strangers = sorted(set(channel.members) - known)
            if strangers:
                raise BadCompanyError(f"{channel.id} has members nobody knows: {', '.join(strangers)}")
        if not self.bot_token.startswith("xoxb-") or not self.app_token.startswith("xapp-"):
            raise BadCompanyError("the bot token starts with xoxb- and the app token with xapp-")


def company_from_json(data: Mapping[str, Any]) -> Company:
    """A Company from its own fields, lists for tuples. Raises BadCompanyError for an unknown key."""
    parts: dict[str, Any] = dict(data)
    kinds: dict[str, type] = {"users": User, "channels": Channel, "commands": Command, "shortcuts": Shortcut}
    try:
        for name, kind in kinds.items():
            if name in parts:
                parts[name] = tuple(kind(**_tuples(one)) for one in parts[name])
        return Company(**_tuples(parts))
    except TypeError as error:
        raise BadCompanyError(f"the company file does not fit: {error}") from error


def _tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if _is_list(value) else value for key, value in values.items()}


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))
