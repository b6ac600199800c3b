"""What comes out is a picture, in Chinese too, on a machine without a font."""

import struct

import pytest

from bot.pictures import Analysis, draw
from bot.pictures.canvas import Canvas
from bot.pictures.png import MOST_PIXELS, paint
from bot.render import Words
from tests.pictures.sample import NAMED
from tests.support.words import phrasebook

SIGNATURE = b"\x89PNG\r\n\x1a\n"
UNKNOWN = "\u0e44"  # Thai, which the font does not have


def size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels."""
    assert png.startswith(SIGNATURE)
    wide, high = struct.unpack(">II", png[16:24])
    return int(wide), int(high)


def drawn(sign: str, style: str = "twig") -> bytes:
    """One sign alone."""
    canvas = Canvas(40, 40)
    canvas.write(4, 4, (sign,), 20, style)
    return paint(canvas)


@pytest.mark.parametrize("shown", NAMED.values(), ids=NAMED)
def test_every_analysis_can_be_drawn(shown: Analysis, words: Words) -> None:
    wide, high = size(draw(shown, words))
    assert wide >= 1000
    assert wide * high <= MOST_PIXELS * 1.01


def test_the_usual_picture_is_small() -> None:
    png = draw(NAMED["six causes"], phrasebook().words("zh_CN"))
    assert len(png) < 1_000_000
    assert size(png)[0] == 2100


def test_signs_are_themselves_and_no_empty_boxes() -> None:
    pictures = {sign: drawn(sign) for sign in ("断", "电", "A", "★", "…", "，", "é", UNKNOWN, "")}
    assert len(set(pictures.values())) == len(pictures)
    assert drawn("\u0e01") == pictures[UNKNOWN]  # so that the comparison means something: all unknown ones look alike


def test_main_causes_look_different() -> None:
    assert drawn("断", "main") != drawn("断", "twig")


def test_markup_is_text() -> None:
    evil = '</text><rect width="40" height="40"/><text>'
    canvas = Canvas(900, 40)
    canvas.write(4, 4, (evil,), 20, "twig")
    covered = Canvas(900, 40)
    covered.write(4, 4, ("x" * len(evil),), 20, "twig")
    assert size(paint(canvas)) == size(paint(covered))
    assert paint(canvas) != paint(covered)
