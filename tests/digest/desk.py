"""The clock's part of the company in a test: run the digests, deliver, and look at what stands in the channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.digest import Digests
from storage.outbox import OutboxRow
from tests.support.company import DemoCompany, at
from tests.support.postman import deliver

Facts = dict[str, Any]


@dataclass
class Desk:
    """Digests of the demo company. `posted` are all that were delivered so far."""

    company: DemoCompany
    posted: list[OutboxRow] = field(default_factory=list)

    @property
    def digests(self) -> Digests:
        """What a freshly started process has."""
        return Digests(self.company.database, self.company.companies)

    def run(self, text: str, refused: Mapping[str, str] | None = None) -> list[str]:
        """A tick at this time of the company's clocks; where a digest was delivered after it."""
        now = at(text)
        self.digests.run(now)
        rows = deliver(
            self.company.database,
            now,
            sent=lambda _session, _row: None,
            given_up=lambda session, row: self.digests.redirect(session, row, now),
            refused=refused,
        )
        found = [row for row in rows if row.kind == "digest" and row.sent_at]
        self.posted += found
        return [row.target for row in found]

    def digest(self, text: str) -> Facts:
        """The facts of the digest posted at this time."""
        assert self.run(text) == ["C_WEEKLY"]
        return self.posted[-1].data

    def lines(self, text: str, name: str, *facts: str) -> list[Any]:
        """One list of the digest posted at this time: of each line these facts."""
        found = [tuple(line[fact] for fact in facts) for line in self.digest(text)["lists"][name]["lines"]]
        return [one[0] if len(facts) == 1 else one for one in found]
