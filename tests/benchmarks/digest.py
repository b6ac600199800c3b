"""The weekly digest, compiled over all open items and the news of a week.

Against the same with few closed items, and against bare SQL that reads the same rows.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from bot.digest.snapshot import Snapshot, compile
from tests.benchmarks import bare
from tests.benchmarks.crowd import NOW, House
from tests.benchmarks.harness import Line, compare, taking
from tests.benchmarks.run import Run

SINCE = NOW - timedelta(days=7)


def lines(run: Run) -> Iterator[Line]:
    """On both engines."""
    for engine, crowd in run.crowds.items():
        what = f"weekly digest, {run.closed:,} closed, {engine}"
        many, few = (taking(partial(compiled, house)) for house in (crowd.many, crowd.few))
        found = compare(many, few, least=5)
        yield Line("digest", what, "the same with 10,000 closed", found.value, 1.2, note=found.note)
        with crowd.many.database.reading() as session:
            rows = taking(partial(bare.read, session, bare.digested(crowd.many.company(), NOW, SINCE)))
            found = compare(many, rows, least=5)
        yield Line("digest", what, "bare SQL of the same rows", found.value, 3.0, note=found.note)


def compiled(house: House) -> Snapshot:
    """The digest at nine o'clock on Monday."""
    with house.database.reading() as session:
        return compile(session, house.companies.load(session), NOW, SINCE, NOW)
