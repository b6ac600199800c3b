"""Slack's mrkdwn as HTML. Everything is escaped; only what Slack would format becomes markup."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot.sandbox.company import User
from bot.sandbox.state import Workspace

ANGLE = re.compile(r"<([^<>\n]+)>")
STYLES = (
    (re.compile(r"```\n?(.+?)```", re.DOTALL), r"<pre>\1</pre>"),
    (re.compile(r"`([^`\n]+)`"), r"<code>\1</code>"),
    (re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![\w_])_([^_\n]+)_(?![\w_])"), r"<em>\1</em>"),
    (re.compile(r"(?<![\w~])~([^~\n]+)~(?![\w~])"), r"<s>\1</s>"),
)
QUOTE = re.compile(r"(?m)^&gt; ?(.*)$")


def to_html(text: str, workspace: Workspace, reader: User) -> Markup:
    """One mrkdwn text as the reader sees it."""
    parts: list[str] = []
    end = 0
    for found in ANGLE.finditer(text):
        parts += [_styled(text[end : found.start()]), _reference(found[1], workspace, reader)]
        end = found.end()
    parts.append(_styled(text[end:]))
    return Markup("".join(parts))  # noqa: S704 - every part is escaped by _styled or _reference


def _styled(text: str) -> str:
    """Text between references. Slack's own &amp; &lt; &gt; count as the characters they stand for."""
    plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    html = str(escape(plain))
    html = QUOTE.sub(r"<blockquote>\1</blockquote>", html)
    for pattern, shape in STYLES:
        html = pattern.sub(shape, html)
    return html.replace("</blockquote>\n", "</blockquote>").replace("\n", "<br>")


def _reference(inner: str, workspace: Workspace, reader: User) -> str:
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        user = workspace.person(target[1:])
        return f'<span class="mention">@{escape(user.shown_name if user else label or target[1:])}</span>'
    if target.startswith("#"):
        channel = workspace.channels.get(target[1:])
        return f'<span class="mention">#{escape(channel.name if channel else label or target[1:])}</span>'
    if target.startswith("!date^"):
        return str(escape(_date(target, label, reader)))
    if target.startswith("!"):
        return f'<span class="mention">@{escape(target[1:])}</span>'
    if re.match(r"(https?|mailto):", target):
        return f'<a href="{escape(target)}" rel="noreferrer" target="_blank">{escape(label or target)}</a>'
    return str(escape(f"<{inner}>"))


def _date(target: str, fallback: str, reader: User) -> str:
    """An instant in the reader's zone; the tokens are not told apart beyond date and time."""
    seconds = target.split("^")[1]
    if not seconds.isdigit():
        return fallback
    local = datetime.fromtimestamp(int(seconds), ZoneInfo(reader.tz))
    shape = "%Y-%m-%d %H:%M" if "{time" in target else "%Y-%m-%d"
    return local.strftime(shape)
