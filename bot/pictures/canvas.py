"""The parts of a picture and where they stand, in units of the drawing, which begins at the upper left.

What a part looks like is the template's matter: its `style` is the name of a class there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.pictures import measure

LEADING = 1.4  # the height of a line for each unit of the font's size
BASELINE = 1.06  # where in that height the signs stand


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True)
class Text:
    """Lines of text below `top`; they begin at `x`, or have it in their middle."""

    x: float
    top: float
    lines: tuple[str, ...]
    size: float
    style: str
    middle: bool = False

    @property
    def box(self) -> Box:
        """The room the text takes, at most."""
        wide = width(self.lines, self.size)
        left = self.x - wide / 2 if self.middle else self.x
        return Box(left, self.top, left + wide, self.top + height(self.lines, self.size))

    def rows(self) -> Iterator[tuple[float, str]]:
        """Each line with the height at which its signs stand."""
        for index, line in enumerate(self.lines):
            yield self.top + (index * LEADING + BASELINE) * self.size, line


@dataclass(frozen=True)
class Line:
    """A straight line; one with an arrow points to its end."""

    x1: float
    y1: float
    x2: float
    y2: float
    style: str


@dataclass(frozen=True)
class Panel:
    """A filled rectangle."""

    box: Box
    style: str


@dataclass
class Canvas:
    """A picture in the making; `cut` counts the characters that found no room."""

    width: float
    height: float = 0
    cut: int = 0
    texts: list[Text] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)

    def wrap(self, text: str, size: float, room: float, most: int) -> tuple[str, ...]:
        """The lines of a text in a column `room` wide, `most` lines long; what is cut is counted."""
        wrapped = measure.wrap(text, room / size, most)
        self.cut += wrapped.cut
        return wrapped.lines

    def write(self, x: float, top: float, lines: tuple[str, ...], size: float, style: str) -> float:
        """Put lines of text down, and say where they end below."""
        self.texts.append(Text(x, top, lines, size, style))
        return top + height(lines, size)

    def write_middle(self, x: float, y: float, lines: tuple[str, ...], size: float, style: str) -> None:
        """Put lines of text around a point."""
        self.texts.append(Text(x, y - height(lines, size) / 2, lines, size, style, middle=True))

    def rule(self, x1: float, y1: float, x2: float, y2: float, style: str) -> None:
        """Draw a line."""
        self.lines.append(Line(x1, y1, x2, y2, style))

    def panel(self, box: Box, style: str) -> None:
        """Draw a rectangle."""
        self.panels.append(Panel(box, style))


def width(lines: tuple[str, ...], size: float) -> float:
    """The room the longest of the lines takes, at most."""
    return max((measure.width(line) for line in lines), default=0) * size


def height(lines: tuple[str, ...], size: float) -> float:
    """The height of lines of text."""
    return len(lines) * size * LEADING
