"""What a head says, and who says so: its digest over the lines it seals and the head before it, and the signature."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.workflow.chain import GENESIS, canonical
from storage.head import Head, Line

SEALED = ("no", "lines", "records", "entries", "lines_digest", "previous")


@dataclass(frozen=True)
class Keys:
    """The key that signs, and behind it those it has replaced.

    HMAC-SHA256: whoever holds the key made the signature. It proves this to the company, which holds the key, and to
    nobody who has to take the company's word for who else does.
    """

    secrets: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> "Keys":
        """Keys written one behind the other, the newest first."""
        return cls(tuple(text.split()))

    @property
    def name(self) -> str | None:
        """What the signing key is called in a head; it tells nothing of the key."""
        return _name(self.secrets[0]) if self.secrets else None

    def sign(self, head: Head) -> None:
        """Put the signature under a head; without a key it stays without."""
        if self.secrets:
            head.key, head.signature = self.name, _signature(self.secrets[0], head)

    def made(self, head: Head) -> bool:
        """Whether the signature of a head was made with one of these keys."""
        signatures = (_signature(secret, head) for secret in self.secrets)
        return any(hmac.compare_digest(signature, head.signature or "") for signature in signatures)


@dataclass
class Tally:
    """What the heads so far add up to."""

    records: int = 0
    entries: int = 0
    previous: str = GENESIS

    def head(self, *, no: int, day: date, at: datetime, lines: Iterable[Line]) -> Head:
        """The next head, over these lines; nobody has signed it yet."""
        sealed, count = hashlib.sha256(), 0
        for record, seq, entry, before in lines:
            sealed.update(f"{record} {seq} {entry}\n".encode())
            count += 1
            self.records += before == 0
            self.entries += seq - before
        head = Head(
            no=no,
            day=day,
            at=at.astimezone(UTC),
            lines=count,
            records=self.records,
            entries=self.entries,
            lines_digest=sealed.hexdigest(),
            previous=self.previous,
            hash="",
        )
        head.hash = self.previous = digest(head)
        return head


def digest(head: Head) -> str:
    """The hash of a head over everything it says, the hash before it included."""
    content = {name: getattr(head, name) for name in SEALED}
    dates = {"day": head.day.isoformat(), "at": head.at.astimezone(UTC).isoformat()}
    return hashlib.sha256(canonical(content | dates).encode()).hexdigest()


def _signature(secret: str, head: Head) -> str:
    return hmac.new(secret.encode(), head.hash.encode(), hashlib.sha256).hexdigest()


def _name(secret: str) -> str:
    return hashlib.sha256(f"improve-bot head key {secret}".encode()).hexdigest()[:8]
