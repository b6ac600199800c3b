"""Figures as they are shown: rounded half up from exact numbers."""

from fractions import Fraction

import pytest

from bot.figures import half_up


@pytest.mark.parametrize(
    ("exact", "places", "shown"),
    [
        (Fraction(91235, 1000), 2, "91.24"),
        (Fraction(91225, 1000), 2, "91.23"),
        (Fraction(4700, 51), 2, "92.16"),
        (Fraction(99999, 1000), 2, "100.00"),
        (Fraction(100), 2, "100.00"),
        (Fraction(1, 2), 0, "1"),
        (Fraction(-12345, 1000), 2, "-12.35"),
        (Fraction(-1, 1000), 2, "0.00"),
    ],
)
def test_halves_go_up(exact: Fraction, places: int, shown: str) -> None:
    assert half_up(exact, places) == shown
