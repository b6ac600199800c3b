"""What was closed, found by words: what was wrong, why, and what helped."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlmodel import Session

import storage.search
from bot.knowledge.words import question
from storage.search import Found

PAGE, RANKED = 5, 300


@dataclass(frozen=True)
class Page:
    """One page of numbers, the best first, and whether there is another.

    `some_words` tells that nothing holds all words of the question, and these hold some of them.
    """

    numbers: list[str]
    more: bool
    some_words: bool = False


def cases(session: Session, words: str, *, page: int = 1, size: int = PAGE) -> Page:
    """The closed items in which all of these words stand, or, if there are none, any of them.

    Pages count from 1. Words without a letter or a digit find nothing. Of very many exact answers only the newest
    are ranked.
    """
    terms, offset = question(words), size * (page - 1)
    exact = partial(storage.search.find, session, [[term] for term in terms], open_=False, newest=RANKED)
    found = exact(limit=size + 1, offset=offset)
    # Beyond the last page of the exact answer there is no other answer.
    if found or len(terms) < 2 or (offset and exact(limit=1)):
        return _page(found, size)
    return _page(
        storage.search.find(session, [terms], open_=False, limit=size + 1, offset=offset), size, some_words=True
    )


def _page(found: Sequence[Found], size: int, *, some_words: bool = False) -> Page:
    return Page([one.number for one in found[:size]], len(found) > size, some_words)
