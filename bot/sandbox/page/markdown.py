"""Slack's markdown block as HTML: CommonMark with tables and strikethrough, and no HTML of its own."""

from functools import cache
from itertools import chain

from markdown_it import MarkdownIt
from markupsafe import Markup

from bot.sandbox.page.emoji_names import with_emoji


def markdown_html(text: str) -> Markup:
    """Safe to put on the page: HTML in the text is shown as text, and only harmless addresses become links."""
    tokens = _reader().parse(text)
    for token in chain(tokens, *(token.children or [] for token in tokens)):
        if token.type == "text":
            token.content = with_emoji(token.content)
        if token.type == "link_open":
            token.attrs |= {"rel": "noreferrer", "target": "_blank"}
        # The page allows no style in its HTML; the class is called what the alignment is.
        if "style" in token.attrs:
            token.attrs["class"] = str(token.attrs.pop("style")).removeprefix("text-align:")
    return Markup(_reader().renderer.render(tokens, _reader().options, {}))  # noqa: S704 - markdown-it escapes


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
