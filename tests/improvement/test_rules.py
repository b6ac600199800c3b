"""Rules of the register that are easy to get wrong, each in the situation where it was."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlmodel import select

import storage.form
from bot.errors import Invalid, Refused
from bot.improvement.advice import priority
from bot.improvement.archive import years_after
from bot.improvement.links import normal_number
from storage.deadline import Deadline
from storage.outbox import OutboxRow
from storage.record import Record
from tests.support.company import DemoCompany, at

MONDAY = at("2026-03-02 10:00")
TUESDAY = at("2026-03-03 10:00")
REASON = "归口部门不同"
CLASS = {"impact": "2", "resource_need": "1", "urgency": "2", "responsible_dept": "信息部", "decision_reason": "依据"}
DAILY = CLASS | {"daily_kind": "RECORD_FORM", "requirement": "补充校验", "reason": REASON}
CAPA = CLASS | {"capa_type": "CORRECTIVE", "severity": "MAJOR", "origin": "KPI", "reason": REASON}


def test_an_extension_lapses_when_the_item_is_routed_elsewhere(company: DemoCompany) -> None:
    number = company.daily(MONDAY)
    request = company.request_extension(number, MONDAY, by="U_ZHOU", new_due="2026-03-10")
    company.do("reroute", number, TUESDAY, by="U_LIU", responsible_dept="通信部", reason=REASON)
    with pytest.raises(Refused, match="wrong_stage"):
        company.do("approve_extension", request, TUESDAY, by="U_TANG")
    assert _deadline(company, number, "action_due").current_due == date(2026, 3, 10)
    assert _record(company, request).stage == "LAPSED"


def test_an_extension_into_an_unpublished_year_stays_provisional(company: DemoCompany) -> None:
    number = company.daily(at("2026-12-22 10:00"))
    request = company.request_extension(number, at("2026-12-23 10:00"), by="U_ZHOU", new_due="2027-01-04")
    company.do("approve_extension", request, at("2026-12-23 11:00"), by="U_TANG")
    assert _deadline(company, number, "action_due").provisional


def test_a_form_issued_again_keeps_the_earlier_one(company: DemoCompany) -> None:
    number = company.raise_(MONDAY)
    company.do("classify_capa", number, MONDAY, by="U_LIU", **_without_reason(CAPA))
    company.do("reclassify_to_daily", number, MONDAY, by="U_LIU", **DAILY)
    company.do("reclassify_to_capa", number, MONDAY, by="U_LIU", **CAPA)
    with company.database.reading() as session:
        forms = [(form.form_no, form.state) for form in storage.form.of_record(session, number)]
    assert (f"{number}-CP1", "SUPERSEDED") in forms
    assert (f"{number}-CP1-2", "ISSUED") in forms
    assert (f"{number}-TZ1", "VOID") in forms


def test_a_class_takes_what_belongs_to_it_away_with_it(company: DemoCompany) -> None:
    number = company.raise_(MONDAY)
    company.do("classify_capa", number, MONDAY, by="U_LIU", **_without_reason(CAPA))
    company.do("reclassify_to_daily", number, MONDAY, by="U_LIU", **DAILY)
    values = _record(company, number).values
    assert (values.get("severity"), values["requirement"]) == (None, "补充校验")


def test_a_second_report_leaves_nothing_of_the_first(company: DemoCompany) -> None:
    number = company.daily(MONDAY)
    company.report_result(number, TUESDAY, by="U_ZHOU", involves_change="true", change_no="CHG-1", cost="5")
    company.do("return_feedback", number, TUESDAY, by="U_LIU", reason="缺证据")
    company.report_result(number, TUESDAY, by="U_ZHOU")
    values = _record(company, number).values
    assert (values.get("change_no"), values.get("cost"), values["involves_change"]) == (None, None, "false")


def test_whoever_makes_themselves_the_owner_gets_the_notice_too(company: DemoCompany) -> None:
    number = company.raise_(MONDAY)
    company.classify_daily(number, MONDAY, department="质量管理部", owner="U_TANG", by="U_TANG")
    with company.database.reading() as session:
        told = session.exec(select(OutboxRow).where(OutboxRow.target == "U_TANG", OutboxRow.kind == "card")).all()
    assert [row.data["news"] for row in told] == ["notice_owner"]


def test_two_merged_into_each_other_at_once_leave_one_open(company: DemoCompany) -> None:
    first, second = company.raise_(MONDAY), company.raise_(MONDAY, by="U_WU")

    def merge(pair: tuple[str, str]) -> str:
        try:
            return company.do("merge", pair[0], MONDAY, by="U_LIU", merge_into=pair[1], reason="重复").stage
        except Invalid as refused:
            return str(list(refused.errors))

    with ThreadPoolExecutor(2) as threads:
        ends = sorted(threads.map(merge, [(first, second), (second, first)]))
    assert ends == ["MERGED", "['merge_into']"]


def test_the_people_of_a_merged_item_follow_the_other_and_its_history_says_so(company: DemoCompany) -> None:
    first, second = company.raise_(MONDAY), company.raise_(MONDAY, by="U_WU")
    company.do("merge", first, MONDAY, by="U_LIU", merge_into=second, reason="重复")
    with company.database.reading() as session:
        here = company.workflow.find(session, second, MONDAY)
    assert here.case.lasting("watcher") == {"U_CHEN"}
    assert company.steps(second)[-1] == "receive_merged"


def test_following_opens_no_details(company: DemoCompany) -> None:
    number = company.raise_(MONDAY)
    company.do("watch", number, MONDAY, by="U_SUN")
    with pytest.raises(Refused, match="not_visible"):
        company.do("add_comment", number, MONDAY, by="U_SUN", comment="看看")


def test_an_item_cannot_be_a_recurrence_of_itself(company: DemoCompany) -> None:
    number = company.raise_(MONDAY)
    with pytest.raises(Invalid) as caught:
        company.classify_daily(number, MONDAY, recurrence_of=number)
    assert list(caught.value.errors) == ["recurrence_of"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", "IMP-2026-0012"),
        ("2025-7", "IMP-2025-0007"),
        ("imp-2026-12", "IMP-2026-0012"),
        (" IMP-2026-0012-E1 ", "IMP-2026-0012-E1"),
        ("cas-2026-4", "CAS-2026-0004"),
        ("CAS-4", "CAS-2026-0004"),
        ("12-m1", "IMP-2026-0012-M1"),
        ("2025-12-M3", "IMP-2025-0012-M3"),
        ("那个", "那个"),
    ],
)
def test_numbers_are_understood_as_people_type_them(typed: str, number: str) -> None:
    assert normal_number(typed, year=2026) == number


@pytest.mark.parametrize(
    ("impact", "urgency", "resource_need", "score"), [(3, 3, 1, 900), (1, 1, 3, 33), (2, 1, 3, 67), (1, 1, 2, 50)]
)
def test_priority_in_hundredths_rounded_half_up(impact: int, urgency: int, resource_need: int, score: int) -> None:
    assert priority(impact=impact, urgency=urgency, resource_need=resource_need) == score


@pytest.mark.parametrize(
    ("day", "until"), [("2026-03-02", "2029-03-02"), ("2028-02-29", "2031-02-28"), ("2025-05-16", "2028-05-16")]
)
def test_records_are_kept_to_the_same_day_three_years_later(day: str, until: str) -> None:
    assert years_after(date.fromisoformat(day), 3) == date.fromisoformat(until)


def _without_reason(form: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in form.items() if name != "reason"}


def _record(company: DemoCompany, number: str) -> Record:
    with company.database.reading() as session:
        return session.get_one(Record, number)


def _deadline(company: DemoCompany, number: str, name: str) -> Deadline:
    with company.database.reading() as session:
        found = company.workflow.find(session, number, MONDAY).deadline(name)
    assert found is not None
    return found
