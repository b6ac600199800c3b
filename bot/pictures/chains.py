"""The why-chains: each reads from left to right, and goes on below where it is longer than the picture is wide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.pictures.analysis import Why
from bot.pictures.canvas import Box, Canvas, height
from bot.render import Words

SMALLEST_BOX, GAP, PAD, BETWEEN_CHAINS = 230.0, 40.0, 14.0, 22.0
LEVEL_SIZE, QUESTION_SIZE, ANSWER_SIZE, CHAIN_SIZE = 13.0, 14.0, 15.0, 15.0
FEWEST_IN_ROW = 3  # so that a short chain has no very wide boxes
FEW = 10  # boxes, with which there is room for more of their text
QUESTION_LINES, ANSWER_LINES, MORE_LINES = 3, 5, 4


@dataclass(frozen=True)
class Level:
    """One box: a question, its answer, and how far down the chain it is."""

    name: str
    question: tuple[str, ...]
    answer: tuple[str, ...]
    is_last: bool

    @property
    def height(self) -> float:
        """The height it needs."""
        texts = height((self.name,), LEVEL_SIZE) + height(self.question, QUESTION_SIZE)
        return texts + height(self.answer, ANSWER_SIZE) + 4.25 * PAD


def draw(canvas: Canvas, chains: Sequence[Sequence[Why]], words: Words, left: float, top: float) -> float:
    """Draw the chains below `top`, and say where they end."""
    inner = canvas.width - 2 * left
    longest = max(map(len, chains))
    per_row = min(int((inner + GAP) // (SMALLEST_BOX + GAP)), max(longest, FEWEST_IN_ROW))
    wide = (inner - GAP * (per_row - 1)) / per_row
    more = MORE_LINES if sum(map(len, chains)) <= FEW else 0
    for number, chain in enumerate(chains, 1):
        if len(chains) > 1:
            name = (words.say("picture.chain", no=number),)
            top = canvas.write(left, top, name, CHAIN_SIZE, "chain") + PAD / 2
        levels = list(_levels(canvas, chain, words, wide - 2 * PAD, more))
        for start in range(0, len(levels), per_row):
            if start:
                _draw_turn(canvas, left, wide, per_row, top)
                top += GAP
            top = _draw_row(canvas, levels[start : start + per_row], left, top, wide)
        top += BETWEEN_CHAINS
    return top - BETWEEN_CHAINS


def _levels(canvas: Canvas, chain: Sequence[Why], words: Words, room: float, more: int) -> Iterator[Level]:
    for number, why in enumerate(chain, 1):
        yield Level(
            words.say("picture.why", no=number),
            canvas.wrap(why.question, QUESTION_SIZE, room, QUESTION_LINES + more),
            canvas.wrap(why.answer, ANSWER_SIZE, room, ANSWER_LINES + more),
            number == len(chain),
        )


def _draw_row(canvas: Canvas, levels: Sequence[Level], left: float, top: float, wide: float) -> float:
    """Boxes side by side, equally high, with arrows between them."""
    bottom = top + max(level.height for level in levels)
    for index, level in enumerate(levels):
        x = left + index * (wide + GAP)
        _draw_level(canvas, level, Box(x, top, x + wide, bottom))
        if index:
            middle = (top + bottom) / 2
            canvas.rule(x - GAP, middle, x, middle, "arrow")
    return bottom


def _draw_level(canvas: Canvas, level: Level, box: Box) -> None:
    canvas.panel(box, "why last" if level.is_last else "why")
    x, y = box.left + PAD, box.top + PAD
    y = canvas.write(x, y, (level.name,), LEVEL_SIZE, "level") + PAD / 4
    y = canvas.write(x, y, level.question, QUESTION_SIZE, "question") + PAD
    canvas.rule(x, y, box.right - PAD, y, "thin")
    canvas.write(x, y + PAD, level.answer, ANSWER_SIZE, "answer")


def _draw_turn(canvas: Canvas, left: float, wide: float, per_row: int, bottom: float) -> None:
    """From the last box of a full row to the first box of the next one."""
    first, last = left + wide / 2, left + (per_row - 1) * (wide + GAP) + wide / 2
    canvas.rule(last, bottom, last, bottom + GAP / 2, "turn")
    canvas.rule(last, bottom + GAP / 2, first, bottom + GAP / 2, "turn")
    canvas.rule(first, bottom + GAP / 2, first, bottom + GAP, "arrow")
