"""The scan for the day's reminders: which rungs of which deadlines are open, and for whom, over all open items."""

from collections.abc import Iterator
from functools import partial

from bot.reminders.scan import scan
from tests.benchmarks import bare
from tests.benchmarks.crowd import NOW, House
from tests.benchmarks.harness import Line
from tests.benchmarks.overall import overall
from tests.benchmarks.run import Run


def lines(run: Run) -> Iterator[Line]:
    """On both engines."""
    yield from overall(run, "reminders", "reminder scan", scanned, partial(bare.reminded, now=NOW))


def scanned(house: House) -> int:
    """Look over all that is due or nearly; for how many people how many deadlines have something open."""
    return sum(len(page) for page in scan(house.database, house.company(), NOW))
