"""What the people of the company do, and what each of them was told."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from enum import Enum
from functools import partial
from random import Random
from typing import Any

from sqlmodel import func, select

import storage.history
from bot.improvement import LIFECYCLES
from bot.people.who import SYSTEM
from bot.workflow import Workflow
from storage.history import Link, Refusal
from tests.faults.choosing import Turn, next_turn
from tests.faults.plan import KILLS, Move
from tests.faults.world import World
from tests.support.company import NAMES
from tests.support.screen import offered
from tests.support.town import IDEA

RAISERS = ("U_CHEN", "U_WU", "U_SUN", "U_SMITH", "U_QIAN")
RAISE = "raise_opportunity"
PULL = 0.4
"""Between the main road and all steps alike."""

CANNOT_FILL = ("unknown_option", "unknown_input")
Landed = Counter[tuple[str, str]]


class Told(Enum):
    """What somebody could believe afterwards."""

    DONE = "done"
    REFUSED = "refused"
    NOTHING = "nothing"


@dataclass
class Attempt:
    """One act: the step, of which record or under which title, and what became of it as far as the person knows.

    `landed` is what then stood in the histories, when all was quiet again, and had not stood there before; `refusals`
    how often something was turned down meanwhile.
    """

    step: str
    about: str
    told: Told
    undisturbed: bool = False
    landed: Landed = field(default_factory=Counter)
    refusals: int = 0


class People:
    """The acts of one schedule."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.attempts: list[Attempt] = []
        self._workflow = Workflow(world.database, world.companies, LIFECYCLES)
        self._known, self._refusals = self._taken(), self._turned_down()

    def raise_(self, move: Move) -> None:
        """Type the command and send the form, at once."""
        self.next_idea(move)()

    def next_idea(self, move: Move) -> Callable[[], None]:
        """An opportunity that somebody has seen; raised when it is called."""
        self.look_back()
        return partial(self._raise, move)

    def next_step(self, move: Move) -> Callable[[], None]:
        """Something that the bot offers to somebody now, looked for where they find it; done when it is called."""
        self.look_back()
        chance, now = Random(move.pick), self.world.now.astimezone(UTC)
        with self.world.database.reading() as session:
            turn = next_turn(session, self._workflow, now, chance, pull=PULL)
        if turn is None or turn.number is None:
            return partial(self._raise, move)
        self._find(turn, turn.number)
        return partial(self._step, turn, turn.number, move)

    def look_home(self, move: Move) -> None:
        """Open the Home tab; Slack tells the bot again if it does not answer."""
        person = [*NAMES][move.pick % len(NAMES)]
        seen = self.world.control.look("home", as_=person).get("view")
        if seen is None and move.fault is None:
            self.world.wrong.append(f"{person} opens the Home tab and finds nothing")

    def look_back(self) -> None:
        """All is quiet: what has been taken since the last look came of the last attempt."""
        taken, refusals = self._taken(), self._turned_down()
        if self.attempts:
            self.attempts[-1].landed += taken - self._known
            self.attempts[-1].refusals += refusals - self._refusals
        elif taken != self._known:
            self.world.wrong.append(f"nobody did anything, and there is {taken - self._known}")
        self._known, self._refusals = taken, refusals

    def _raise(self, move: Move) -> None:
        person, title = RAISERS[move.pick % len(RAISERS)], f"改进想法第{len(self.attempts) + 1}号"
        opened = self._act("command", person, channel="C_WEEKLY", text=f"/improve {title}")
        told = Told.NOTHING
        if opened.get("view_id"):
            told = self._told(self._act("submit", person, values=IDEA))
        self.attempts.append(Attempt(RAISE, title, told, move.fault is None))
        self._close(person)

    def _step(self, turn: Turn, number: str, move: Move) -> None:
        answer = self._act("press", turn.person, action_id=turn.step, value=number, values=turn.values)
        told = self._told(answer)
        # A click is acked before anything is done: behind a kill its ack tells neither of a step nor of a form.
        killed = move.fault is not None and move.fault.kind in KILLS
        if told is Told.DONE and killed and not answer.get("submitted"):
            told = Told.NOTHING
        self.attempts.append(Attempt(turn.step, number, told, move.fault is None))
        self._close(turn.person)

    def _find(self, turn: Turn, number: str) -> None:
        """Where no message offers it they ask for the record, as anybody may."""
        dm = self.world.control.look("messages", dm=turn.person)["messages"]
        if not any((turn.step, number) in offered(message) for message in dm):
            self._act("command", turn.person, channel="C_WEEKLY", text=f"/improve show {number}")

    def _taken(self) -> Landed:
        """Every step that a person has taken, by step and record; an opportunity by its title."""
        with self.world.database.reading() as session:
            people = [link for link in storage.history.links(session) if link.actor != SYSTEM]
        return Counter((link.step, _about(link)) for link in people)

    def _turned_down(self) -> int:
        with self.world.database.reading() as session:
            return session.exec(select(func.count()).select_from(Refusal)).one()

    def _act(self, call: str, person: str, **wish: Any) -> dict[str, Any]:
        return self.world.control.act(call, as_=person, **wish)

    def _close(self, person: str) -> None:
        while self.world.control.look("view", as_=person)["view"]:
            self._act("close", person)

    @staticmethod
    def _told(answer: dict[str, Any]) -> Told:
        if answer.get("error") in CANNOT_FILL:
            return Told.REFUSED
        if "error" in answer or "not_offered" in answer:
            return Told.NOTHING
        return Told.DONE if answer.get("done") and not answer.get("view_id") else Told.REFUSED


def _about(link: Link) -> str:
    return str(json.loads(link.values or "{}")["title"]) if link.step == RAISE else link.record
