"""What one request leads to, on however many records: gathered while steps are taken, written when all of them are."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from bot.workflow import cards, chain
from bot.workflow.scene import Scene
from storage.outbox import Draft


@dataclass
class Outcome:
    """One request's history, messages and cards; `key` names its delivery.

    `told` are people with the numbers of the records they are told of; `scenes` are those of all items it touches.
    """

    session: Session
    key: str
    now: datetime
    events: list[chain.Event] = field(default_factory=list)
    told: set[tuple[str, str]] = field(default_factory=set)
    scenes: dict[str, Scene] = field(default_factory=dict)
    _messages: dict[str, Draft] = field(default_factory=dict)
    _redrawn: dict[str, Scene] = field(default_factory=dict)

    def send(self, message: Draft) -> None:
        """Let a message go out, under its key once."""
        self._messages.setdefault(message.key, message)

    def redraw(self, here: Scene) -> None:
        """Let whatever shows the record be brought up to date."""
        self._redrawn[here.record.number] = here

    def write(self) -> None:
        """Write the records, then all that is said of them."""
        self.session.flush()
        chain.append(self.session, self.events)
        relations = (relation for here in self._redrawn.values() for relation in here.relations)
        cards.deliver(
            self.session,
            self._messages.values(),
            redrawn=self._redrawn.keys(),
            holders={relation.person for relation in relations if relation.relation in cards.HOLDING},
            key=self.key,
            now=self.now,
        )
