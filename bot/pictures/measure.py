"""How much room a text takes, and where its lines break. Lengths are in em: one em is the size of the font."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

ELLIPSIS = "…"
# Never less than the advances of the font; a test asks the font itself.
ADVANCES = {
    sign: advance
    for advance, signs in (
        (0.30, " ',.:;Iijl|"),
        (0.40, "!()-/[\\]frt{}"),
        (0.54, '"*?Ycsvxyz'),
        (0.58, "#$+0123456789<=>FJLVX^_aegk~"),
        (0.66, "ABCEKPRSTZ`bdhnopqu"),
        (0.75, "&DGHNOQU"),
        (0.96, "%@MWmw"),
        (1.02, "\u042e"),
        (2.50, "\u2e3a\u2e3b"),
    )
    for sign in signs
}
FULL = 1.0
WIDOW, STEP = 0.34, 0.5
# Signs that turn the direction of writing, halves of characters, and what no standard knows.
UNSEEN = ("Cf", "Cs", "Cn", "Co")
SYMBOLS = ("So", "Sk")
BASIC_PLANE = "\uffff"  # a symbol beyond it is an emoji, which the font does not have
VARIANTS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# A word of an alphabet stays whole, and a line does not begin with a closing sign.
PIECE = re.compile(r"\s+|[!-⹿]+|[^\s!-⹿][、。，．：；？！）］｝〉》」』】]*")


@dataclass(frozen=True)
class Wrapped:
    """The lines of a text, and how many of its characters, blanks not counted, did not fit."""

    lines: tuple[str, ...]
    cut: int


def width(text: str) -> float:
    """The room a line takes, at most."""
    return sum(ADVANCES.get(sign, FULL) for sign in text)


def clean(text: str) -> str:
    """The text as it can be drawn: in one line, without what has no look of its own or is not allowed in XML."""
    spaced = " ".join(text.split())
    return " ".join("".join(map(_seen, VARIANTS.sub("", spaced))).split())


def wrap(text: str, room: float, most: int) -> Wrapped:
    """Break a text into lines of `room` em; what does not fit into `most` lines is cut, which an ellipsis shows."""
    whole = clean(text)
    lines = _lines(whole, room)
    if len(lines) <= most:
        return Wrapped(tuple(_evened(whole, lines, room)), 0)
    shown = [*lines[: most - 1], _shortened(lines[most - 1], room)]
    return Wrapped(tuple(shown), _signs(lines) - _signs(shown) + len(ELLIPSIS))


def _evened(text: str, lines: list[str], room: float) -> list[str]:
    """The same number of lines, but narrower, where the last one would hold a sign or two."""
    narrow = width(text) / max(len(lines), 1)
    while len(lines) > 1 and width(lines[-1]) < WIDOW * room and narrow < room:
        tried = _lines(text, narrow)
        if len(tried) == len(lines):
            return tried
        narrow += STEP
    return lines


def _signs(lines: Sequence[str]) -> int:
    return sum(len(line.replace(" ", "")) for line in lines)


def _seen(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Cc":
        return " "
    return "" if kind in UNSEEN or (kind in SYMBOLS and sign > BASIC_PLANE) else sign


def _lines(text: str, room: float) -> list[str]:
    lines = [""]
    for piece in PIECE.findall(text):
        if width(lines[-1] + piece) <= room:
            lines[-1] += piece
        elif piece.isspace():
            lines.append("")
        else:
            lines += _split(piece, room)
    return [line.strip() for line in lines if line.strip()]


def _split(piece: str, room: float) -> list[str]:
    """A piece on lines of its own; one that is longer than a line is broken anywhere."""
    lines = [""]
    for sign in piece:
        if lines[-1] and width(lines[-1] + sign) > room:
            lines.append("")
        lines[-1] += sign
    return lines


def _shortened(line: str, room: float) -> str:
    while line and width(line + ELLIPSIS) > room:
        line = line[:-1]
    return line.rstrip() + ELLIPSIS
