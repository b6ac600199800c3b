"""The news of a digest: what was raised, closed, found without effect, learned or extended in its window."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

import storage.deadline
import storage.news
import storage.record
from bot.company import Company
from bot.digest.listing import CAPS, Facts, Listing, capped, facts_of
from bot.improvement.stages import CaseStage, Stage
from storage.news import Event
from storage.record import Record

RAISED = "raise_opportunity"
CLASSIFIED = ("classify_daily", "classify_capa", "classify_project")
INEFFECTIVE = ("verify_daily_ineffective", "verify_ineffective", "fail_acceptance", "conclude_ineffective")
LEARNED = "publish_case"
EXTENDED = "approve_extension"


@dataclass
class _Events:
    """What happened in the window, by kind: numbers, and who raised something."""

    raised: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    ineffective: list[str] = field(default_factory=list)
    extended: list[str] = field(default_factory=list)
    recurring: dict[str, str] = field(default_factory=dict)
    learned: dict[str, None] = field(default_factory=dict)
    raisers: set[str] = field(default_factory=set)

    def add(self, event: Event) -> None:
        """Sort in one event. Of the cases none that is used no longer, but those of which a revision is written."""
        if event.step == RAISED:
            self.raised.append(event.number)
            self.raisers.add(event.raiser)
        elif event.step in INEFFECTIVE:
            self.ineffective.append(event.number)
        elif event.step == EXTENDED:
            self.extended.append(event.number)
        elif event.step == LEARNED:
            self.learned |= {event.number: None} if event.stage != CaseStage.RETIRED else {}
        elif event.to_stage == Stage.CLOSED:
            self.closed.append(event.number)
        if event.recurrence_of and event.step in (RAISED, *CLASSIFIED):
            self.recurring[event.number] = event.recurrence_of


class News:
    """What happened from `since` to before `until`."""

    def __init__(self, session: Session, company: Company, since: datetime, until: datetime) -> None:
        self._session, self._company, self._since, self._until = session, company, since, until

    def lists(self) -> dict[str, Listing]:
        """The lists of what happened in the window; only what stands in their lines is read whole."""
        events = self._happened()
        numbers = {
            "new": events.raised,
            "closed": events.closed,
            "ineffective": [*events.ineffective, *events.recurring],
            "learned": [*events.learned],
            "extensions": events.extended,
        }
        shown = self._shown(numbers)
        lines: dict[str, Iterable[Facts]] = {
            "new": map(_raised, shown["new"]),
            "closed": map(_closed, shown["closed"]),
            "ineffective": self._ineffective(shown["ineffective"], events),
            "learned": map(_learned, shown["learned"]),
            "extensions": self._extensions(shown["extensions"]),
        }
        lists = {name: Listing(total=len(numbers[name]), lines=[*found]) for name, found in lines.items()}
        return lists | {"thanks": capped("thanks", self._thanks(events.raisers))}

    def _happened(self) -> _Events:
        events, steps = _Events(), (RAISED, *CLASSIFIED, *INEFFECTIVE, LEARNED, EXTENDED)
        for event in storage.news.happened(self._session, self._since, self._until, steps=steps, ended_in=Stage.CLOSED):
            events.add(event)
        return events

    def _shown(self, numbers: Mapping[str, Sequence[str]]) -> dict[str, list[Record]]:
        first = {name: found[: CAPS[name]] for name, found in numbers.items()}
        wanted = {number for found in first.values() for number in found}
        records = {record.number: record for record in storage.record.find_all(self._session, wanted)} if wanted else {}
        return {name: [records[number] for number in found] for name, found in first.items()}

    def _ineffective(self, shown: Sequence[Record], events: _Events) -> Iterator[Facts]:
        ineffective, recurring = shown[: len(events.ineffective)], shown[len(events.ineffective) :]
        for record in ineffective:
            yield facts_of(record) | {"what": "ineffective"}
        origins = {events.recurring[record.number] for record in recurring}
        counts = storage.news.recurrences(self._session, origins) if origins else {}
        for record in recurring:
            of = events.recurring[record.number]
            yield facts_of(record) | {"what": "recurrence", "of": of, "times": counts.get(of, 0)}

    def _extensions(self, requests: Sequence[Record]) -> Iterator[Facts]:
        """Of the improvement or the measure whose date it is."""
        numbers = {request.values["deadline_of"] for request in requests}
        found = storage.deadline.of_records(self._session, numbers) if numbers else []
        originals = {deadline.id: deadline.original_due for deadline in found}
        for request in requests:
            original = originals.get(request.values["deadline_id"])
            yield facts_of(request) | {
                "number": request.values["deadline_of"],
                "deadline": request.values["deadline_item"],
                "original_due": original.isoformat() if original else None,
                "new_due": request.values["new_due"],
            }

    def _thanks(self, raisers: Iterable[str]) -> Iterator[Facts]:
        names = self._company.directory.name_of
        for person in sorted(raisers, key=lambda person: (names(person), person)):
            yield {"person": person}


def _raised(record: Record) -> Facts:
    return facts_of(record) | {"raiser": record.raiser, "source": record.values.get("source")}


def _closed(record: Record) -> Facts:
    effective = record.values.get("effective_in_round") == record.round
    return facts_of(record) | {
        "department": record.responsible_dept,
        "result": "EFFECTIVE" if effective else None,
        "rounds": record.round,
    }


def _learned(case: Record) -> Facts:
    source, best = case.values["source_improvement"], bool(case.values.get("best_practice"))
    return facts_of(case) | {"source": source, "author": case.raiser, "best": best}
