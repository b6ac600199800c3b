"""The close of a CAPA: what keeps the effect is entered or declared not applicable, then quality closes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

import storage.form
from bot.errors import Invalid, Refused
from bot.improvement import standards
from bot.improvement.stages import Stage
from storage.outbox import OutboxRow
from tests.support import capa
from tests.support.company import DemoCompany, at

NOW = at("2026-03-02 10:00")
OWNER = "U_ZHOU"
ALL = ("missing.document_change", "missing.training", "missing.case", "missing.similar_check")
DONE: Mapping[str, Mapping[str, Any]] = {
    "add_document_change": capa.REVISION | {"revised_on": "2026-03-02"},
    "record_training": capa.TRAINING | {"trained_on": "2026-03-02"},
    "record_similar_check": {"similar_scope": "其他工单", "similar_found": "false"},
}


@pytest.mark.parametrize(
    ("steps", "waived", "missing"),
    [
        ([], [], ALL),
        (["add_document_change"], [], ALL[1:]),
        (["record_training", "record_similar_check"], ["DOCUMENTS"], ["missing.case"]),
        (["record_similar_check"], ["DOCUMENTS", "TRAINING", "CASE"], ["missing.something_real"]),
        (["record_training"], ["DOCUMENTS", "CASE"], ["missing.similar_check"]),
        ([*DONE], ["CASE"], []),
    ],
)
def test_what_is_missing_is_named_all_at_once(
    company: DemoCompany, steps: Sequence[str], waived: Sequence[str], missing: Sequence[str]
) -> None:
    number = capa.effective(company, NOW)
    for step in steps:
        company.do(step, number, NOW, by=OWNER, **DONE[step])
    for item in waived:
        company.do("mark_closing_na", number, NOW, by=OWNER, closing_item=item, na_reason="不涉及")
    assert _submit(company, number) == list(missing)


def test_whoever_raised_it_is_thanked_even_where_it_was_theirs_to_do(company: DemoCompany) -> None:
    number = company.daily(NOW, owner="U_CHEN")
    company.report_result(number, NOW, by="U_CHEN")
    company.verify_effective(number, NOW)
    assert _told(company, "closed_thanks") == {"U_CHEN"}


def test_the_card_leads_from_one_missing_thing_to_the_next(company: DemoCompany) -> None:
    number, led = capa.effective(company, NOW), []
    for _ in range(4):
        step = company.workflow.available(company.scene(number, NOW), OWNER)[0].id
        led.append(step)
        values = DONE.get(step) or {"closing_item": "CASE", "na_reason": "已有案例"}
        if step == "draft_case":
            step = "mark_closing_na"
        company.do(step, number, NOW, by=OWNER, **values)
    assert led == ["add_document_change", "record_training", "record_similar_check", "draft_case"]
    assert company.workflow.available(company.scene(number, NOW), OWNER)[0].id == "submit_standardization"


def test_what_is_there_is_not_declared_away_and_what_comes_later_counts(company: DemoCompany) -> None:
    number = capa.effective(company, NOW)
    company.do("add_document_change", number, NOW, by=OWNER, **DONE["add_document_change"])
    with pytest.raises(Invalid) as wrong:
        company.do("mark_closing_na", number, NOW, by=OWNER, closing_item="DOCUMENTS", na_reason="不涉及")
    assert wrong.value.errors["closing_item"].msgid == "invalid.is_there"
    company.do("mark_closing_na", number, NOW, by=OWNER, closing_item="TRAINING", na_reason="不涉及")
    company.do("record_training", number, NOW, by=OWNER, **DONE["record_training"])
    assert company.scene(number, NOW).lines(standards.NOT_APPLICABLE) == []


def test_what_a_similar_check_found_is_told_to_quality(company: DemoCompany) -> None:
    number, found = capa.effective(company, NOW), {**DONE["record_similar_check"], "similar_found": "true"}
    with pytest.raises(Invalid) as wrong:
        company.do("record_similar_check", number, NOW, by=OWNER, **found)
    assert wrong.value.errors.keys() == {"similar_note"}
    company.do("record_similar_check", number, NOW, by=OWNER, **found, similar_note="变更单同样缺代码")
    assert _told(company, "similar_found") == {"U_LIU", "U_TANG"}


@pytest.mark.parametrize(("severity", "due"), [("MINOR", date(2026, 3, 5)), ("MAJOR", date(2026, 3, 16))])
def test_the_close_has_longer_where_an_evaluation_comes_before(company: DemoCompany, severity: str, due: date) -> None:
    number = capa.effective(company, NOW, severity=severity)
    capa.standardised(company, number, NOW)
    assert company.due(number, "closing_due") == due


def test_a_major_one_is_closed_only_after_its_evaluation(company: DemoCompany) -> None:
    number = capa.effective(company, NOW, severity="MAJOR")
    capa.standardised(company, number, NOW)
    with pytest.raises(Refused, match="not_evaluated_yet"):
        company.do("close", number, NOW, by="U_LIU")
    capa.evaluated(company, number, NOW)
    company.do("conclude_effective", number, NOW, by="U_LIU", overall_conclusion="达到目标")
    company.do("close", number, NOW, by="U_LIU")
    assert company.scene(number, NOW).record.stage == Stage.CLOSED


def test_the_report_ends_with_what_keeps_the_effect(company: DemoCompany) -> None:
    number = capa.effective(company, NOW)
    capa.kept(company, number, NOW)
    company.do("submit_standardization", number, NOW, by=OWNER, risk_update="风险登记表第7项降为低")
    company.do("close", number, NOW, by="U_LIU", closing_note="同意关闭")
    report = _form(company, number, "CP1")
    assert [line["doc_no"] for line in report["documents"]] == ["WI-07"]
    assert [line["training_topic"] for line in report["trainings"]] == ["新的工单关闭要求"]
    assert [line["similar_found"] for line in report["similar_checks"]] == ["false"]
    assert [line["closing_item"] for line in report["not_applicable"]] == ["CASE"]
    assert (report["risk_update"], report["closing_note"]) == ("风险登记表第7项降为低", "同意关闭")


def test_each_round_keeps_its_own_effect(company: DemoCompany) -> None:
    number = capa.effective(company, NOW)
    capa.kept(company, number, NOW)
    capa.evaluated(company, number, NOW)
    company.do("conclude_ineffective", number, NOW, by="U_LIU", overall_conclusion="没有保持住", reason="又出现3次")
    capa.planned_again(company, number, NOW)
    capa.done(company, number, NOW)
    capa.verified(company, number, NOW)
    assert _submit(company, number) == list(ALL)
    assert len(company.scene(number, NOW).lines(standards.DOCUMENTS)) == 1


def test_sent_back_it_is_completed_and_submitted_again(company: DemoCompany) -> None:
    number = capa.effective(company, NOW)
    capa.standardised(company, number, NOW)
    later = at("2026-03-04 10:00")
    company.do("return_standardization", number, later, by="U_LIU", reason="缺少培训签到")
    assert company.due(number, "standardize_due") == date(2026, 3, 18)
    company.do("submit_standardization", number, later, by=OWNER)
    company.do("close", number, later, by="U_LIU")
    assert company.scene(number, later).record.retention_until == date(2029, 3, 4)


def test_a_daily_improvement_needs_its_document_and_nothing_else(company: DemoCompany) -> None:
    number = company.daily(NOW)
    company.report_result(number, NOW, by=OWNER)
    company.verify_effective(number, NOW, doc_revision="TO_DO")
    with pytest.raises(Invalid) as wrong:
        company.do("mark_closing_na", number, NOW, by=OWNER, closing_item="DOCUMENTS", na_reason="不涉及")
    assert wrong.value.errors["closing_item"].msgid == "invalid.document_needed"
    assert _submit(company, number) == ["missing.document_change"]
    company.do("add_document_change", number, NOW, by=OWNER, **DONE["add_document_change"])
    assert _submit(company, number) == []
    company.do("close", number, NOW, by="U_LIU")


def test_what_is_said_after_the_close_leaves_its_day_alone(company: DemoCompany) -> None:
    number = capa.effective(company, NOW)
    capa.standardised(company, number, NOW)
    company.do("close", number, NOW, by="U_LIU")
    company.do("add_comment", number, at("2026-06-01 10:00"), by=OWNER, comment="仍然有效")
    assert company.scene(number, NOW).record.ended_on == date(2026, 3, 2)


def _submit(company: DemoCompany, number: str) -> list[str]:
    """What is missing; nothing if it was submitted."""
    try:
        company.do("submit_standardization", number, NOW, by=OWNER)
    except Refused as refused:
        return [message.msgid for message in refused.message.params["missing"]]
    return []


def _form(company: DemoCompany, number: str, form: str) -> Mapping[str, Any]:
    with company.database.reading() as session:
        issued = storage.form.of_record(session, number)
    return next(one.values for one in issued if one.form_no == f"{number}-{form}")


def _told(company: DemoCompany, news: str) -> set[str]:
    with company.database.reading() as session:
        return {row.target for row in session.exec(select(OutboxRow)) if row.data.get("news") == news}
