"""Slack's mrkdwn as HTML. Everything is escaped; only what Slack would format becomes markup.

A text is read once from left to right, so hostile text takes no longer than any other.
"""

import re
from collections.abc import Iterable
from itertools import groupby

from markupsafe import Markup, escape

from bot.sandbox.company import User
from bot.sandbox.page.emoji_names import NAME, with_emoji
from bot.sandbox.page.references import References, unescaped
from bot.sandbox.state import Workspace

FENCE = "```"
ANGLE = re.compile(r"<([^<>\n]+)>")
# A name of an emoji is one piece, for there may be underscores in it.
TOKEN = re.compile(rf"`[^`\n]+`|<[^<>\n]+>|{NAME.pattern}|[*_~]")
TAGS = {"*": "strong", "_": "em", "~": "s"}
QUOTE = re.compile(r"(?:&gt;|>) ?")
REST_IS_QUOTE = re.compile(r"(?:&gt;|>){3} ?")
BULLET = re.compile(r"([ \t]*)([•◦▪‣-]) +(?=\S)")


def to_html(text: str, workspace: Workspace, reader: User) -> Markup:
    """One mrkdwn text as the reader sees it."""
    references = References(workspace, reader)
    parts = text.split(FENCE)
    if len(parts) % 2 == 0:
        unclosed = parts.pop()
        parts[-1] += FENCE + unclosed
    html = [_fenced(part, references) if number % 2 else _prose(part, references) for number, part in enumerate(parts)]
    return Markup("").join(html)


def _fenced(part: str, references: References) -> Markup:
    return Markup("<pre>{}</pre>").format(_literal(part.strip("\n"), references))


def _prose(part: str, references: References) -> Markup:
    """Lines outside code: paragraphs, quotes and lists. Line ends beside a <pre> or a quote draw nothing."""
    lines = part.strip("\n").split("\n")
    rest = next((number for number, line in enumerate(lines) if REST_IS_QUOTE.match(line)), None)
    if rest is None:
        return _grouped(lines, references)
    quoted = [REST_IS_QUOTE.sub("", lines[rest], count=1), *lines[rest + 1 :]]
    return _grouped(lines[:rest], references) + _quote(quoted, references)


def _grouped(lines: Iterable[str], references: References) -> Markup:
    html = Markup("")
    for quoted, group in groupby(lines, lambda line: QUOTE.match(line) is not None):
        run = list(group)
        html += _quote([QUOTE.sub("", line, count=1) for line in run], references) if quoted else _run(run, references)
    return html


def _quote(lines: list[str], references: References) -> Markup:
    return Markup("<blockquote>{}</blockquote>").format(_run(lines, references))


def _run(lines: list[str], references: References) -> Markup:
    """Lines that are no quote, or stand in one: text, and lists as people write them."""
    html = Markup("")
    for listed, group in groupby(lines, lambda line: BULLET.match(line) is not None):
        run = list(group)
        html += _list(run, references) if listed else Markup("<br>").join(_inline(line, references) for line in run)
    return html


def _list(lines: list[str], references: References) -> Markup:
    items = Markup("")
    for line in lines:
        found = BULLET.match(line)
        deep = found is not None and (len(found[1]) > 1 or found[2] == "◦")
        item = Markup('<li class="deep">{}</li>') if deep else Markup("<li>{}</li>")
        items += item.format(_inline(BULLET.sub("", line, count=1), references))
    return Markup("<ul>{}</ul>").format(items)


def _inline(line: str, references: References) -> Markup:
    """One line. A style holds from a mark that can open it to the next that can close it; others stay marks."""
    pieces: list[Markup] = []
    opened: list[tuple[str, int]] = []
    end = 0
    for found in TOKEN.finditer(line):
        pieces.append(_plain(line[end : found.start()]))
        end, mark = found.end(), found[0]
        if mark not in TAGS:
            pieces.append(_atom(mark, references))
        elif _can_close(line, found.start()) and any(mark == one for one, _ in opened):
            _close(mark, pieces, opened)
        else:
            if _can_open(line, found.start()) and all(mark != one for one, _ in opened):
                opened.append((mark, len(pieces)))
            pieces.append(escape(mark))
    pieces.append(_plain(line[end:]))
    return Markup("").join(pieces)


def _close(mark: str, pieces: list[Markup], opened: list[tuple[str, int]]) -> None:
    """Marks opened inside and never closed stay what they are."""
    one, place = opened.pop()
    while one != mark:
        one, place = opened.pop()
    pieces[place] = Markup("<{}>").format(TAGS[mark])
    pieces.append(Markup("</{}>").format(TAGS[mark]))


def _can_open(line: str, at: int) -> bool:
    before, after = line[at - 1 : at], line[at + 1 : at + 2]
    return not before.isalnum() and before != line[at] and after not in ("", " ", line[at])


def _can_close(line: str, at: int) -> bool:
    before, after = line[at - 1 : at], line[at + 1 : at + 2]
    return not after.isalnum() and after != line[at] and before not in ("", " ", line[at])


def _atom(token: str, references: References) -> Markup:
    if token.startswith("`"):
        return Markup("<code>{}</code>").format(_literal(token[1:-1], references))
    return references.html(token[1:-1]) if token.startswith("<") else _plain(token)


def _literal(text: str, references: References) -> Markup:
    """Code: no styles and no emoji, but what it refers to is named."""
    parts = ANGLE.split(text)
    return Markup("").join(
        references.html(part) if number % 2 else escape(unescaped(part)) for number, part in enumerate(parts)
    )


def _plain(text: str) -> Markup:
    return escape(with_emoji(unescaped(text)))
