"""The ladder itself, pure: which rungs a deadline has reached, and whom each of them is for.

A day before, on the day, every working day after; first and second escalation. Rungs go by what has been reached, never
by what is exactly today, so that days without a running bot lose nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from bot.improvement.deadlines import DeadlineKind
from bot.people.directory import Directory
from bot.people.roles import raiser
from bot.people.who import Case, role
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
        return tuple(Rung).index(self)

    @property
    def daily(self) -> bool:
        """Whether it is for every working day anew, not for once."""
        return self is Rung.OVERDUE


ESCALATIONS = (Rung.DEPT, Rung.REP)
STAND_INS = ("qa_manager", "mgmt_rep", "top_mgmt")
HIGHEST = ("top_mgmt",)


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


def recipients(kind: DeadlineKind, case: Case, rungs: Sequence[Rung]) -> Mapping[str, tuple[Rung, ...]]:
    """Whom these rungs are for; a person's own, highest first."""
    found: dict[str, list[Rung]] = {}
    held = holders(kind, case) if rungs else ()
    for rung in sorted(rungs, key=lambda rung: -rung.height):
        for person in dict.fromkeys(_people(kind, case, rung, held)):
            found.setdefault(person, []).append(rung)
    return {person: tuple(own) for person, own in found.items()}


def holders(kind: DeadlineKind, case: Case) -> tuple[str, ...]:
    """Who has to act. For an owner who has left it is the stand-in; a raiser who has left is waited for no more."""
    found = tuple(kind.holder.people(case))
    by_name = all(grant.people and grant not in raiser.grants for grant in kind.holder.grants)
    if found or not by_name:
        return found
    return stand_ins(case.directory, case.item.responsible_dept)[:1]


def stand_ins(directory: Directory, department: str | None) -> tuple[str, ...]:
    """Who takes the place of somebody who cannot be reached, in the order in which they are asked."""
    offices = (person for office in STAND_INS for person in directory.holders(office))
    return tuple(dict.fromkeys((*directory.heads(department), *offices)))


def _people(kind: DeadlineKind, case: Case, rung: Rung, held: Sequence[str]) -> Sequence[str]:
    match rung:
        case Rung.DEPT:
            first, second = kind.levels(case)
            return _level(held, case, first, (second, HIGHEST))
        case Rung.REP:
            return _level(held, case, kind.levels(case)[1], (HIGHEST,))
        case _:
            return held


def _level(held: Sequence[str], case: Case, offices: Sequence[str], above: Sequence[Sequence[str]]) -> list[str]:
    """The people of a level. An office that only the holder has, or nobody, passes to the next level at once."""
    alone = held[0] if len(held) == 1 else None
    return [p for office in offices for p in _first_filled(((office,), *above), case, alone)]


def _first_filled(levels: Sequence[Sequence[str]], case: Case, alone: str | None) -> list[str]:
    for offices in levels:
        people = [p for office in offices for p in _in_office(office, case) if p != alone]
        if people:
            return people
    return []


def _in_office(office: str, case: Case) -> Sequence[str]:
    if office == "dept_head":
        return case.directory.heads(case.item.responsible_dept)
    return tuple(role(office).people(case))
