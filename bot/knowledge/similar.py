"""Items that seem to tell of the same matter as a text, in whatever words, open and closed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from sqlmodel import Session

import storage.record
import storage.search
from bot.knowledge.likeness import ALIKE, Reading, Weight, likeness, understand
from bot.knowledge.words import SUBJECT
from storage.record import Record
from storage.search import Term

KIND = "improvement"
SHOWN, LOOKED_AT, RAREST = 3, 50, 12
DESCRIPTION_MOST = 2_000

# A small register knows little of how rare words are; these many imagined records speak for all words alike.
IMAGINED, IMAGINED_WITH_WORD = 1_000, 10


@dataclass(frozen=True)
class Similar:
    """A record and how like the text it is, from 0 to 1."""

    record: Record
    likeness: float

    @property
    def open(self) -> bool:
        """Whether somebody is still working on it."""
        return self.record.ended_on is None


def similar(
    session: Session,
    title: str,
    description: str,
    *,
    department: str | None = None,
    open_: bool | None = None,
    without: str = "",
    least: float = ALIKE,
    limit: int = SHOWN,
) -> list[Similar]:
    """The items most like a text, the most like first, none below `least`; `without` is the number of its own.

    The index proposes candidates, which are then compared one by one.
    """
    asked = understand(title, description[:DESCRIPTION_MOST])
    known = _frequencies(session, asked)
    numbers: dict[str, None] = {}
    for question in _questions(asked, known):
        found = storage.search.find(session, question, kind=KIND, department=department, open_=open_, limit=LOOKED_AT)
        numbers |= dict.fromkeys(one.number for one in found if one.number != without)
    weight = _weight(known, storage.search.count(session))
    judged = [
        Similar(record, likeness(asked, _read(record), weight)) for record in storage.record.find_all(session, numbers)
    ]
    alike = [one for one in judged if one.likeness >= least]
    return sorted(alike, key=lambda one: (one.likeness, one.record.number), reverse=True)[:limit]


def _questions(asked: Reading, known: Mapping[str, float]) -> Iterator[Sequence[Sequence[Term]]]:
    """First what has the same fault of the same thing, then what shares the rarest words."""
    things, faults = (_terms(asked.words[kind]) for kind in ("things", "faults"))
    if things and faults:
        yield [things, faults]
    words = {word for said in asked.words.values() for word in said}
    yield [_terms(sorted(words, key=lambda word: (known.get(word, 0.0), word))[:RAREST])]


def _terms(words: Mapping[str, float] | Sequence[str]) -> list[Term]:
    return [Term(SUBJECT + word) for word in words]


def _frequencies(session: Session, asked: Reading) -> dict[str, float]:
    words = [SUBJECT + word for said in asked.words.values() for word in said]
    return {word.removeprefix(SUBJECT): n for word, n in storage.search.frequencies(session, words).items()}


def _weight(known: Mapping[str, float], total: int) -> Weight:
    def weight(word: str) -> float:
        return log((total + IMAGINED) / (known.get(word, 0.0) + IMAGINED_WITH_WORD))

    return weight


def _read(record: Record) -> Reading:
    return understand(record.title, str(record.values.get("description") or "")[:DESCRIPTION_MOST])
