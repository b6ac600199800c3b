"""What a select offers: the bot's own options, or the people and conversations of the workspace."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.sandbox.company import User
from bot.sandbox.page.emoji_names import with_emoji
from bot.sandbox.state import Json, Workspace

FILTER_FROM = 9


@dataclass(frozen=True)
class Choice:
    """One thing to choose: the value sent, and the words a person reads."""

    value: str
    text: str
    description: str = ""


@dataclass(frozen=True)
class Group:
    """Choices under one heading, which is empty where they have none."""

    label: str
    choices: list[Choice]


def groups_of(element: Json, workspace: Workspace, reader: User, chosen: list[str]) -> list[Group]:
    """Everything a select offers this reader. What is chosen already stays offered, also somebody who has left."""
    kind = str(element["type"])
    if "users" in kind:
        return [Group("", [*_people(workspace, chosen)])]
    if "channels" in kind:
        return [Group("", [*_channels(workspace, reader, chosen, {"public"})])]
    if "conversations" in kind:
        return [Group("", _conversations(workspace, reader, chosen, element.get("filter") or {}))]
    if element.get("option_groups"):
        return [Group(_words(one.get("label")), [*_options(one)]) for one in element["option_groups"]]
    return [Group("", [*_options(element)])]


def is_long(groups: list[Group]) -> bool:
    """Whether a list is long enough for a person to want to filter it."""
    return sum(len(group.choices) for group in groups) >= FILTER_FROM


def option_choice(option: Json) -> Choice:
    return Choice(str(option.get("value", "")), _words(option.get("text")), _words(option.get("description")))


def _options(holder: Json) -> Iterable[Choice]:
    return (option_choice(one) for one in holder.get("options") or [])


def _people(workspace: Workspace, chosen: list[str]) -> Iterable[Choice]:
    for user in workspace.users.values():
        if user.id in chosen or not (user.deleted or user.is_bot):
            yield Choice(user.id, user.shown_name, user.title)


def _channels(workspace: Workspace, reader: User, chosen: list[str], kinds: set[str]) -> Iterable[Choice]:
    """Private channels only for those who are in them."""
    for channel in workspace.channels.values():
        offered = "private" in kinds and reader.id in workspace.people_in(channel.id)
        offered = offered if channel.is_private else "public" in kinds
        if channel.id in chosen or (offered and not channel.is_archived):
            yield Choice(channel.id, f"#{channel.name}")


def _conversations(workspace: Workspace, reader: User, chosen: list[str], wanted: Json) -> list[Choice]:
    kinds = set(wanted.get("include") or ("public", "private", "im"))
    found = [*_channels(workspace, reader, chosen, kinds)]
    if "im" in kinds and not wanted.get("exclude_bot_users"):
        found.append(Choice(workspace.dm_of(reader.id), f"@{workspace.company.bot_name}"))
    return found


def _words(text: object) -> str:
    return with_emoji(str(text.get("text", ""))) if isinstance(text, dict) else ""
