"""What a form field is, beyond its Python type: how long, which kind of choice, which dates.

A marker stands in the annotation, `title: Annotated[str, Line(80)]`. The modal draws its input from it and the
form checks its value with it, so a limit is written once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from bot.errors import Message


class People(Protocol):
    """What a form needs to know of the company."""

    def is_active(self, person: str) -> bool:
        """Whether this is a member who may be chosen: no bot, no guest, not deactivated."""
        ...

    def has_department(self, name: str) -> bool:
        """Whether the company has this department."""
        ...


@dataclass(frozen=True)
class Setting:
    """What the check of a form may depend on."""

    today: date
    people: People
    choices: Mapping[str, frozenset[str]]


class Marker:
    """The root of all markers."""

    def fault(self, value: Any, setting: Setting) -> Message | None:
        """What is wrong with the value, if anything."""
        raise NotImplementedError


@dataclass(frozen=True)
class Line(Marker):
    """One line of 1 to `limit` characters."""

    limit: int

    def fault(self, value: Any, setting: Setting) -> Message | None:
        """Too long, or broken into lines."""
        if "\n" in value:
            return Message("invalid.one_line")
        return _too_long(value, self.limit)


@dataclass(frozen=True)
class Text(Marker):
    """Several lines of 1 to `limit` characters; a `telling` text has letters or digits, of whatever script."""

    limit: int
    telling: bool = False

    def fault(self, value: Any, setting: Setting) -> Message | None:
        """Too long, or nothing but marks."""
        if self.telling and not any(map(str.isalnum, value)):
            return Message("invalid.says_nothing")
        return _too_long(value, self.limit)


@dataclass(frozen=True)
class Number(Marker):
    """An exact decimal, not negative, at least `least` and below `limit`, up to four places."""

    places: int = 4
    limit: Decimal = Decimal(10**15)
    least: Decimal = Decimal(0)

    def fault(self, value: Any, setting: Setting) -> Message | None:
        """Negative, not a number, too small, too large, or too many places."""
        number = Decimal(value)
        if not number.is_finite() or number < 0:
            return Message("invalid.not_negative")
        if number < self.least:
            return Message("invalid.too_small", {"least": f"{self.least:,}"})
        # Looked at before the places: `round` fails on numbers with more digits than Decimal computes with.
        if number >= self.limit:
            return Message("invalid.too_large", {"limit": f"{self.limit:,}"})
        return Message("invalid.places", {"n": self.places}) if round(number, self.places) != number else None


@dataclass(frozen=True)
class Day(Marker):
    """A date in the company's zone, with the side of today on which it may lie."""

    past: bool = True
    future: bool = True

    def fault(self, value: Any, setting: Setting) -> Message | None:
        """On the wrong side of today."""
        if not self.future and value > setting.today:
            return Message("invalid.in_future", {"today": setting.today})
        if not self.past and value < setting.today:
            return Message("invalid.in_past", {"today": setting.today})
        return None


@dataclass(frozen=True)
class Member(Marker):
    """One active member of the company."""

    def fault(self, value: Any, setting: Setting) -> Message | None:
        """Unknown, deactivated, a bot or a guest."""
        return None if setting.people.is_active(value) else Message("invalid.person", {"person": value})


@dataclass(frozen=True)
class Members(Marker):
    """Up to `limit` active members."""

    limit: int

    def fault(self, value: Any, setting: Setting) -> Message | None:
        """Too many, or one who cannot be chosen."""
        if len(value) > self.limit:
            return Message("invalid.too_many", {"n": self.limit})
        faults = (Member().fault(person, setting) for person in value)
        return next((fault for fault in faults if fault), None)


@dataclass(frozen=True)
class Department(Marker):
    """A department of the directory, by name."""

    def fault(self, value: Any, setting: Setting) -> Message | None:
        """No such department."""
        return None if setting.people.has_department(value) else Message("invalid.department", {"name": value})


@dataclass(frozen=True)
class Pick(Marker):
    """One of the choices that the record or the company offers under `source` at this moment."""

    source: str

    def fault(self, value: Any, setting: Setting) -> Message | None:
        """Not offered, or not any more."""
        offered = setting.choices.get(self.source, frozenset())
        return None if value in offered else Message("invalid.not_offered")


@dataclass(frozen=True)
class RecordNumber(Marker):
    """The number of an existing record; whether it exists is the guard's question."""

    limit: int = 40

    def fault(self, value: Any, setting: Setting) -> Message | None:
        """Longer than any number is."""
        return _too_long(value, self.limit)


@dataclass(frozen=True)
class Grouped(Marker):
    """A choice that is shown in groups, the options of each group belonging to one value of field `by`."""

    by: str
    groups: tuple[tuple[str, tuple[str, ...]], ...]

    def fault(self, value: Any, setting: Setting) -> Message | None:
        """Never by itself: whether it fits is checked together with the field it depends on."""
        return None


def _too_long(value: str, limit: int) -> Message | None:
    return Message("invalid.too_long", {"limit": limit, "length": len(value)}) if len(value) > limit else None
