"""What all benchmarks share: two things measured in turns, their ratio with its spread, and the table of the lines.

Only ratios within one run are compared with a reach, so that neither the machine nor its other guests decide.
"""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter

Timed = Callable[[], float]
"""Does something once and says how long that took, in seconds, without what had to be prepared."""

WARM_UP, LEAST, MOST, STEADY = 2, 9, 400, 0.02


@dataclass(frozen=True)
class Ratio:
    """How many times as long ours took. `low` and `high` are the quartiles of the single pairs, times in seconds."""

    value: float
    low: float
    high: float
    own: float
    other: float
    pairs: int

    @property
    def note(self) -> str:
        """Both medians, and how much the pairs differed."""
        times = f"{_time(self.own)} : {_time(self.other)}"
        return f"{times}; half of {self.pairs} pairs within {self.low:.2f}-{self.high:.2f}"


@dataclass(frozen=True)
class Line:
    """One line of the table. Without a `limit` it is only told; `at_least` says that more is better."""

    name: str
    what: str
    against: str
    measured: float
    limit: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the reach is met; None where there is none."""
        if self.limit is None:
            return None
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    @property
    def reach(self) -> str:
        """The reach as it is written."""
        return "" if self.limit is None else f"{'≥' if self.at_least else '≤'} {self.limit:g}"


def compare(own: Timed, other: Timed, *, seconds: float = 6.0, least: int = LEAST) -> Ratio:
    """Measure two things in turns until the ratio is steady, or for `seconds`, and `least` times in any case."""
    for _ in range(WARM_UP):
        own(), other()
    pairs: list[tuple[float, float]] = []
    begun = perf_counter()
    while len(pairs) < least or (len(pairs) < MOST and perf_counter() - begun < seconds and not _steady(pairs)):
        if len(pairs) % 2:
            second = other()
            pairs.append((own(), second))
        else:
            pairs.append((own(), other()))
    return ratio_of(pairs)


def ratio_of(pairs: Sequence[tuple[float, float]]) -> Ratio:
    """The ratio of the medians of what was measured in pairs, at least two."""
    own, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    low, _, high = statistics.quantiles([one / two for one, two in pairs], n=4)
    return Ratio(own / other, low, high, own, other, len(pairs))


def taking(call: Callable[[], object]) -> Timed:
    """The time of a whole call."""

    def timed() -> float:
        started = perf_counter()
        call()
        return perf_counter() - started

    return timed


def table(lines: Iterable[Line]) -> str:
    """The lines as a table to be read."""
    said = {True: "yes", False: "NO", None: ""}
    rows = [(li.what, li.against, li.reach, f"{li.measured:.3g}", said[li.met], li.note) for li in lines]
    header = ("what", "against", "reach", "measured", "met?", "note")
    widths = [max(len(row[n]) for row in [header, *rows]) for n in range(len(header))]
    rule = tuple("-" * width for width in widths)
    return "\n".join(
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [header, rule, *rows]
    )


def as_data(line: Line) -> dict[str, object]:
    """The line as JSON values."""
    return asdict(line) | {"reach": line.reach, "met": line.met}


def _steady(pairs: Sequence[tuple[float, float]]) -> bool:
    """Whether the middle half of the pairs tells the ratio to a few hundredths."""
    found = ratio_of(pairs)
    spread: float = (found.high - found.low) / found.value / len(pairs) ** 0.5
    return spread < STEADY


def _time(seconds: float) -> str:
    return (
        f"{seconds:.2f} s"
        if seconds >= 1
        else f"{seconds * 1e3:.3g} ms"
        if seconds >= 1e-3
        else f"{seconds * 1e6:.3g} µs"
    )
