"""The ladder itself, pure: which rungs a deadline has reached, and whom each of them is for.

A day before, on the day, every working day after; first and second escalation. Rungs go by what has been reached, never
by what is exactly today, so that days without a running bot lose nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cache

from bot.improvement.deadlines import DeadlineKind, Levels
from bot.people.directory import Directory
from bot.people.roles import raiser
from bot.people.who import CHAIN, Case
from bot.profile import RemindersSection
from bot.workdays import WorkCalendar


class Rung(StrEnum):
    """The rungs, lowest first."""

    BEFORE = "BEFORE"
    TODAY = "TODAY"
    OVERDUE = "OVERDUE"
    DEPT = "DEPT"
    REP = "REP"

    @property
    def height(self) -> int:
        """How far up the ladder it is."""
        return HEIGHTS[self]

    @property
    def daily(self) -> bool:
        """Whether it is for every working day anew, not for once."""
        return self is Rung.OVERDUE


HEIGHTS = {rung: height for height, rung in enumerate(Rung)}
ESCALATIONS = (Rung.DEPT, Rung.REP)
STAND_INS = ("qa_manager", "mgmt_rep", "top_mgmt")
HIGHEST = ("top_mgmt",)
DEPT_HEAD = "dept_head"


def reached(
    due: date,
    today: date,
    calendar: WorkCalendar,
    lengths: RemindersSection,
    *,
    at_once: bool = False,
    extension_pending: bool = False,
) -> tuple[Rung, ...]:
    """The rungs whose day has come by `today`, a working day; highest first.

    `at_once` escalates on the first overdue day. While somebody decides about an extension nothing is escalated.
    """
    late = calendar.overdue_by(due, today)
    dept = 1 if at_once else max(1, lengths.escalate_dept_wd)
    met = {
        Rung.REP: late >= max(1, lengths.escalate_rep_wd) and not extension_pending,
        Rung.DEPT: late >= dept and not extension_pending,
        Rung.OVERDUE: late >= 1,
        Rung.TODAY: today >= due,
        Rung.BEFORE: today >= due or calendar.remaining(due, today) <= lengths.before_wd,
    }
    return tuple(rung for rung, is_met in met.items() if is_met)


class Ladder:
    """Whom the rungs are for. What many deadlines of the same people and department share is found once."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._told, self._escalated = cache(self._tell), cache(self._escalate)

    def recipients(self, kind: DeadlineKind, case: Case, rungs: tuple[Rung, ...]) -> Mapping[str, tuple[Rung, ...]]:
        """Whom these rungs of a deadline are for; a person's own, highest first."""
        levels = kind.levels(case) if any(rung in ESCALATIONS for rung in rungs) else None
        return self._told(rungs, holders(kind, case), levels, case.item.responsible_dept)

    def _tell(
        self, rungs: tuple[Rung, ...], held: tuple[str, ...], levels: Levels | None, department: str | None
    ) -> Mapping[str, tuple[Rung, ...]]:
        alone = held[0] if len(held) == 1 else None
        escalated = self._escalated(levels, department, alone) if levels else {}
        found: dict[str, list[Rung]] = {}
        for rung in sorted(rungs, key=HEIGHTS.__getitem__, reverse=True):
            for person in escalated.get(rung, held):
                found.setdefault(person, []).append(rung)
        return {person: tuple(own) for person, own in found.items()}

    def _escalate(self, levels: Levels, department: str | None, alone: str | None) -> Mapping[Rung, tuple[str, ...]]:
        """An office that only the holder has, or nobody, passes to the next level at once."""
        first, second = levels
        people = {
            Rung.DEPT: [p for office in first for p in self._filled(((office,), second, HIGHEST), department, alone)],
            Rung.REP: [p for office in second for p in self._filled(((office,), HIGHEST), department, alone)],
        }
        return {rung: tuple(dict.fromkeys(found)) for rung, found in people.items()}

    def _filled(self, levels: Sequence[Sequence[str]], department: str | None, alone: str | None) -> list[str]:
        for offices in levels:
            people = [p for office in offices for p in self._in_office(office, department) if p != alone]
            if people:
                return people
        return []

    def _in_office(self, office: str, department: str | None) -> Sequence[str]:
        if office == DEPT_HEAD:
            return self._directory.heads(department)
        held = (self._directory.holders(code) for code in CHAIN[CHAIN.index(office) :])
        return next(filter(None, held), ())


def holders(kind: DeadlineKind, case: Case) -> tuple[str, ...]:
    """Who has to act. For an owner who has left it is the stand-in; a raiser who has left is waited for no more."""
    found = tuple(kind.holder.people(case))
    if found or not all(grant.people and grant not in raiser.grants for grant in kind.holder.grants):
        return found
    return stand_ins(case.directory, case.item.responsible_dept)[:1]


def stand_ins(directory: Directory, department: str | None) -> tuple[str, ...]:
    """Who takes the place of somebody who cannot be reached, in the order in which they are asked."""
    offices = (person for office in STAND_INS for person in directory.holders(office))
    return tuple(dict.fromkeys((*directory.heads(department), *offices)))
