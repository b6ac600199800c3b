"""The table of synonyms, and how a text is read with it: as what is affected, what is wrong, and the other words."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

KINDS = ("things", "faults", "common")
NOT = "未"

# A number says how much or how many, never what; one that belongs to a name, such as h3c, is part of a word.
UNITS = (
    "%|‰|[张次个台条份天秒人家例起月日年号周点度层楼级元盒块封名路户]|小时|分钟|季度|毫秒|万|gb|mb|tb|kb|ms|g|m|℃|°c"
)
QUANTITY = re.compile(
    rf"(?<![a-z0-9])\d+(?:[.,:/-]\d+)*\s*(?:{UNITS})?(?![a-z0-9])"
    r"|[一二两三四五六七八九十几]+(?:[张次个台条份天人家例起月日年号周点层楼级元块名]|小时|分钟|季度)"
)


Entries = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Vocabulary:
    """The table, ready to be read with. A term names its kind and its concept."""

    terms: Mapping[str, tuple[str, str]]
    silent: Mapping[str, str]
    fillers: frozenset[str]
    term_at: Entries
    silent_at: Entries


@dataclass(frozen=True)
class Piece:
    """A part of a text: a term of one of `KINDS` with its concept, or text that the table does not know."""

    text: str
    kind: str = ""
    concept: str = ""


@cache
def vocabulary() -> Vocabulary:
    """The table that comes with the program."""
    with (resources.files("bot.knowledge") / "synonyms.toml").open("rb") as stream:
        table = tomllib.load(stream)
    terms = {
        folded(term): (kind, concept) for kind in KINDS for concept, names in table[kind].items() for term in names
    }
    silent = {folded(word): "" for word in table["ignored"]} | {folded(word): NOT for word in table["negations"]}
    return Vocabulary(terms, silent, frozenset(table["fillers"]), _by_beginning(terms), _by_beginning(silent))


def read(text: str) -> Iterator[Piece]:
    """The pieces of a text in its order, without numbers, silent words, and characters that only join words."""
    known = vocabulary()
    said = "".join(_heard(QUANTITY.sub(" ", folded(text)), known))
    for piece in _pieces(said, known):
        if piece.kind:
            yield piece
        else:
            yield Piece("".join(" " if character in known.fillers else character for character in piece.text))


def literally(text: str) -> Iterator[Piece]:
    """The pieces of a text with nothing left out."""
    return _pieces(folded(text), vocabulary())


def folded(text: str) -> str:
    """A text in which width and case of letters make no difference."""
    return unicodedata.normalize("NFKC", text).casefold()


def _pieces(text: str, known: Vocabulary) -> Iterator[Piece]:
    place = start = 0
    while place < len(text):
        term = _longest_at(text, place, known.term_at)
        if term:
            yield from _between(text[start:place])
            yield Piece(term, *known.terms[term])
            start = place + len(term)
        place += len(term) or 1
    yield from _between(text[start:])


def _between(text: str) -> Iterator[Piece]:
    if text:
        yield Piece(text)


def _heard(text: str, known: Vocabulary) -> Iterator[str]:
    """The text without its silent words and with one word for every "not"; terms stay whole."""
    place = 0
    while place < len(text):
        term, word = _longest_at(text, place, known.term_at), _longest_at(text, place, known.silent_at)
        if len(word) > len(term):
            yield known.silent[word]
        else:
            yield term or text[place]
        place += max(len(word), len(term), 1)


def _by_beginning(entries: Iterable[str]) -> Entries:
    """The entries that begin with a character, the longest first."""
    found: dict[str, list[str]] = {}
    for entry in sorted(entries, key=len, reverse=True):
        found.setdefault(entry[0], []).append(entry)
    return found


def _longest_at(text: str, place: int, entries: Entries) -> str:
    for entry in entries.get(text[place], ()):
        if text.startswith(entry, place) and not _cuts_a_word(text, place, place + len(entry)):
            return entry
    return ""


def _cuts_a_word(text: str, start: int, end: int) -> bool:
    """Whether a Latin word goes on at either end."""
    return any(0 < edge < len(text) and _is_latin(text[edge - 1]) and _is_latin(text[edge]) for edge in (start, end))


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
