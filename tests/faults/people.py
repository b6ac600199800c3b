"""What the people of the company do, and what each of them was told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import partial
from random import Random
from typing import Any

from sqlmodel import col, select

from storage.record import Record
from tests.faults.plan import KILLS, Move
from tests.faults.world import World
from tests.support.town import IDEA, LIGHT, REPORT

RAISERS = ("U_CHEN", "U_WU", "U_SUN", "U_SMITH", "U_QIAN")
OWNERS = (("信息部", "U_ZHOU"), ("通信部", "U_HE"), ("客服中心", "U_SUN"))
QUALITY, VERIFIER = "U_LIU", "U_TANG"


class Told(Enum):
    """What somebody could believe afterwards."""

    DONE = "done"
    REFUSED = "refused"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Attempt:
    """One act: the step, of which record or under which title, and what became of it as far as the person knows."""

    step: str
    about: str
    told: Told


@dataclass
class People:
    """The acts of one schedule."""

    world: World
    attempts: list[Attempt] = field(default_factory=list)

    def raise_(self, move: Move) -> None:
        """Type the command and send the form."""
        person, title = RAISERS[move.pick % len(RAISERS)], f"改进想法第{len(self.attempts) + 1}号"
        opened = self._act("command", person, channel="C_WEEKLY", text=f"/improve {title}")
        told = Told.REFUSED
        if opened.get("view_id"):
            told = self._told(self._act("submit", person, values=IDEA))
        self.attempts.append(Attempt("raise_opportunity", title, told))
        self._close(person)

    def next_step(self, move: Move) -> Callable[[], None]:
        """The next step of an open improvement, by the one whose turn it is; taken when it is called."""
        random = Random(move.pick)
        found = self._open()
        return partial(self._step, random.choice(found), random, move) if found else partial(self.raise_, move)

    def _step(self, record: Record, random: Random, move: Move) -> None:
        step, person, values = _next_step(record, random)
        answer = self._act("press", person, action_id=step, value=record.number, values=values)
        told = self._told(answer)
        acked_first = values is None and move.fault is not None and move.fault.kind in KILLS
        self.attempts.append(Attempt(step, record.number, Told.NOTHING if acked_first else told))
        self._close(person)

    def _open(self) -> list[Record]:
        with self.world.database.reading() as session:
            statement = select(Record).where(col(Record.ended_on).is_(None)).order_by(Record.number)
            return [*session.exec(statement)]

    def _act(self, call: str, person: str, **wish: Any) -> dict[str, Any]:
        return self.world.control.act(call, as_=person, **wish)

    def _close(self, person: str) -> None:
        while self.world.control.look("view", as_=person)["view"]:
            self._act("close", person)

    @staticmethod
    def _told(answer: dict[str, Any]) -> Told:
        if "error" in answer or "not_offered" in answer:
            return Told.NOTHING
        clean = answer.get("done") and not answer.get("said") and not answer.get("view_id")
        return Told.DONE if clean else Told.REFUSED


def _next_step(record: Record, random: Random) -> tuple[str, str, dict[str, Any] | None]:
    owner = record.owner or ""
    match record.stage:
        case "SUBMITTED":
            department, chosen = random.choice(OWNERS)
            return "classify_daily", QUALITY, LIGHT | {"responsible_dept": department, "owner": chosen}
        case "NOTIFIED" if random.random() < 0.5:
            return "accept", owner, None
        case "REPORTED":
            return "verify_daily_effective", VERIFIER, None
        case _:
            return "report_result", owner, REPORT


def values_of(step: str, record: Record, on: date) -> dict[str, Any]:
    """What a form of a step says when it was taken on a day, with all that is filled in beforehand."""
    day = on.isoformat()
    match step:
        case "raise_opportunity":
            asked = ("source", "source_detail", "raising_dept")
            return (
                IDEA | {"title": record.title} | {name: record.values[name] for name in asked if name in record.values}
            )
        case "classify_daily":
            return LIGHT | {"responsible_dept": record.responsible_dept, "owner": record.owner}
        case "report_result":
            return REPORT | {"executors": [record.owner], "started_on": day, "completed_on": day, "deviation": "无"}
        case "verify_daily_effective":
            checked = {"verified_on": day, "check_method": "SAMPLE", "finding": "符合要求"}
            return checked | {"doc_revision": "NOT_NEEDED"}
        case _:
            return {}
