"""`make bench`: measures, prints one table and writes build/bench.json; fails if a line is not met.

`--only home` picks lines, also several times; `--full` takes a million closed items, 100,000 cases, 10,000 messages.
"""

import gc
import json
import logging
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Annotated

import structlog
import typer

from tests.benchmarks import ack, digest, home, memory, outbox, reminders, search, start, step, workdays
from tests.benchmarks.harness import Line, as_data, table
from tests.benchmarks.run import Run

LINES: dict[str, Callable[[Run], Iterator[Line]]] = {
    "workdays": workdays.lines,
    "start": start.lines,
    "ack": ack.lines,
    "step": step.lines,
    "memory": memory.lines,
    "outbox": outbox.lines,
    "digest": digest.lines,
    "reminders": reminders.lines,
    "home": home.lines,
    "search": search.lines,
}
RESULT = Path("build/bench.json")


def main(
    only: Annotated[list[str] | None, typer.Option(help=f"Lines to measure: {', '.join(LINES)}.")] = None,
    full: Annotated[bool, typer.Option(help="A million closed items, 100,000 cases, 10,000 messages.")] = False,
) -> None:
    """Measure, print the table, and keep it as JSON."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    gc.freeze()  # as the bot does when it has started
    run = Run(closed=1_000_000, cases=100_000, messages=10_000) if full else Run(200_000, 10_000, 4_000)
    found: list[Line] = []
    try:
        for name in only or LINES:
            begun = perf_counter()
            for line in LINES[name](run):
                found.append(line)
                typer.echo(f"{line.what} : {line.against} = {line.measured:.3g}; {line.note}", err=True)
            typer.echo(f"{name}: {perf_counter() - begun:.0f} s", err=True)
    finally:
        run.close()
    typer.echo(table(found))
    RESULT.parent.mkdir(exist_ok=True)
    said = {"at": datetime.now(UTC).isoformat(), "closed": run.closed, "cases": run.cases}
    RESULT.write_text(json.dumps(said | {"lines": [as_data(line) for line in found]}, ensure_ascii=False, indent=2))
    sys.exit(any(line.met is False for line in found))


if __name__ == "__main__":
    typer.run(main)
