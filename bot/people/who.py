"""Who may take a step: grants joined by `|`, separations of duties added with `&`.

A grant names people (an owner, a department's head) or a company role. When no active holder of a role passes the
separations, the step falls to the next role of the chain; the separations themselves are never relaxed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.errors import Message, Refused
from bot.people.directory import Directory
from storage.record import Excerpt, Record
from storage.relation import Involvement, Relation

CHAIN = ("qa", "qa_manager", "mgmt_rep", "top_mgmt")
STAND_IN = "qa_manager"
SYSTEM = "system"


@dataclass(frozen=True)
class Case:
    """What the question "may this person?" is decided on: a record, the item it belongs to, and the company.

    For a part of an item, such as an extension request, `item` is the improvement and `relations` are the item's.
    """

    record: Record | Excerpt
    item: Record | Excerpt
    relations: Sequence[Relation | Involvement]
    directory: Directory

    @property
    def requester(self) -> str | None:
        """Who asked for what is to be decided: for a later date, or for a measure to be dropped."""
        return self.record.values.get("requested_by") or self._began_part

    @property
    def submitter(self) -> str | None:
        """Who submitted what is to be decided: the item's plan, or a single measure by adding it."""
        return self.record.values.get("submitted_by") or self._began_part

    @property
    def _began_part(self) -> str | None:
        return self.record.raiser if self.record.parent else None

    def in_round(self, relation: str) -> frozenset[str]:
        """Who stands or stood in a relation during the item's current round."""
        wanted = (relation, self.item.round)
        return frozenset(r.person for r in self.relations if (r.relation, r.round) == wanted)

    def lasting(self, relation: str) -> frozenset[str]:
        """Who stands in a relation that outlives rounds, such as watcher."""
        return frozenset(r.person for r in self.relations if r.relation == relation and r.round == 0)


@dataclass(frozen=True)
class Grant:
    """One way to be entitled; exactly one of `role`, `people` and `everyone` is set. `code` names it to people."""

    code: str
    role: Callable[[Case], str] | None = None
    people: Callable[[Case], Iterable[str | None]] | None = None
    everyone: bool = False

    def candidates(self, case: Case) -> tuple[str, ...]:
        """The people this grant names before any separation."""
        if self.role:
            return case.directory.holders(self.role(case))
        named = self.people(case) if self.people else ()
        return tuple(dict.fromkeys(p for p in named if p and case.directory.is_active(p)))


@dataclass(frozen=True)
class Separation:
    """A separation of duties: `passes` says whether a person is far enough from the matter to judge it."""

    code: str
    passes: Callable[[str, Case], bool]


@dataclass(frozen=True)
class Who:
    """Grants and separations together."""

    grants: tuple[Grant, ...]
    separations: tuple[Separation, ...] = ()

    def __or__(self, other: "Who") -> "Who":
        """Either may; separations of both hold for all."""
        return Who(self.grants + other.grants, self.separations + other.separations)

    def __and__(self, separation: Separation) -> "Who":
        """The same people, but only those who pass the separation too."""
        return replace(self, separations=(*self.separations, separation))

    def people(self, case: Case) -> dict[str, str]:
        """Everybody who may, with the role they would use. Empty where it is open to all staff."""
        allowed: dict[str, str] = {}
        for grant in self.grants:
            for person, role in self._eligible(grant, case):
                allowed.setdefault(person, role)
        return allowed

    def role_used(self, person: str, case: Case) -> str:
        """The role in which this person may act; raises `Refused` with the reason if none."""
        if person == SYSTEM:
            return SYSTEM
        role = self.people(case).get(person)
        if role is None and self.is_open and case.directory.is_active(person):
            role = next((g.code for g in self.grants if g.everyone), None) if not self._failed(person, case) else None
        if role is None:
            raise self._refusal(person, case)
        return role

    def office(self, case: Case) -> str | None:
        """The office that acts, further along the chain where the first one cannot; None where people are named."""
        first = next((grant.role(case) for grant in self.grants if grant.role), None)
        used = next(iter(self.people(case).values()), "") if first else ""
        return used.rpartition(">")[2] if ">" in used else first

    @property
    def is_open(self) -> bool:
        """Whether every employee may."""
        return any(grant.everyone for grant in self.grants)

    @property
    def of_office(self) -> bool:
        """Whether holders of an office may, and not only the people named on a record."""
        return any(grant.role for grant in self.grants)

    @property
    def codes(self) -> list[str]:
        """Who may, by the names people know."""
        return [grant.code for grant in self.grants] or [SYSTEM]

    def _eligible(self, grant: Grant, case: Case) -> Iterable[tuple[str, str]]:
        passing = [p for p in grant.candidates(case) if not self._failed(p, case)]
        if passing or grant.role is None:
            return [(person, grant.code) for person in passing]
        return self._down_the_chain(grant.role(case), case)

    def _down_the_chain(self, role: str, case: Case) -> Iterable[tuple[str, str]]:
        rest = CHAIN[CHAIN.index(role) + 1 :] if role in CHAIN else CHAIN[CHAIN.index(STAND_IN) :]
        for next_role in rest:
            passing = [p for p in case.directory.holders(next_role) if not self._failed(p, case)]
            if passing:
                return [(person, f"{role}>{next_role}") for person in passing]
        return []

    def _failed(self, person: str, case: Case) -> Separation | None:
        return next((s for s in self.separations if not s.passes(person, case)), None)

    def _refusal(self, person: str, case: Case) -> Refused:
        entitled = self.is_open or any(person in grant.candidates(case) for grant in self.grants)
        failed = self._failed(person, case)
        if entitled and failed:
            return Refused(failed.code)
        return Refused("wrong_role", roles=[Message(f"role.{code}") for code in self.codes])


def role(code: str) -> Who:
    """Holders of a company-wide role."""
    return Who((Grant(code, role=lambda _case: code),))


def computed(code: str, choose: Callable[[Case], str]) -> Who:
    """Holders of the role that is computed from the case."""
    return Who((Grant(code, role=choose),))


def relation(code: str, people: Callable[[Case], Iterable[str | None]]) -> Who:
    """People named on the record."""
    return Who((Grant(code, people=people),))


NOBODY = Who(())
STAFF = Who((Grant("staff", everyone=True),))
