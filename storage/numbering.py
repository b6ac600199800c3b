"""After a restore: the numbers that may have been given out since the backup are left out.

The buttons of the lost records still stand in Slack, and know a record by its number alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, literal, select, update
from sqlmodel import col

from storage.base import INSERT
from storage.record import Record, Sequence

# More than a company gives out of one sequence between two backups, be they a week apart.
GAP = 100
EVERYWHERE = timedelta(days=1)
"""A day that has begun, or has not ended yet, somewhere on earth."""


@dataclass(frozen=True)
class Numbering:
    """What numbers are made with: `prefixes` are counted anew every year, `suffixes` anew in each item."""

    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]

    def leave_gap(self, connection: Connection, *, since: datetime, until: datetime) -> None:
        """Let every sequence go on behind a gap, also those that were begun only between the two instants."""
        connection.execute(update(Sequence).values(last=col(Sequence.last) + GAP))
        begin = INSERT[connection.dialect.name](Sequence).on_conflict_do_nothing()
        years = range((since - EVERYWHERE).year, (until + EVERYWHERE).year + 1)
        own = [{"prefix": prefix, "year": year, "last": GAP} for prefix in self.prefixes for year in years]
        if own:
            connection.execute(begin, own)
        for suffix in self.suffixes:
            of_items = select(col(Record.number) + f"-{suffix}", literal(0), literal(GAP)).where(
                col(Record.parent).is_(None)
            )
            connection.execute(begin.from_select(["prefix", "year", "last"], of_items))
