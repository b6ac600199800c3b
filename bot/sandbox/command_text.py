"""What `should_escape` does to the text of a slash command."""

import re

from bot.sandbox.state import Workspace


def escape_command(workspace: Workspace, text: str) -> str:
    """What `should_escape` does: &, < and > are escaped, @people and #channels become ids."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    names = {
        f"@{name}": f"<@{user.id}|{user.name}>"
        for user in workspace.users.values()
        for name in (user.id, user.name, user.real_name)
        if name
    }
    names |= {f"#{channel.name}": f"<#{channel.id}|{channel.name}>" for channel in workspace.channels.values()}
    longest_first = sorted(names, key=len, reverse=True)
    return re.sub("|".join(re.escape(name) for name in longest_first), lambda found: names[found[0]], safe)
