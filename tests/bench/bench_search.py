"""Search over 100,000 cases against the bare full-text query of the engine, in the same run, on both engines.

The bare query asks the engine's own index for the same words, ranked by the engine; ours may take three times as long.
Also told: the same without a rank, and how long it takes to find what is like a new text.
"""

import random
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter

import typer
from sqlalchemy import text
from sqlmodel import Session

import storage.search
from bot.knowledge import words
from bot.knowledge.cases import PAGE, cases
from bot.knowledge.similar import similar
from storage.database import Database
from storage.migrate import upgrade
from storage.search import Term
from tests.bench.company import QUESTIONS, case
from tests.knowledge.shelf import record
from tests.support.postgres import Server, fresh_database

CASES, BATCH, TIMES, MOST = 100_000, 1_000, 7, 3.0
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


def main() -> None:
    """Build the cases on each engine, measure, and fail if ours is too slow on one of them."""
    ratios = []
    for engine in ("sqlite", "postgresql"):
        with fresh(engine) as url:
            database = Database(url)
            started = perf_counter()
            fill(database)
            typer.echo(f"{engine}: {CASES} cases written in {perf_counter() - started:.0f} s")
            with database.reading() as session:
                ratios.append(compare(session, engine))
            database.dispose()
    sys.exit(max(ratios) > MOST)


def compare(session: Session, engine: str) -> float:
    """Print the medians; gives how many times as long as the bare query for the same words ours takes."""
    found: dict[str, list[float]] = {"find": [], "same words": [], "as typed": [], "count": []}
    for question in QUESTIONS:
        some = cases(session, question).some_words
        same, typed = (bare(engine, terms, every=not some) for terms in (words.question(question), as_typed(question)))
        own, *others = interleaved(
            partial(cases, session, question),
            partial(run, session, RANKED[engine], asked=same, limit=PAGE + 1),
            partial(run, session, RANKED[engine], asked=typed, limit=PAGE + 1),
            partial(run, session, COUNTED[engine], asked=same),
        )
        for times, taken in zip(found.values(), [1 / 1000, *others], strict=True):
            times.append(own / taken)
    typer.echo(f"{engine}: find {told(found['find'])} ms; how many times as long as the bare query takes:")
    typer.echo(f"  ranked, the same words      {told(found['same words'])}")
    typer.echo(f"  ranked, words as typed      {told(found['as typed'])}")
    typer.echo(f"  only counted, the same words {told(found['count'])}")
    new = [case(random.Random(f"new {number}")) for number in range(20)]
    alike = [timed(partial(similar, session, one.title, one.description)) * 1000 for one in new]
    typer.echo(f"{engine}: similar {told(alike)} ms")
    return statistics.median(found["same words"])


def as_typed(question: str) -> list[Term]:
    """The words as they are typed: what somebody without our table of synonyms would ask for."""
    return [Term(word) for word in dict.fromkeys(words.pairs(question.casefold()))]


def bare(engine: str, terms: list[Term], *, every: bool) -> str:
    """The question as the engine itself is asked: all of its words, or any of them where nothing has all."""
    signs = storage.search.SIGNS[engine]
    quoted = (signs.word.format(term.word) + (signs.prefix if term.prefix else "") for term in terms)
    return (signs.all_of if every else signs.any_of).join(quoted)


def told(figures: list[float]) -> str:
    """The median and the worst."""
    return f"{statistics.median(figures):.2f} (worst {max(figures):.2f})"


def interleaved(*calls: Callable[[], object]) -> list[float]:
    """The median of many, in seconds; taken in turns, so that a busy machine slows all of them."""
    taken = [[timed(call) for call in calls] for _ in range(TIMES)]
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def timed(call: Callable[[], object]) -> float:
    """How long one call takes, in seconds."""
    started = perf_counter()
    call()
    return perf_counter() - started


def run(session: Session, statement: str, **values: object) -> None:
    """Ask the engine and read the answer."""
    session.connection().execute(text(statement), values).all()


def fill(database: Database) -> None:
    """Write the cases as they would be written one by one; PostgreSQL builds its index afterwards, which is faster."""
    dice = random.Random("cases")
    if not database.is_sqlite:
        execute(database, "DROP INDEX ix_search_document_words")
    for start in range(0, CASES, BATCH):
        with database.transaction() as session:
            for number in range(start, start + BATCH):
                made = case(dice)
                record(session, f"IMP-2020-{number:06}", made.title, made.description, *made.others)
    if not database.is_sqlite:
        execute(database, INDEX, "VACUUM ANALYZE search_document, record")
    with database.transaction() as session:
        storage.search.refresh(session)


def execute(database: Database, *statements: str) -> None:
    """Run statements that want no transaction."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))


@contextmanager
def fresh(engine: str) -> Iterator[str]:
    """The address of a migrated database that lives as long as the block."""
    home = Path(tempfile.mkdtemp(prefix="improve-bench-", dir="/tmp"))
    server = Server(home)
    try:
        if engine == "sqlite":
            yield migrated(f"sqlite:///{home / 'bench.db'}")
        else:
            with fresh_database(server.start()) as url:
                yield migrated(url)
    finally:
        server.stop()


def migrated(url: str) -> str:
    """The same address, with all tables there."""
    upgrade(url)
    return url


if __name__ == "__main__":
    main()
