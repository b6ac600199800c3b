"""Search over ever so many cases against the bare full-text query of the engine, in the same run, on both engines.

The bare query asks the engine's own index for the same words, ranked by the engine; ours may take three times as long.
Also told: against the words as they are typed, without a rank, and how long it takes to find what is like a new text.
"""

import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from sqlalchemy import text
from sqlmodel import Session

import storage.search
from bot.knowledge import words
from bot.knowledge.cases import PAGE, cases
from bot.knowledge.similar import similar
from storage.database import Database
from storage.search import Term
from tests.benchmarks.company import QUESTIONS, case
from tests.benchmarks.databases import ENGINES, execute
from tests.benchmarks.harness import Line, Ratio, ratio_of, taking
from tests.benchmarks.run import Run
from tests.knowledge.shelf import record

BATCH, TIMES, MOST = 1_000, 5, 3.0
INDEX = "CREATE INDEX ix_search_document_words ON search_document USING gin (words) WITH (fastupdate = off)"
RANKED = {
    "sqlite": "SELECT rowid FROM search_index WHERE search_index MATCH :asked ORDER BY rank LIMIT :limit",
    "postgresql": """
        SELECT id FROM search_document, CAST(:asked AS tsquery) q WHERE words @@ q ORDER BY ts_rank(words, q) DESC
        LIMIT :limit
    """,
}
COUNTED = {
    "sqlite": "SELECT count(*) FROM search_index WHERE search_index MATCH :asked",
    "postgresql": "SELECT count(*) FROM search_document WHERE words @@ CAST(:asked AS tsquery)",
}


def lines(run: Run) -> Iterator[Line]:
    """Build the cases on each engine, and measure."""
    for engine in ENGINES:
        database = Database(run.databases.new(engine))
        fill(database, run.cases)
        with database.reading() as session:
            yield from _asked(session, engine, f"search {run.cases:,} cases, {engine}")
            new = [case(random.Random(f"new {number}")) for number in range(20)]
            alike = [taking(partial(similar, session, one.title, one.description))() for one in new]
            note = f"median {statistics.median(alike) * 1000:.1f} ms, worst {max(alike) * 1000:.1f} ms"
            yield Line(
                "search", f"what is like a new text, {engine}", "in seconds", statistics.median(alike), note=note
            )
        database.dispose()


def _asked(session: Session, engine: str, what: str) -> Iterator[Line]:
    """Each question several times in turns; a line's ratio is that of the medians over all questions."""
    limits = {"the bare query, same words": MOST, "the bare query, words as typed": None, "only counting them": None}
    pairs: dict[str, list[tuple[float, float]]] = {against: [] for against in limits}
    for question in QUESTIONS:
        own, *others = interleaved(_ways(session, engine, question))
        for against, other in zip(limits, others, strict=True):
            pairs[against].append((own, other))
    for against, limit in limits.items():
        found = ratio_of(pairs[against])
        middle = statistics.median(own / other for own, other in pairs[against])
        yield Line("search", what, against, middle, limit, note=_note(found, pairs[against]))


def _note(found: Ratio, pairs: Sequence[tuple[float, float]]) -> str:
    worst = max(own / other for own, other in pairs)
    return (
        f"{found.own * 1e3:.1f} : {found.other * 1e3:.1f} ms; the median of {len(pairs)} questions, worst {worst:.1f}"
    )


def _ways(session: Session, engine: str, question: str) -> list[Callable[[], object]]:
    some = cases(session, question).some_words
    same, typed = (bare(engine, terms, every=not some) for terms in (words.question(question), as_typed(question)))
    return [
        partial(cases, session, question),
        partial(ask, session, RANKED[engine], asked=same, limit=PAGE + 1),
        partial(ask, session, RANKED[engine], asked=typed, limit=PAGE + 1),
        partial(ask, session, COUNTED[engine], asked=same),
    ]


def as_typed(question: str) -> list[Term]:
    """The words as they are typed: what somebody without our table of synonyms would ask for."""
    return [Term(word) for word in dict.fromkeys(words.pairs(question.casefold()))]


def bare(engine: str, terms: list[Term], *, every: bool) -> str:
    """The question as the engine itself is asked: all of its words, or any of them where nothing has all."""
    signs = storage.search.SIGNS[engine]
    quoted = (signs.word.format(term.word) + (signs.prefix if term.prefix else "") for term in terms)
    return (signs.all_of if every else signs.any_of).join(quoted)


def interleaved(calls: Sequence[Callable[[], object]]) -> list[float]:
    """The median of many, in seconds; taken in turns, so that a busy machine slows all of them."""
    taken = [[taking(call)() for call in calls] for _ in range(TIMES)]
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def ask(session: Session, statement: str, **values: object) -> None:
    """Ask the engine and read the answer."""
    session.connection().execute(text(statement), values).all()


def fill(database: Database, count: int) -> None:
    """Write the cases as they would be written one by one; PostgreSQL builds its index afterwards, which is faster."""
    dice = random.Random("cases")
    if not database.is_sqlite:
        execute(database, "DROP INDEX ix_search_document_words")
    for start in range(0, count, BATCH):
        with database.transaction() as session:
            for number in range(start, start + BATCH):
                made = case(dice)
                record(session, f"IMP-2020-{number:06}", made.title, made.description, *made.others)
    if not database.is_sqlite:
        execute(database, INDEX, "VACUUM ANALYZE search_document, record")
    with database.transaction() as session:
        storage.search.refresh(session)
