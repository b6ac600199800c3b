"""Nothing in a picture covers anything else, however much there is to show."""

from itertools import combinations

import pytest
from hypothesis import given, settings

from bot.pictures import Analysis
from bot.pictures.canvas import Box, Canvas, Line
from bot.pictures.layout import lay_out
from bot.render import Words
from tests.pictures.sample import ANY, NAMED, analysis
from tests.support.chance import examples
from tests.support.words import phrasebook


@pytest.mark.parametrize("shown", NAMED.values(), ids=NAMED)
def test_nothing_overlaps(shown: Analysis, words: Words) -> None:
    assert_tidy(lay_out(shown, words))


@settings(max_examples=examples(60))
@given(shown=ANY)
def test_nothing_overlaps_whatever_people_write(shown: Analysis) -> None:
    assert_tidy(lay_out(shown, phrasebook().words("zh_CN")))


def test_everything_is_shown_while_there_is_room(words: Words) -> None:
    shown = analysis(6, (3, 2), 2)
    canvas = lay_out(shown, words)
    drawn = "".join(line for text in canvas.texts for line in text.lines).replace(" ", "")
    texts = [cause.text for cause in shown.causes] + [root.text for root in shown.root_causes]
    texts += [part for chain in shown.chains for why in chain for part in (why.question, why.answer)]
    assert [text for text in texts if text.replace(" ", "") not in drawn] == []
    assert canvas.cut == 0


def test_what_is_cut_is_said(words: Words) -> None:
    canvas = lay_out(NAMED["all that fits into the forms"], words)
    assert canvas.cut > 0
    assert str(canvas.cut) in canvas.texts[-1].lines[0]


def test_every_cause_hangs_on_its_category(words: Words) -> None:
    canvas = lay_out(analysis(30, one=True), words)
    assert len([text for text in canvas.texts if text.style in ("twig", "main")]) == 30 + 1  # and the legend
    assert len([line for line in canvas.lines if line.style == "bone"]) == 5
    assert len([line for line in canvas.lines if line.style == "empty"]) == 5


def test_main_causes_are_marked(words: Words) -> None:
    marked = [text.lines[0] for text in lay_out(analysis(6, (), 0), words).texts if text.style == "main"]
    assert len(marked) == 2 + 1
    assert all(line.startswith("★") for line in marked)


def assert_tidy(canvas: Canvas) -> None:
    """No two texts overlap, none leaves the sheet or its panel, and no line runs through a text."""
    boxes = [(text.box, text.lines) for text in canvas.texts if text.lines]
    assert [(one, other) for one, other in combinations(boxes, 2) if one[0].overlaps(other[0])] == []
    assert [pair for pair in combinations((panel.box for panel in canvas.panels), 2) if pair[0].overlaps(pair[1])] == []
    sheet = Box(0, 0, canvas.width, canvas.height)
    assert [text for box, text in boxes if not _inside(box, sheet)] == []
    crossing = [(text, panel) for box, text in boxes for panel in canvas.panels if _crosses(box, panel.box)]
    assert crossing == []
    assert [(text, line) for box, text in boxes for line in canvas.lines if _runs_through(line, box)] == []


def _inside(box: Box, around: Box) -> bool:
    slack = 1e-6
    return (
        box.left >= around.left - slack
        and box.top >= around.top - slack
        and box.right <= around.right + slack
        and box.bottom <= around.bottom + slack
    )


def _crosses(box: Box, panel: Box) -> bool:
    return box.overlaps(panel) and not _inside(box, panel)


def _runs_through(line: Line, box: Box) -> bool:
    """Whether a point of the line lies within the box, at any of the steps that are smaller than a sign."""
    length = max(abs(line.x2 - line.x1), abs(line.y2 - line.y1), 1)
    for step in range(int(length) + 1):
        part = step / length
        x, y = line.x1 + (line.x2 - line.x1) * part, line.y1 + (line.y2 - line.y1) * part
        if box.left < x < box.right and box.top < y < box.bottom:
            return True
    return False
