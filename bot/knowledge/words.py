"""The words a text is found by. Chinese has no blanks, so every two neighbouring characters are a word.

The last character of a run stands alone too: so a question of one character finds it wherever it stands, as the
beginning of a word. `~slow` stands for everything the table of synonyms calls slow; `_` marks a word of the subject,
by which likeness is looked for.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from bot.knowledge.vocabulary import folded, literally, read
from storage.search import Term

HAN = r"㐀-䶿一-鿿\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af\U00020000-\U0003ffff"
RUN = re.compile(rf"(?P<han>[{HAN}]+)|[^\W_{HAN}]+")
CONCEPT, SUBJECT = "~", "_"
MEANINGFUL = ("things", "faults")

QUESTION_MOST, TEXT_MOST, WORD_MOST = 200, 20_000, 40
READ_AGAIN = 2_000
BEGINNING = 3
"""From so many letters on, a Latin word of a question finds the longer ones it begins."""


def indexed(title: str, description: str, others: Sequence[str] = ()) -> list[str]:
    """All words of a record, those of its title twice, for they tell more."""
    subject = f"{title}\n{description}"
    texts = [text[:TEXT_MOST] for text in (title, subject, *others)]
    return [
        *_subject_of(subject[:TEXT_MOST]),
        *(word for text in texts for word in _words_of(text)),
    ]


def words(text: str) -> Iterator[str]:
    """The words that likeness is judged by: concepts, and what stands between them."""
    for piece in read(text):
        if piece.kind:
            yield CONCEPT + piece.concept
        else:
            yield from pairs(piece.text)


def question(text: str) -> list[Term]:
    """What a person looks for: what has many names under any of them, everything else as it is typed."""
    pieces = list(literally(text[:QUESTION_MOST]))
    terms: list[Term] = []
    for piece in pieces:
        if piece.kind in MEANINGFUL:
            terms.append(Term(CONCEPT + piece.concept))
        else:
            terms += _typed(piece.text)
    # One character between two words it was cut from says nothing.
    longer = [term for term in terms if len(term.word) > 1]
    return longer or terms


def pairs(text: str) -> Iterator[str]:
    """Latin words and numbers, and the pairs of neighbouring Chinese characters."""
    for run in RUN.finditer(text):
        if run["han"]:
            yield from (one + other for one, other in pairwise(run[0]))
        else:
            yield run[0][:WORD_MOST]


@lru_cache(maxsize=READ_AGAIN)
def _words_of(text: str) -> tuple[str, ...]:
    """A step changes one text of an item, and all of them are written again: what has just been read is remembered."""
    return (*(CONCEPT + concept for concept in _concepts(text)), *_written(text))


@lru_cache(maxsize=READ_AGAIN)
def _subject_of(text: str) -> tuple[str, ...]:
    """The same for what it is about, which hardly ever changes."""
    return tuple(SUBJECT + word for word in dict.fromkeys(words(text)))


def _concepts(text: str) -> Iterator[str]:
    """As it is read, and as it would be typed into a question."""
    said, typed = (
        [piece.concept for piece in pieces if piece.kind in MEANINGFUL] for pieces in (read(text), literally(text))
    )
    yield from said
    yield from (concept for concept in typed if concept not in said)


def _written(text: str) -> Iterator[str]:
    for run in RUN.finditer(folded(text)):
        yield from pairs(run[0])
        if run["han"]:
            yield run[0][-1]


def _typed(text: str) -> Iterator[Term]:
    for run in RUN.finditer(text):
        found = run[0][:WORD_MOST]
        if len(found) == 1:
            yield Term(found, prefix=run["han"] is not None)
        elif run["han"]:
            yield from map(Term, pairs(found))
        else:
            yield Term(found, prefix=len(found) >= BEGINNING)
