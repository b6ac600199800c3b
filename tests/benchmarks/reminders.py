"""The scan for the day's reminders: which rungs of which deadlines are open, and for whom, over all open items.

Against the same with few closed items, and against bare SQL that reads the same rows.
"""

from collections.abc import Iterator
from functools import partial

from tests.benchmarks import bare
from tests.benchmarks.crowd import NOW, House
from tests.benchmarks.harness import Line, compare, taking
from tests.benchmarks.run import Run


def lines(run: Run) -> Iterator[Line]:
    """On both engines."""
    for engine, crowd in run.crowds.items():
        what = f"reminder scan, {run.closed:,} closed, {engine}"
        many, few = (taking(partial(scan, house)) for house in (crowd.many, crowd.few))
        found = compare(many, few, least=5)
        yield Line("reminders", what, "the same with 10,000 closed", found.value, 1.2, note=found.note)
        with crowd.many.database.reading() as session:
            rows = taking(partial(bare.read, session, bare.reminded(crowd.many.company(), NOW)))
            found = compare(many, rows, least=5)
        yield Line("reminders", what, "bare SQL of the same rows", found.value, 3.0, note=found.note)


def scan(house: House) -> int:
    """Look through all that is due or nearly; how many rungs are open."""
    return sum(len(page) for page in house.reminders.scan(house.company(), NOW))
