"""The history: append-only entries, each chained to the one before it by a digest over canonical JSON.

The chained entry holds a salted digest of what was filled in. Values and salt stand beside the chain, so that they
can be erased where a law asks for it; until a step does that and says so, values that are gone are a break.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

import storage.history
from storage.history import HistoryEntry, Link

GENESIS = "0" * 64
CHAINED = (
    "record",
    "seq",
    "at",
    "actor",
    "role",
    "step",
    "from_stage",
    "to_stage",
    "round",
    "key",
    "values_digest",
    "previous",
)


@dataclass(frozen=True)
class Event:
    """What one step did."""

    record: str
    at: datetime
    actor: str
    role: str
    step: str
    from_stage: str | None
    to_stage: str
    round: int
    key: str
    values: Mapping[str, Any]


def append(session: Session, events: Sequence[Event]) -> None:
    """Add events to the chains of their records, in this order. The caller holds the locks on the records."""
    ends = dict(storage.history.ends(session, {event.record for event in events}))
    links = []
    for event in events:
        link = _link(event, *ends.get(event.record, (0, GENESIS)))
        links.append(link)
        ends[event.record] = (link.seq, link.hash)
    storage.history.append(session, links)


def first_break(session: Session, number: str) -> int | None:
    """The sequence number of the first entry that does not follow from the one before it, or None."""
    return Walk().first_break(storage.history.links_of(session, number))


@dataclass
class Walk:
    """Goes along the entries of one record, oldest first, and counts them."""

    entries: int = 0
    previous: str = GENESIS

    def first_break(self, history: Iterable[Link]) -> int | None:
        """The sequence number of the first entry that does not follow; the rest is not looked at."""
        for link in history:
            if not self._follows(link):
                return link.seq
            self.entries, self.previous = link.seq, link.hash
        return None

    def _follows(self, link: Link) -> bool:
        return (
            link.salt is not None
            and link.values is not None
            and sha256(link.salt + link.values) == link.values_digest
            and (link.seq, link.previous) == (self.entries + 1, self.previous)
            and link.hash == digest(link)
        )


def digest(entry: HistoryEntry | Link) -> str:
    """The hash of an entry over everything it says, the hash before it included."""
    content = {name: getattr(entry, name) for name in CHAINED}
    return sha256(canonical(content | {"at": entry.at.astimezone(UTC).isoformat()}))


def canonical(values: Mapping[str, Any]) -> str:
    """JSON that is the same text for the same values on every database."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def sha256(text: str) -> str:
    """The digest of a text, half a character in it or not."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _link(event: Event, seq: int, previous: str) -> Link:
    """The entry of an event that follows the one with this seq and hash."""
    salt, text = secrets.token_hex(16), canonical(event.values)
    said = vars(event) | {"at": event.at.astimezone(UTC), "values": text, "salt": salt}
    link = Link(**said, seq=seq + 1, previous=previous, values_digest=sha256(salt + text), hash="")
    return link._replace(hash=digest(link))
