"""The fishbone: a spine that points at the problem, a bone for each category, a twig for each cause.

All bones lean alike, so that their columns cannot meet. A category with many causes goes on with a bone more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from bot.improvement.vocabulary import SixM
from bot.pictures import measure
from bot.pictures.analysis import Analysis, Cause
from bot.pictures.canvas import Box, Canvas, height, width
from bot.render import Words

PER_BONE = 6
FEW = 8  # causes, with which there is room for more of their text
TWIG_SIZE, TWIG_ROOM, TWIG_LINES, TWIG_LINES_OF_FEW = 15.0, 232.0, 4, 8
TWIG_RULE = 4.0  # between a text and the line that carries it
LABEL_SIZE, LABEL_HEIGHT, LABEL_PAD = 17.0, 36.0, 30.0
HEAD_SIZE, HEAD_WIDTH, HEAD_PAD, HEAD_LINES = 20.0, 250.0, 22.0, 8
SLANT = 0.4  # how far a bone goes to the side for each unit it goes up or down
GAP, PAD = 20.0, 14.0
SHORTEST_SIDE = 150.0
MARK = "★ "


@dataclass(frozen=True)
class Twig:
    """A cause, broken into lines."""

    lines: tuple[str, ...]
    style: str

    @property
    def height(self) -> float:
        """The text with the line below it."""
        return height(self.lines, TWIG_SIZE) + TWIG_RULE

    @property
    def reach(self) -> float:
        """How much room it takes beside its bone, which leans away over its height."""
        return width(self.lines, TWIG_SIZE) + self.height * SLANT + 2 * GAP


@dataclass(frozen=True)
class Bone:
    """A category, or a part of it."""

    label: str
    twigs: Sequence[Twig]

    @property
    def length(self) -> float:
        """The height it needs."""
        return sum(twig.height + PAD for twig in self.twigs) + PAD

    @property
    def label_width(self) -> float:
        """The width of the box with its name."""
        return width((self.label,), LABEL_SIZE) + LABEL_PAD

    @property
    def reach(self) -> float:
        """How far its twigs reach to the bone before it."""
        return max((twig.reach for twig in self.twigs), default=0)


@dataclass(frozen=True)
class Side:
    """What is above the spine or below it: `way` is -1 or 1, the direction away from the spine."""

    spine: float
    reach: float
    way: int

    def at(self, foot: float, y: float) -> float:
        """Where a bone that meets the spine at `foot` is at height `y`."""
        return foot - SLANT * abs(self.spine - y)


def draw(canvas: Canvas, analysis: Analysis, words: Words, left: float, top: float) -> float:
    """Draw the fishbone below `top`, widen the canvas if need be, and say where it ends below."""
    bones = list(_bones(canvas, analysis.causes, words))
    columns = list(zip_longest(bones[::2], bones[1::2]))
    # Not wrapped by the canvas, which would count what is cut here: the heading has all of the title.
    head = measure.wrap(analysis.title, (HEAD_WIDTH - 2 * HEAD_PAD) / HEAD_SIZE, HEAD_LINES).lines
    upper, lower = _length(bones[::2]), _length(bones[1::2])
    spine = top + LABEL_HEIGHT + upper
    feet = _feet(columns, left + SLANT * max(upper, lower), canvas.width - left - HEAD_WIDTH - 2 * GAP)
    canvas.width = max(canvas.width, feet[-1] + 2 * GAP + HEAD_WIDTH + left)
    for foot, pair in zip(feet, columns, strict=True):
        for bone, side in zip(pair, (Side(spine, upper, -1), Side(spine, lower, 1)), strict=True):
            if bone:
                _draw_bone(canvas, bone, side, foot)
    _draw_spine(canvas, spine, left, head)
    return spine + lower + LABEL_HEIGHT


def _length(bones: Sequence[Bone]) -> float:
    return max(SHORTEST_SIDE, *(bone.length for bone in bones))


def _bones(canvas: Canvas, causes: Sequence[Cause], words: Words) -> Iterator[Bone]:
    most = TWIG_LINES_OF_FEW if len(causes) <= FEW else TWIG_LINES
    for category in SixM:
        name = words.say(f"choice.SixM.{category}")
        twigs = [_twig(canvas, cause, most) for cause in causes if cause.category == category]
        yield Bone(name, twigs[:PER_BONE])
        for start in range(PER_BONE, len(twigs), PER_BONE):
            yield Bone(words.say("picture.continued", name=name), twigs[start : start + PER_BONE])


def _twig(canvas: Canvas, cause: Cause, most: int) -> Twig:
    text = MARK + cause.text if cause.is_main else cause.text
    return Twig(canvas.wrap(text, TWIG_SIZE, TWIG_ROOM, most), "main" if cause.is_main else "twig")


def _feet(columns: Sequence[tuple[Bone | None, Bone | None]], start: float, end: float) -> list[float]:
    """Where the bones meet the spine: as far apart as they need, or farther if there is room until `end`."""
    labels = max(bone.label_width for pair in columns for bone in pair if bone) + GAP
    reaches = [max(labels, *(bone.reach for bone in pair if bone)) for pair in columns]
    spare = max(0.0, end - start - sum(reaches)) / len(reaches)
    return [start + sum(reaches[: n + 1]) + spare * (n + 1) for n in range(len(reaches))]


def _draw_bone(canvas: Canvas, bone: Bone, side: Side, foot: float) -> None:
    tip = side.spine + side.way * side.reach
    style = "bone" if bone.twigs else "empty"
    canvas.rule(side.at(foot, tip), tip, foot, side.spine, style)
    middle, half = side.at(foot, tip), bone.label_width / 2
    top = tip + min(0, side.way) * LABEL_HEIGHT
    canvas.panel(Box(middle - half, top, middle + half, top + LABEL_HEIGHT), f"label {style}")
    canvas.write_middle(middle, top + LABEL_HEIGHT / 2, (bone.label,), LABEL_SIZE, f"label {style}")
    _draw_twigs(canvas, bone, side, foot)


def _draw_twigs(canvas: Canvas, bone: Bone, side: Side, foot: float) -> None:
    spare = (side.reach - bone.length) / (len(bone.twigs) + 1)
    y = min(side.spine, side.spine + side.way * side.reach)
    for twig in bone.twigs:
        y += spare + PAD
        end = y + twig.height
        right = min(side.at(foot, y), side.at(foot, end)) - GAP / 2
        canvas.write(right - width(twig.lines, TWIG_SIZE), y, twig.lines, TWIG_SIZE, twig.style)
        canvas.rule(right - width(twig.lines, TWIG_SIZE), end, side.at(foot, end), end, twig.style)
        y = end


def _draw_spine(canvas: Canvas, spine: float, left: float, head: tuple[str, ...]) -> None:
    right = canvas.width - left
    half = height(head, HEAD_SIZE) / 2 + HEAD_PAD
    canvas.rule(left, spine, right - HEAD_WIDTH, spine, "spine")
    canvas.panel(Box(right - HEAD_WIDTH, spine - half, right, spine + half), "head")
    canvas.write_middle(right - HEAD_WIDTH / 2, spine, head, HEAD_SIZE, "head")
