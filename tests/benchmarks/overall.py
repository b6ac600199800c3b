"""What the clock asks over all that is open, against the same with few closed items and against bare SQL."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from bot.company import Company
from tests.benchmarks import bare
from tests.benchmarks.bare import Statement
from tests.benchmarks.crowd import House
from tests.benchmarks.harness import Line, compare, taking
from tests.benchmarks.run import Run


def overall(
    run: Run, name: str, what: str, ask: Callable[[House], object], rows: Callable[[Company], Sequence[Statement]]
) -> Iterator[Line]:
    """The lines of one such question on both engines; `rows` says which rows it needs."""
    for engine, crowd in run.crowds.items():
        said = f"{what}, {run.closed:,} closed, {engine}"
        many, few = (taking(partial(ask, house)) for house in (crowd.many, crowd.few))
        found = compare(many, few, least=5)
        yield Line(name, said, "the same with 10,000 closed", found.value, 1.2, note=found.note)
        statements = rows(crowd.many.company())
        with crowd.many.database.reading() as session:
            found = compare(many, taking(partial(bare.read, session, statements)), least=5)
        yield Line(name, said, "bare SQL of the same rows", found.value, 3.0, note=found.note)
