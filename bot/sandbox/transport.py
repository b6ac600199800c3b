"""What Socket Mode and HTTP have in common: parcels for the bot, and what became of each."""

from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from bot.sandbox.records import Json
from bot.sandbox.wire import WireLog

ACK_SECONDS = 3.0
EVENT = "events_api"


@dataclass(frozen=True)
class Parcel:
    """One payload on its way. `kind` is Socket Mode's word: slash_commands, interactive or events_api.

    `attempt` counts from 0; `reason` says why an earlier attempt failed, in the words of X-Slack-Retry-Reason.
    """

    kind: str
    payload: Json
    attempt: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Ack:
    """The bot answered in time; `payload` is None for an empty answer, `entry` its line in the wire log."""

    payload: Any = None
    entry: Json = field(default_factory=dict)


@dataclass(frozen=True)
class NoAck:
    """It did not, for a `reason` in the words of X-Slack-Retry-Reason; `final` where it wants no retry."""

    reason: str
    final: bool = False
    entry: Json = field(default_factory=dict)


Outcome = Ack | NoAck


class Transport(Protocol):
    """One way to the bot. Nothing it meets on the way is raised."""

    @property
    def connections(self) -> int:
        """How many ways to the bot are open now."""

    async def carry(self, parcel: Parcel) -> Outcome:
        """Delivers a parcel and waits three real seconds for the ack."""


async def noted(wire: WireLog, transport: str, parcel: Parcel, sending: Awaitable[Outcome]) -> Outcome:
    """One sending with its line in the wire log."""
    entry = wire.payload(parcel.kind, parcel.payload, transport, parcel.attempt)
    outcome = replace(await sending, entry=entry)
    entry["acked"] = isinstance(outcome, Ack)
    if isinstance(outcome, Ack):
        wire.answered(entry, outcome.payload)
    else:
        entry["reason"] = outcome.reason
        wire.answered(entry, None, outcome.reason if parcel.kind == EVENT else "dispatch_failed")
    return outcome
