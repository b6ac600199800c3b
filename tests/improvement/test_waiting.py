"""What waits for a person, however much waits for others."""

from datetime import datetime
from typing import Any

from bot.errors import Message
from bot.improvement.waiting import COUNTED, Waiting, waiting_for
from storage.deadline import Deadline
from storage.record import Record
from tests.support import capa, case
from tests.support.company import NAMES, DemoCompany, at

NOW = at("2026-03-02 10:00")
VERIFICATION: dict[str, Any] = {
    "started_at": NOW,
    "counted_from": NOW.date(),
    "original_due": NOW.date(),
    "current_due": NOW.date(),
}


def test_what_others_have_to_judge_hides_nothing(company: DemoCompany) -> None:
    """刘芳 may not verify her own items, and all of them are more pressing than the one she may."""
    _enter(company, *([{"owner": "U_LIU", "priority": 9}] * 2 * COUNTED), {"owner": "U_CHEN", "priority": 1})
    waiting = _waiting(company, "U_LIU")
    assert [record.owner for record in waiting.records] == ["U_CHEN"]
    assert waiting.count == 1


def test_so_many_that_they_are_not_counted(company: DemoCompany) -> None:
    _enter(company, *([{"owner": "U_CHEN"}] * COUNTED))
    assert _waiting(company, "U_LIU").count == COUNTED
    _enter(company, {"owner": "U_CHEN"}, first=COUNTED + 1)
    assert _waiting(company, "U_LIU").count == Message("ui.more_than", {"n": COUNTED})


def test_the_pressing_ones_come_first(company: DemoCompany) -> None:
    _enter(company, {"priority": 1}, {"priority": 9}, {"priority": 1, "major_problem": True})
    assert [record.number[-1] for record in _waiting(company, "U_LIU").records] == ["3", "2", "1"]


def test_an_office_that_nobody_holds_passes_its_items_on(company: DemoCompany) -> None:
    number = company.raise_(NOW)
    assert _waiting(company, "U_MA").count == 0
    company.deactivate("U_LIU", "U_TANG")
    assert [record.number for record in _waiting(company, "U_MA").records] == [number]
    assert _waiting(company, "U_GUO").count == 0


def test_what_waits_for_a_person_by_name(company: DemoCompany) -> None:
    mine, asked = company.daily(NOW, owner="U_CHEN"), company.raise_(NOW)
    company.ask_info(asked, NOW)
    assert {record.number for record in _waiting(company, "U_CHEN").records} == {mine, asked}
    assert _waiting(company, "U_SMITH").count == 0


def test_a_draft_waits_for_its_author_until_it_is_submitted(company: DemoCompany) -> None:
    number = case.of_daily(company, NOW)
    assert [record.number for record in _waiting(company, case.AUTHOR).records] == [number]
    company.do("submit_case", number, NOW, by=case.AUTHOR)
    assert _waiting(company, case.AUTHOR).count == 0


def test_a_measure_waits_for_whoever_is_responsible_once_it_is_approved(company: DemoCompany) -> None:
    number = capa.classified(company, NOW)
    capa.analysed(company, number, NOW)
    measure = capa.measured(company, number, NOW)
    assert _stands(company, measure) == []
    company.do("submit_plan", number, NOW, by="U_ZHOU")
    assert (_stands(company, number), _stands(company, measure)) == (["U_TANG"], [])
    company.do("approve_plan", number, NOW, by="U_TANG")
    assert (_stands(company, number), _stands(company, measure)) == ([], ["U_CHEN"])


def test_a_measure_that_is_added_or_dropped_waits_for_its_approver(company: DemoCompany) -> None:
    number = capa.planned(company, NOW)
    added = capa.measured(company, number, NOW)
    company.do("request_drop", f"{number}-M1", NOW, by="U_ZHOU", reason="已无必要")
    assert (_stands(company, added), _stands(company, f"{number}-M1")) == (["U_TANG"], ["U_TANG"])


def test_an_effect_waits_for_its_check_from_the_day_of_the_check_on(company: DemoCompany) -> None:
    number = capa.planned(company, NOW)
    capa.done(company, number, NOW)  # 30 days later is the first of April
    assert _stands(company, number) == []
    assert _stands(company, number, at("2026-03-31 23:59")) == []
    assert _stands(company, number, at("2026-04-01 00:00")) == ["U_LIU", "U_TANG"]


def test_a_stage_waits_while_its_own_deadline_runs_whatever_else_does(company: DemoCompany) -> None:
    _enter(company, {}, due="action_due")
    assert _waiting(company, "U_LIU").count == 0
    _enter(company, {}, first=2)
    assert _numbers(_waiting(company, "U_LIU")) == ["IMP-2026-0002"]


def _stands(company: DemoCompany, number: str, now: datetime = NOW) -> list[str]:
    """Among whose items a record stands."""
    people = [person for person in NAMES if number in _numbers(_waiting(company, person, now))]
    return sorted(people)


def _numbers(waiting: Waiting) -> list[str]:
    return [record.number for record in waiting.records]


def _waiting(company: DemoCompany, person: str, now: datetime = NOW) -> Waiting:
    with company.database.reading() as session:
        return waiting_for(session, company.now(session), person, now)


def _enter(company: DemoCompany, *records: dict[str, Any], first: int = 1, due: str = "verify_due") -> None:
    """Daily improvements that wait for their verification, written at once."""
    facts: dict[str, Any] = {
        "kind": "improvement",
        "stage": "REPORTED",
        "class_": "DAILY",
        "round": 1,
        "title": "打印机卡纸",
        "raiser": "U_CHEN",
        "owner": "U_CHEN",
        "responsible_dept": "信息部",
        "created_at": NOW,
        "created_on": NOW.date(),
    }
    with company.database.transaction() as session:
        numbers = [f"IMP-2026-{n:04d}" for n in range(first, first + len(records))]
        session.add_all(
            Record(number=number, **(facts | record)) for number, record in zip(numbers, records, strict=True)
        )
        session.flush()
        session.add_all(Deadline(record=number, name=due, **VERIFICATION) for number in numbers)
