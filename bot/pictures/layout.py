"""The whole sheet: a heading, the fishbone, the why-chains, the root causes, and a word on what was cut."""

from collections.abc import Sequence

from bot.pictures import chains, fishbone
from bot.pictures.analysis import Analysis, RootCause
from bot.pictures.canvas import Box, Canvas, height
from bot.render import Words

NARROWEST, MARGIN, BETWEEN = 1400.0, 40.0, 34.0
TITLE_SIZE, TITLE_LINES, FACTS_SIZE, SECTION_SIZE, NOTE_SIZE = 26.0, 2, 15.0, 19.0, 14.0
ROOT_SIZE, ROOT_LINES, ROOT_PAD, CODE_WIDTH, CODE_PAD = 16.0, 6, 10.0, 64.0, 6.0


def lay_out(analysis: Analysis, words: Words) -> Canvas:
    """Where every part of the picture stands. A list without entries has no section."""
    canvas = Canvas(NARROWEST)
    top = _heading(canvas, analysis, words)
    if analysis.causes:
        top = _section(canvas, words.say("picture.fishbone"), top)
        _legend(canvas, analysis, words, top)
        top = fishbone.draw(canvas, analysis, words, MARGIN, top) + BETWEEN
    if analysis.chains:
        top = _section(canvas, words.say("picture.whys"), top)
        top = chains.draw(canvas, analysis.chains, words, MARGIN, top) + BETWEEN
    if analysis.root_causes:
        top = _section(canvas, words.say("picture.root_causes"), top)
        top = _root_causes(canvas, analysis.root_causes, top) + BETWEEN
    if canvas.cut:
        note = words.say("picture.cut", n=canvas.cut, number=analysis.number)
        top = canvas.write(MARGIN, top, (note,), NOTE_SIZE, "note") + BETWEEN
    canvas.height = top + MARGIN - BETWEEN
    return canvas


def _heading(canvas: Canvas, analysis: Analysis, words: Words) -> float:
    title = canvas.wrap(analysis.title, TITLE_SIZE, canvas.width - 2 * MARGIN, TITLE_LINES)
    facts = words.say("picture.facts", number=analysis.number, round=analysis.round, version=analysis.version)
    top = canvas.write(MARGIN, MARGIN, title, TITLE_SIZE, "title") + 6
    return canvas.write(MARGIN, top, (facts,), FACTS_SIZE, "note") + BETWEEN


def _section(canvas: Canvas, name: str, top: float) -> float:
    tall = height((name,), SECTION_SIZE)
    canvas.panel(Box(MARGIN, top + 4, MARGIN + 5, top + tall - 4), "accent")
    return canvas.write(MARGIN + 16, top, (name,), SECTION_SIZE, "section") + 18


def _legend(canvas: Canvas, analysis: Analysis, words: Words, top: float) -> None:
    """What the mark means, beside the name of the section."""
    if any(cause.is_main for cause in analysis.causes):
        text = fishbone.MARK + words.say("picture.main_cause")
        beside = canvas.texts[-1].box.right + BETWEEN
        canvas.write(beside, top - 18 - height((text,), NOTE_SIZE) - 3, (text,), NOTE_SIZE, "main")


def _root_causes(canvas: Canvas, root_causes: Sequence[RootCause], top: float) -> float:
    x = MARGIN + CODE_WIDTH + 18
    for root in root_causes:
        code = canvas.wrap(root.code, ROOT_SIZE, CODE_WIDTH - 2 * CODE_PAD, 1)
        text = canvas.wrap(root.text, ROOT_SIZE, canvas.width - MARGIN - x, ROOT_LINES)
        badge = Box(MARGIN, top, MARGIN + CODE_WIDTH, top + height(code, ROOT_SIZE) + 2 * CODE_PAD)
        canvas.panel(badge, "code")
        canvas.write_middle((badge.left + badge.right) / 2, (badge.top + badge.bottom) / 2, code, ROOT_SIZE, "code")
        top = max(canvas.write(x, top + CODE_PAD, text, ROOT_SIZE, "root"), badge.bottom) + ROOT_PAD
    return top - ROOT_PAD
