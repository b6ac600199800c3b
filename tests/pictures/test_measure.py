"""Text is never wider than it is measured, and a broken line loses nothing that is not counted."""

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from pylopdf_fonts_zh_cn import sans_path

from bot.pictures.measure import ELLIPSIS, clean, width, wrap

TEXTS = st.text(st.one_of(st.characters(), st.sampled_from("abc WM中文，。 ")), max_size=120)


def test_no_sign_of_the_font_is_wider_than_we_think() -> None:
    font = TTFont(sans_path())
    advances = {
        chr(code): font["hmtx"][glyph][0] / font["head"].unitsPerEm for code, glyph in font.getBestCmap().items()
    }
    assert [sign for sign, advance in advances.items() if advance > width(sign)] == []
    assert [sign for sign in map(chr, range(0x20, 0x7F)) if width(sign) > advances[sign] + 0.2] == []


@pytest.mark.parametrize(
    ("text", "room", "most", "lines", "cut"),
    [
        ("", 10, 2, (), 0),
        ("  \n\t ", 10, 2, (), 0),
        ("中文字符", 4, 1, ("中文字符",), 0),
        ("中文字符", 2, 2, ("中文", "字符"), 0),
        ("中文字，符", 3, 2, ("中文", "字，符"), 0),  # no line begins with a comma
        ("中文字符很多", 3, 1, ("中文…",), 4),
        ("中文字符很多的字", 3, 2, ("中文字", "符很…"), 3),
        ("power module", 4, 2, ("power", "module"), 0),
        ("a bb ccc", 2.3, 2, ("a bb", "ccc"), 0),
        ("WWWWWWW", 3, 3, ("WWW", "WWW", "W"), 0),
        ("一 WWWWW", 3, 9, ("一", "WWW", "WW"), 0),
        ("两\n行", 9, 9, ("两 行",), 0),
    ],
)
def test_lines(text: str, room: float, most: int, lines: tuple[str, ...], cut: int) -> None:
    found = wrap(text, room, most)
    assert (found.lines, found.cut) == (lines, cut)


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("a\x00b\x08c", "a b c"),
        ("\u202eabc\u200d", "abc"),  # signs that turn the direction or join
        ("坏了😀🚀👨‍👩‍👧！", "坏了！"),
        ("⚠\ufe0f 注意", "⚠ 注意"),
        ("\ud800\ufffe\uffff字", "字"),
        ("<b>&\"'", "<b>&\"'"),
    ],
)
def test_only_what_can_be_drawn_is_left(typed: str, drawn: str) -> None:
    assert clean(typed) == drawn


@given(TEXTS, st.floats(3, 20), st.integers(1, 5))
def test_lines_fit_and_what_is_cut_is_counted(text: str, room: float, most: int) -> None:
    found = wrap(text, room, most)
    assert len(found.lines) <= most
    assert all(width(line) <= room + 1e-9 for line in found.lines)
    whole, shown = clean(text).replace(" ", ""), "".join(found.lines).replace(" ", "")
    if found.cut:
        assert shown.endswith(ELLIPSIS)
        shown = shown.removesuffix(ELLIPSIS)
    assert whole.startswith(shown)
    assert len(whole) - len(shown) == found.cut
