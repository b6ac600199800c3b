"""The weekly digest, compiled over all open items and the news of a week."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from bot.digest.snapshot import Snapshot, compile
from tests.benchmarks import bare
from tests.benchmarks.crowd import NOW, House
from tests.benchmarks.harness import Line
from tests.benchmarks.overall import overall
from tests.benchmarks.run import Run

SINCE = NOW - timedelta(days=7)


def lines(run: Run) -> Iterator[Line]:
    """On both engines."""
    yield from overall(run, "digest", "weekly digest", compiled, partial(bare.digested, now=NOW, since=SINCE))


def compiled(house: House) -> Snapshot:
    """The digest at nine o'clock on Monday."""
    with house.database.reading() as session:
        return compile(session, house.companies.load(session), NOW, SINCE, NOW)
