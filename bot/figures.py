"""Exact figures as people read them: rounded for the eye only, never for a comparison."""

from decimal import Decimal
from fractions import Fraction


def half_up(value: Fraction, places: int = 2) -> str:
    """A figure with so many decimal places, halves rounded away from zero: 91.235 is shown as 91.24."""
    scale = 10**places
    rounded = int(abs(value) * scale + Fraction(1, 2))
    whole, rest = divmod(rounded, scale)
    sign = "-" if value < 0 and rounded else ""
    return f"{sign}{whole}.{rest:0{places}d}" if places else f"{sign}{whole}"


def grouped(value: str) -> str:
    """An exact decimal as forms keep it, its thousands apart: 50000 is shown as 50,000."""
    return f"{Decimal(value):,}"
