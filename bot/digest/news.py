"""The news of a digest: what was raised, closed, found without effect, learned or extended in its window."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

import storage.deadline
import storage.register
from bot.company import Company
from bot.digest.listing import Facts, Listing, capped, facts_of
from bot.improvement.stages import CaseStage, Stage
from storage.history import HistoryEntry
from storage.record import Record

RAISED = "raise_opportunity"
CLASSIFIED = ("classify_daily", "classify_capa", "classify_project")
INEFFECTIVE = ("verify_daily_ineffective", "verify_ineffective", "fail_acceptance", "conclude_ineffective")
LEARNED = "publish_case"
EXTENDED = "approve_extension"


@dataclass
class _Events:
    """What happened in the window, by kind."""

    raised: list[Record] = field(default_factory=list)
    closed: list[Record] = field(default_factory=list)
    ineffective: list[Record] = field(default_factory=list)
    extended: list[Record] = field(default_factory=list)
    recurring: dict[str, Record] = field(default_factory=dict)
    learned: dict[str, Record] = field(default_factory=dict)

    def add(self, entry: HistoryEntry, record: Record) -> None:
        """Sort in one history entry."""
        if entry.step == RAISED:
            self.raised.append(record)
        elif entry.step in INEFFECTIVE:
            self.ineffective.append(record)
        elif entry.step == EXTENDED:
            self.extended.append(record)
        elif entry.step == LEARNED:
            self.learned[record.number] = record
        elif entry.to_stage == Stage.CLOSED:
            self.closed.append(record)
        if entry.step in (RAISED, *CLASSIFIED) and record.recurrence_of:
            self.recurring[record.number] = record


class News:
    """What happened from `since` to before `until`."""

    def __init__(self, session: Session, company: Company, since: datetime, until: datetime) -> None:
        self._session, self._company, self._since, self._until = session, company, since, until

    def lists(self) -> dict[str, Listing]:
        """The lists of what happened in the window."""
        events = self._happened()
        return {
            "new": capped("new", (_raised(record) for record in events.raised)),
            "closed": capped("closed", (_closed(record) for record in events.closed)),
            "ineffective": capped("ineffective", self._ineffective(events)),
            "learned": capped("learned", _learned(events.learned.values())),
            "extensions": capped("extensions", self._extensions(events.extended)),
            "thanks": capped("thanks", self._thanks(events.raised)),
        }

    def _happened(self) -> _Events:
        events, steps = _Events(), (RAISED, *CLASSIFIED, *INEFFECTIVE, LEARNED, EXTENDED)
        found = storage.register.happened(self._session, self._since, self._until, steps=steps, ended_in=Stage.CLOSED)
        for entry, record in found:
            events.add(entry, record)
        return events

    def _ineffective(self, events: _Events) -> Iterator[Facts]:
        for record in events.ineffective:
            yield facts_of(record) | {"what": "ineffective"}
        origins = {record.recurrence_of for record in events.recurring.values() if record.recurrence_of}
        counts = storage.register.recurrences(self._session, origins) if origins else {}
        for record in events.recurring.values():
            of = record.recurrence_of
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

    def _thanks(self, raised: Sequence[Record]) -> Iterator[Facts]:
        names = self._company.directory.name_of
        for person in sorted({record.raiser for record in raised}, key=lambda person: (names(person), person)):
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


def _learned(cases: Iterable[Record]) -> Iterator[Facts]:
    """The published cases, also where a revision is being written; not what is used no longer."""
    for case in cases:
        if case.stage != CaseStage.RETIRED:
            source, best = case.values["source_improvement"], bool(case.values.get("best_practice"))
            yield facts_of(case) | {"source": source, "author": case.raiser, "best": best}
