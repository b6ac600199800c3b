"""One run of the benchmarks: its options, its databases, and the crowded companies that several lines look at."""

from dataclasses import dataclass, field
from functools import cached_property

from tests.benchmarks.crowd import Crowd, crowds
from tests.benchmarks.databases import ENGINES, Databases


@dataclass
class Run:
    """What every line is given. `closed` items are in the big company, `cases` among those that are searched."""

    closed: int
    cases: int
    messages: int
    databases: Databases = field(default_factory=Databases)

    @cached_property
    def crowds(self) -> dict[str, Crowd]:
        """By engine: the company alone, with open items, and with ever so many closed ones; built when first needed."""
        return {engine: crowds(self.databases, engine, closed=self.closed) for engine in ENGINES}

    def close(self) -> None:
        """Leave nothing behind."""
        if "crowds" in self.__dict__:
            for crowd in self.crowds.values():
                crowd.close()
        self.databases.close()
