"""The full-text index of the register: which words stand under which number, found again by rank.

Words are made elsewhere; here they are opaque, without blanks, quotes or control characters. SQLite keeps them in an
FTS5 table that triggers hold equal to `search_document`, PostgreSQL in a tsvector with a GIN index. The index is
derived: it can be emptied and written again at any time.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Column, Executable, Text, or_, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, Session, col, delete, func, select

from storage.base import INSERT, Base, dialect_of
from storage.record import Record

ENGINE_NAME = re.compile(r"search_(index|vocabulary)(_\w+)?|ix_search_document_words")

WORD = re.compile(r"[^\W_]+|[_~]{1,2}\w+")
WORD_MOST, WORDS_MOST, TERMS_MOST = 60, 8_000, 40
# PostgreSQL keeps no position beyond this, and no more than so many of one word.
POSITION_MOST, POSITIONS_MOST = 16_383, 200


class SearchDocument(Base, table=True):
    """What can be found of one record, and by what it can be chosen before it is ranked."""

    __tablename__ = "search_document"

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=40, unique=True)
    kind: str = Field(max_length=32)
    department: str | None = None
    open: bool
    words: str = Field(sa_column=Column("words", Text().with_variant(TSVECTOR(), "postgresql"), nullable=False))


@dataclass(frozen=True)
class Term:
    """One word of a question; as a `prefix` it also finds longer words that begin with it."""

    word: str
    prefix: bool = False


Question = Sequence[Sequence[Term]]


@dataclass(frozen=True)
class Signs:
    """How an engine writes a question."""

    word: str
    prefix: str
    all_of: str
    any_of: str


@dataclass(frozen=True)
class Found:
    """A record that was found. Scores order one answer and mean nothing beyond it; the best is highest."""

    number: str
    score: float


def put(session: Session, *, number: str, kind: str, department: str | None, open_: bool, words: Sequence[str]) -> None:
    """Write what a record can be found by, in the order of its text; in place of what stood there before."""
    kept = [*islice(filter(WORD.fullmatch, words), WORDS_MOST)]
    row = {"kind": kind, "department": department, "open": open_, "words": _stored(session, kept)}
    session.connection().execute(_writing(dialect_of(session)), {"number": number, **row})


def remove(session: Session, number: str) -> None:
    """Let a record be found no more."""
    session.execute(delete(SearchDocument).where(col(SearchDocument.number) == number))


def forget_missing(session: Session) -> None:
    """Take out what stands for no record."""
    session.execute(delete(SearchDocument).where(col(SearchDocument.number).not_in(select(Record.number))))


def find(
    session: Session,
    question: Question,
    *,
    kind: str | None = None,
    department: str | None = None,
    open_: bool | None = None,
    newest: int | None = None,
    limit: int,
    offset: int = 0,
) -> list[Found]:
    """The records in which of every group of terms at least one stands, the best first.

    A rank costs far more than a find: with `newest` only so many are ranked, the others are not found. A question
    without terms finds nothing.
    """
    asked = _asked(session, question)
    if not asked:
        return []
    chosen = {"kind": kind, "department": department, "open": open_}
    wanted = {name: value for name, value in chosen.items() if value is not None}
    engine, places = dialect_of(session), "".join(f" AND d.{name} = :{name}" for name in wanted)
    bound = BOUND[engine].format(chosen=places) if newest else ""
    values = {"asked": asked, "limit": limit, "offset": offset} | ({"newest": newest} if newest else {}) | wanted
    rows = session.connection().execute(text(RANKED[engine].format(chosen=places, bound=bound)), values)
    return [Found(row.number, float(row.score)) for row in rows]


def count(session: Session) -> int:
    """How many records can be found."""
    return session.exec(select(func.count()).select_from(SearchDocument)).one()


def frequencies(session: Session, words: Iterable[str]) -> dict[str, float]:
    """In how many records these words stand; one that is not named stands in few.

    PostgreSQL answers from its statistics, by which only the frequent words of a large index are known.
    """
    wanted = list(dict.fromkeys(words))
    if dialect_of(session) == "postgresql":
        return _estimated(session, wanted)
    placed = {f"w{place}": word for place, word in enumerate(wanted)}
    names = ", ".join(f":{name}" for name in placed)
    statement = text(f"SELECT term, doc FROM search_vocabulary WHERE term IN ({names})")  # noqa: S608 only our names
    return {row.term: float(row.doc) for row in session.connection().execute(statement, placed)}


def refresh(session: Session) -> None:
    """After many changes: put the index into shape and count its words anew."""
    if dialect_of(session) == "postgresql":
        session.connection().execute(text("ANALYZE search_document"))
    else:
        session.connection().execute(text("INSERT INTO search_index(search_index) VALUES ('optimize')"))


# bm25 is lower for a better match. CROSS JOIN keeps SQLite from walking through the documents first.
RANKED = {
    "sqlite": """
        SELECT d.number, -f.rank AS score
        FROM search_index f CROSS JOIN search_document d ON d.id = f.rowid
        WHERE f.search_index MATCH :asked{chosen}{bound}
        ORDER BY f.rank, d.id DESC LIMIT :limit OFFSET :offset
    """,
    "postgresql": """
        WITH asked AS (SELECT CAST(:asked AS tsquery) AS q), found AS MATERIALIZED (
            SELECT d.id, d.number, d.words FROM search_document d
            WHERE d.words @@ CAST(:asked AS tsquery){chosen}{bound}
        )
        SELECT found.number, ts_rank(found.words, asked.q, 1) AS score FROM found, asked
        ORDER BY score DESC, found.id DESC LIMIT :limit OFFSET :offset
    """,
}
BOUND = {
    "sqlite": """
        AND f.rowid >= (
            SELECT min(id) FROM (
                SELECT d.id FROM search_index g CROSS JOIN search_document d ON d.id = g.rowid
                WHERE g.search_index MATCH :asked{chosen} ORDER BY g.rowid DESC LIMIT :newest
            )
        )
    """,
    "postgresql": " ORDER BY d.id DESC LIMIT :newest",
}
SIGNS = {
    "sqlite": Signs('"{}"', "*", " AND ", " OR "),
    "postgresql": Signs("'{}'", ":*", " & ", " | "),
}


@cache
def _writing(dialect: str) -> Executable:
    """Most steps change nothing that is searched for; then the index is not written."""
    statement = INSERT[dialect](SearchDocument)
    new = {name: statement.excluded[name] for name in ("kind", "department", "open", "words")}
    changed = or_(*(col(getattr(SearchDocument, name)).is_distinct_from(value) for name, value in new.items()))
    return statement.on_conflict_do_update(index_elements=["number"], set_=new, where=changed)


def is_ours(name: str | None, _kind: str, _parents: object) -> bool:
    """Whether a table or index of the database is described in the code; an engine's full-text index is not."""
    return name is None or ENGINE_NAME.fullmatch(name) is None


def _asked(session: Session, question: Question) -> str:
    """The question in the language of the engine, or nothing; a quoted word is a word there and nothing else."""
    signs = SIGNS[dialect_of(session)]
    groups = ([_term(term, signs) for term in group if WORD.fullmatch(term.word)] for group in question)
    return signs.all_of.join(f"({signs.any_of.join(group)})" for group in islice(filter(None, groups), TERMS_MOST))


def _term(term: Term, signs: Signs) -> str:
    return signs.word.format(term.word) + (signs.prefix if term.prefix else "")


def _stored(session: Session, words: Sequence[str]) -> str:
    if dialect_of(session) == "sqlite":
        return " ".join(words)
    positions: defaultdict[str, list[int]] = defaultdict(list)
    for position, word in enumerate(words, start=1):
        positions[word].append(min(position, POSITION_MOST))
    return " ".join(f"'{word}':{','.join(map(str, found[:POSITIONS_MOST]))}" for word, found in positions.items())


def _estimated(session: Session, words: Sequence[str]) -> dict[str, float]:
    statement = text("""
        SELECT CAST(CAST(most_common_elems AS text) AS text[]) AS words, most_common_elem_freqs AS shares
        FROM pg_stats WHERE schemaname = current_schema AND tablename = 'search_document' AND attname = 'words'
    """)
    row: Any = session.connection().execute(statement).first()
    if row is None or row.words is None:
        return {}
    total, known = count(session), dict(zip(row.words, row.shares, strict=False))
    return {word: known[word] * total for word in words if word in known}
