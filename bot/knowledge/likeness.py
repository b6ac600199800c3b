"""How much two texts seem to tell of the same matter, in whatever words: the same thing, and the same fault of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import sqrt

from bot.knowledge.vocabulary import read
from bot.knowledge.words import CONCEPT, pairs

ALIKE = 0.41
"""From here on it is taken for the same matter; chosen on the pairs of the tests."""

IN_TITLE, COMMON = 2.0, 0.3
MATTER, WORDING = 0.8, 0.2
UNSAID = 0.25
"""What a part counts that one of the texts does not speak of."""

Weight = Callable[[str], float]


@dataclass(frozen=True)
class Reading:
    """What a text says, by kind: each word with how much stress lies on it."""

    words: Mapping[str, dict[str, float]] = field(
        default_factory=lambda: {kind: {} for kind in ("things", "faults", "")}
    )


def understand(title: str, description: str) -> Reading:
    """Read an item; what stands in the title is stressed."""
    reading = Reading()
    for text, stress in ((description, 1.0), (title, IN_TITLE)):
        for piece in read(text):
            if piece.kind in ("things", "faults"):
                reading.words[piece.kind][CONCEPT + piece.concept] = stress
            elif piece.kind:
                reading.words[""][CONCEPT + piece.concept] = COMMON
            else:
                reading.words[""] |= dict.fromkeys(pairs(piece.text), stress)
    return reading


def likeness(one: Reading, other: Reading, weight: Weight) -> float:
    """From 0, nothing in common, to 1. `weight` says how much a shared word tells: a rare one tells more."""
    things, faults, wording = (_common(one.words[kind], other.words[kind], weight) for kind in one.words)
    # The same fault of another thing is another matter, and so is another fault of the same thing.
    return MATTER * sqrt(things * faults) + WORDING * wording


def _common(one: Mapping[str, float], other: Mapping[str, float], weight: Weight) -> float:
    if not one or not other:
        return UNSAID
    shared = sum(weight(word) * sqrt(one[word] * other[word]) for word in one.keys() & other.keys())
    return shared / sqrt(_total(one, weight) * _total(other, weight))


def _total(words: Mapping[str, float], weight: Weight) -> float:
    return sum(weight(word) * stress for word, stress in words.items())
