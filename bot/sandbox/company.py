"""The people, channels and the one app that a sandbox workspace is given by its caller.

Plain data, so that a demo, a test and a JSON file describe a workspace in the same words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
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

    @property
    def reads_english(self) -> bool:
        """Whether this member's Slack is English; every other one is shown Chinese here."""
        return self.locale.lower().startswith("en")


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

    `events` lists the Events API subscriptions; other events are not sent, as in Slack. `tour` tells somebody new what
    to try: steps of a person's id and what to do as them, as mrkdwn by language ("zh" and "en").
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
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105 - signs nothing but the sandbox's requests
    team_id: str = "T_SANDBOX"
    team_name: str = "Sandbox"
    team_domain: str = "sandbox"
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    commands: tuple[Command, ...] = (Command("/improve", should_escape=True),)
    shortcuts: tuple[Shortcut, ...] = ()
    events: tuple[str, ...] = ("app_home_opened", "user_change")
    home_tab_enabled: bool = field(default=True)
    tour: tuple[tuple[str, Mapping[str, str]], ...] = ()

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
        for person, _ in self.tour:
            if person not in known:
                raise BadCompanyError(f"the tour meets somebody nobody knows: {person}")
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


def app_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What the app's manifest decides of a Company: scopes, commands, shortcuts, events, Home tab, the bot's name.

    `manifest` is the file as data; who has it as YAML loads it first. What is left out in it is not there.
    Raises BadCompanyError where a part does not have the shape of a manifest.
    """
    try:
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        return {
            "scopes": tuple(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
            "commands": tuple(Command(**_only(Command, one)) for one in features.get("slash_commands", ())),
            "shortcuts": tuple(Shortcut(**_only(Shortcut, one)) for one in features.get("shortcuts", ())),
            "events": tuple(settings.get("event_subscriptions", {}).get("bot_events", ())),
            "home_tab_enabled": bool(features.get("app_home", {}).get("home_tab_enabled")),
            "bot_name": str(features.get("bot_user", {}).get("display_name", "")),
        }
    except (AttributeError, TypeError) as error:
        raise BadCompanyError(f"the manifest does not fit: {error}") from error


def _only(kind: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values the sandbox keeps; a manifest says more, such as a shortcut's description."""
    known = {one.name for one in fields(kind)}
    return {key: value for key, value in values.items() if key in known}


def _tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if _is_list(value) else value for key, value in values.items()}


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))
