"""rich_text blocks as HTML: sections, lists, quotes and code, with people, links, emoji and dates in them."""

from collections.abc import Callable, Iterable
from typing import Any

from markupsafe import Markup, escape

from bot.sandbox.page.emoji_names import emoji_named
from bot.sandbox.page.references import LINKS, References, link, mention
from bot.sandbox.state import Json

DEEPEST = 8
STYLES = (
    ("code", "code"),
    ("bold", "strong"),
    ("italic", "em"),
    ("strike", "s"),
    ("underline", "u"),
    ("highlight", "mark"),
)


def rich_html(block: Json, references: References) -> Markup:
    """A rich_text block, or a table cell that is one. Parts of an unknown type are shown by their type."""
    return Markup("").join(_part(part, references) for part in block.get("elements") or [])


def rich_words(block: Any) -> str:
    """The text alone, as a rich_text_input shows it again."""
    if not isinstance(block, dict):
        return ""
    parts = [_words(part) for part in block.get("elements") or []]
    return "\n".join(parts)


def _words(part: Json) -> str:
    separator = "\n" if part.get("type") == "rich_text_list" else ""
    found = [_words(one) if "elements" in one else str(one.get("text", "")) for one in part.get("elements") or []]
    return separator.join(found)


def _part(part: Json, references: References) -> Markup:
    kind = str(part.get("type"))
    if kind == "rich_text_list":
        return _list(part, references)
    shapes = {
        "rich_text_section": Markup('<div class="plain">{}</div>'),
        "rich_text_quote": Markup('<blockquote class="plain">{}</blockquote>'),
        "rich_text_preformatted": Markup("<pre>{}</pre>"),
    }
    return shapes[kind].format(_inline(part.get("elements") or [], references)) if kind in shapes else _unknown(kind)


def _list(part: Json, references: References) -> Markup:
    """Slack says a nested list as one of its own with an indent, and an interrupted one by the offset it goes on at."""
    tag = "ol" if part.get("style") == "ordered" else "ul"
    depth = min(int(part.get("indent") or 0), DEEPEST)
    start = Markup(' start="{}"').format(int(part["offset"]) + 1) if tag == "ol" and part.get("offset") else ""
    items = Markup("").join(
        Markup('<li class="plain">{}</li>').format(_inline(item.get("elements") or [], references))
        for item in part.get("elements") or []
    )
    return Markup('<{0} class="depth-{1}"{2}>{3}</{0}>').format(tag, depth, start, items)


def _inline(elements: Iterable[Json], references: References) -> Markup:
    return Markup("").join(_styled(one, _element(one, references)) for one in elements)


def _styled(element: Json, html: Markup) -> Markup:
    style = element.get("style") or {}
    for name, tag in STYLES:
        if isinstance(style, dict) and style.get(name):
            html = Markup("<{0}>{1}</{0}>").format(tag, html)
    return html


def _element(element: Json, references: References) -> Markup:
    kind = str(element.get("type"))
    return ELEMENTS[kind](element, references) if kind in ELEMENTS else _unknown(kind)


def _unknown(kind: str) -> Markup:
    return Markup('<span class="unknown">[{}]</span>').format(kind)


def _text(element: Json, references: References) -> Markup:
    return escape(str(element.get("text", "")))


def _link(element: Json, references: References) -> Markup:
    address, label = str(element.get("url", "")), str(element.get("text") or "")
    return link(address, label) if LINKS.match(address) else escape(label or address)


def _emoji(element: Json, references: References) -> Markup:
    name, tone = str(element.get("name", "")), element.get("skin_tone")
    return escape(emoji_named(name, str(tone) if tone else None) or f":{name}:")


def _date(element: Json, references: References) -> Markup:
    seconds, shape = element.get("timestamp"), element.get("format")
    if not isinstance(seconds, int) or not isinstance(shape, str):
        return escape(str(element.get("fallback") or ""))
    return references.instant(seconds, shape, element.get("url"))


def _color(element: Json, references: References) -> Markup:
    return Markup("<code>{}</code>").format(str(element.get("value", "")))


ELEMENTS: dict[str, Callable[[Json, References], Markup]] = {
    "text": _text,
    "link": _link,
    "emoji": _emoji,
    "date": _date,
    "color": _color,
    "user": lambda element, references: references.person(str(element.get("user_id", ""))),
    "channel": lambda element, references: references.channel(str(element.get("channel_id", ""))),
    "usergroup": lambda element, references: mention(str(element.get("usergroup_id", ""))),
    "team": lambda element, references: mention(str(element.get("team_id", ""))),
    "broadcast": lambda element, references: mention(str(element.get("range", ""))),
}
