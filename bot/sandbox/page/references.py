"""What a text points at: people, channels, groups, links, and instants in the reader's zone and language."""

import re
from dataclasses import dataclass

from markupsafe import Markup, escape

from bot.sandbox.company import User
from bot.sandbox.page.date_tokens import date_text
from bot.sandbox.page.emoji_names import with_emoji
from bot.sandbox.state import Workspace

LINKS = re.compile(r"(https?://|mailto:|tel:)\S")
INSTANT = re.compile(r"!date\^(-?\d{1,11})\^([^^]*)(?:\^(.*))?")


@dataclass(frozen=True)
class References:
    """Names and addresses as one reader of the workspace sees them. Everything given back is escaped."""

    workspace: Workspace
    reader: User

    def html(self, inner: str) -> Markup:
        """One reference of mrkdwn, without its angle brackets. What Slack would not know stays as it was typed."""
        target, _, label = unescaped(inner).partition("|")
        if target.startswith("@"):
            return self.person(target[1:], label)
        if target.startswith("#"):
            return self.channel(target[1:], label)
        if target.startswith("!date^"):
            return self._instant(target, label)
        if target.startswith("!"):
            return mention(label.lstrip("@") or target[1:].partition("^")[0])
        if LINKS.match(target):
            return link(target, label)
        return escape(f"<{inner}>")

    def person(self, user_id: str, label: str = "") -> Markup:
        user = self.workspace.person(user_id)
        return mention(user.shown_name if user else label.lstrip("@") or user_id, mine=user_id == self.reader.id)

    def channel(self, channel_id: str, label: str = "") -> Markup:
        channel = self.workspace.channels.get(channel_id)
        return mention(channel.name if channel else label or channel_id, sign="#")

    def instant(self, seconds: int, shape: str, address: str | None) -> Markup:
        """An instant (seconds since 1970) by Slack's tokens, linked where it has an address."""
        text = date_text(seconds, shape, self.workspace.now, self.reader)
        return link(address, text) if address and LINKS.match(address) else escape(text)

    def _instant(self, target: str, fallback: str) -> Markup:
        found = INSTANT.fullmatch(target)
        return self.instant(int(found[1]), found[2], found[3]) if found else escape(fallback)


def mention(name: str, *, sign: str = "@", mine: bool = False) -> Markup:
    return Markup('<span class="mention{}">{}{}</span>').format(" mine" if mine else "", sign, name)


def link(address: str, label: str = "") -> Markup:
    """`address` has been compared with LINKS."""
    shape = Markup('<a href="{}" rel="noreferrer" target="_blank">{}</a>')
    return shape.format(address, with_emoji(label) or address)


def unescaped(text: str) -> str:
    """Slack's own &amp; &lt; &gt; count as the characters they stand for."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
