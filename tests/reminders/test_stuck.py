"""What waits for nobody is looked for only where the last of all who could act is involved: nothing else is stuck."""

from collections.abc import Mapping
from typing import Any

import pytest

import storage.register
from bot.improvement.deadlines import DEADLINES
from bot.people.who import Case
from bot.reminders.vacancies import ROLE_HELD
from storage.deadline import Deadline
from storage.record import Record
from storage.register import Involving
from storage.relation import Relation
from tests.support.company import DemoCompany, at

NOW = at("2026-03-02 10:00")
ITEM, PART = "IMP-2026-0001", "IMP-2026-0001-M1"
LAST = Involving("U_GUO", "公司高层")
Facts = Mapping[str, Any]


@pytest.mark.parametrize("name", sorted(ROLE_HELD))
@pytest.mark.parametrize("kind", ["improvement", "measure"])
def test_whoever_is_not_involved_may_judge(company: DemoCompany, name: str, kind: str) -> None:
    """A separation of duties that keeps out anybody else would let stuck items go unnoticed."""
    item, part = _record(ITEM), _record(PART, kind="measure", parent=ITEM)
    with company.database.reading() as session:
        case = Case(
            item if kind == "improvement" else part, item, [_member(ITEM, "U_CHEN")], company.now(session).directory
        )
    separations = DEADLINES[name].holder.separations
    assert [one.code for one in separations if not one.passes(LAST.person, case)] == []


@pytest.mark.parametrize(
    ("item", "part", "relations"),
    [
        ({"owner": "U_GUO"}, {}, []),
        ({"raiser": "U_GUO"}, {}, []),
        ({"responsible_dept": "公司高层"}, {}, []),
        ({"values": {"first_approved_by": "U_GUO"}}, {}, []),
        ({}, {"owner": "U_GUO"}, []),
        ({}, {"raiser": "U_GUO"}, []),
        ({}, {"values": {"requested_by": "U_GUO"}}, []),
        ({}, {}, ["U_GUO"]),
    ],
)
def test_every_way_to_be_involved_is_found(
    company: DemoCompany, item: Facts, part: Facts, relations: list[str]
) -> None:
    _enter(company, item, part, relations)
    assert PART in _found(company, LAST)


def test_others_are_not_looked_at_unless_nobody_is_the_last(company: DemoCompany) -> None:
    _enter(company, {}, {}, ["U_CHEN"])
    assert (_found(company, LAST), _found(company, None)) == ([], [ITEM, PART])


def _found(company: DemoCompany, involving: Involving | None) -> list[str]:
    with company.database.reading() as session:
        rows = storage.register.running(session, names=["approval_due"], involving=involving, limit=9, after=None)
    return [record.number for _, record in rows]


def _enter(company: DemoCompany, item: Facts, part: Facts, members: list[str]) -> None:
    with company.database.transaction() as session:
        session.add(_record(ITEM, **item))
        session.flush()
        session.add(_record(PART, kind="measure", parent=ITEM, **part))
        session.add_all(_member(ITEM, person) for person in members)
        session.flush()
        session.add_all(_deadline(number) for number in (ITEM, PART))


def _record(number: str, **facts: Any) -> Record:
    ordinary: dict[str, Any] = {
        "kind": "improvement",
        "stage": "PLAN_REVIEW",
        "raiser": "U_CHEN",
        "owner": "U_ZHOU",
        "values": {},
    }
    ordinary |= {"responsible_dept": "信息部", "title": "打印机卡纸", "created_at": NOW, "created_on": NOW.date()}
    return Record(number=number, **ordinary | facts)


def _member(number: str, person: str) -> Relation:
    return Relation(record=number, relation="member", person=person, round=1)


def _deadline(number: str) -> Deadline:
    day = NOW.date()
    return Deadline(
        record=number, name="approval_due", started_at=NOW, counted_from=day, original_due=day, current_due=day
    )
