"""The memory of one process after an hour of simulated load, against the same process at the start of that hour."""

import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.harness import Line
from tests.benchmarks.run import Run
from tests.benchmarks.slack import slack

MIB = 1 << 20


def lines(run: Run) -> Iterator[Line]:
    """In a process of its own, whose figures are not moved by what else is measured."""
    url = run.databases.new("sqlite")
    with slack() as address:
        hour = [sys.executable, "-m", "tests.benchmarks.hour", url, address]
        said = subprocess.run(hour, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    before, after = map(int, said.splitlines()[-1].split())
    note = f"{after / MIB:.1f} : {before / MIB:.1f} MiB"
    yield Line("memory", "memory after an hour of simulated load", "at its start", after / before, 1.05, note=note)
