"""Which permission each of our questions to Slack needs. The manifest asks for exactly these, and the doctor checks."""

from collections.abc import Mapping

IN_CHANNELS = ("channels:history", "groups:history", "im:history")
OF_CHANNELS = ("channels:read", "groups:read")

METHODS: Mapping[str, tuple[str, ...]] = {
    "apps.connections.open": (),
    "auth.test": (),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": IN_CHANNELS,
    "conversations.info": OF_CHANNELS,
    "conversations.open": ("im:write",),
    "conversations.replies": IN_CHANNELS,
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}
"""The methods the bot calls, each with the scopes it needs for the places the bot uses."""

LISTENING: Mapping[str, tuple[str, ...]] = {
    "slash commands and shortcuts": ("commands",),
    "app_home_opened": (),
    "team_join": ("users:read",),
    "user_change": ("users:read",),
}
"""What the bot is told without asking, with the scopes that needs."""


def needed() -> frozenset[str]:
    """Every scope of the bot token."""
    return frozenset(scope for table in (METHODS, LISTENING) for scopes in table.values() for scope in scopes)
