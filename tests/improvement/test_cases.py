"""The case library: who may do what with a case, who reads it, and what the improvement it comes from knows of it."""

from collections.abc import Collection
from datetime import date

import pytest
from sqlmodel import select

from bot.errors import Refused
from bot.improvement import CASE, standards
from bot.improvement.stages import CaseStage
from bot.improvement.waiting import waiting_for
from bot.people.visibility import sees_details
from bot.workflow import Request, glance
from storage.outbox import OutboxRow
from tests.support import capa
from tests.support.case import AUTHOR, TEXT, drafted, published
from tests.support.company import NAMES, DemoCompany, at

NOW = at("2026-03-02 10:00")
LATER = at("2026-03-03 10:00")
QA = {"U_LIU", "U_TANG"}
EVERYBODY = frozenset(NAMES)
DRAFT, REVIEW, PUBLISHED, RETIRED = CaseStage
PERMITTED: dict[str, tuple[Collection[str], Collection[str]]] = {
    "begin_case": ((), ()),
    "recount_due": ((), ()),
    "escalate": ((), ()),
    "edit_case": ({DRAFT}, {AUTHOR, *QA}),
    "submit_case": ({DRAFT}, {AUTHOR}),
    "publish_case": ({REVIEW}, QA),
    "return_case": ({REVIEW}, QA),
    "revise_case": ({PUBLISHED}, {AUTHOR, *QA}),
    "mark_useful": ({PUBLISHED}, EVERYBODY - {AUTHOR}),
    "record_case_training": ({PUBLISHED}, {AUTHOR, "U_ZHOU", *QA}),
    "retire_case": ({DRAFT, PUBLISHED}, QA),
}
"""For each step: the stages it may start from, and who may take it."""


def test_the_table_names_every_step() -> None:
    assert PERMITTED.keys() == CASE.steps.keys()


def test_every_stage_step_and_person(company: DemoCompany) -> None:
    case, wrong = drafted(company, capa.effective(company, NOW), NOW), []
    for stage, step, values in (
        (DRAFT, "submit_case", {}),
        (REVIEW, "publish_case", {}),
        (PUBLISHED, "retire_case", {"reason": "已过时"}),
        (RETIRED, "", {}),
    ):
        here = company.scene(case, NOW)
        assert here.record.stage == stage
        offered = {(s.id, p) for p in EVERYBODY for s in company.workflow.available(here, p)}
        expected = {(s, p) for s, (stages, people) in PERMITTED.items() if stage in stages for p in people}
        wrong += [(stage, *pair) for pair in sorted(offered ^ expected)]
        if step:
            company.do(step, case, NOW, by=AUTHOR if step == "submit_case" else "U_LIU", **values)
    assert wrong == []


def test_the_reviewer_is_never_the_author(company: DemoCompany) -> None:
    number = capa.effective(company, NOW)
    case = drafted(company, number, NOW, by="U_LIU")
    company.do("submit_case", case, NOW, by="U_LIU")
    with pytest.raises(Refused, match="not_author"):
        company.do("publish_case", case, NOW, by="U_LIU")
    company.do("publish_case", case, NOW, by="U_TANG")


def test_whoever_wrote_a_part_of_it_does_not_review_it(company: DemoCompany) -> None:
    case = drafted(company, capa.effective(company, NOW), NOW)
    company.do("edit_case", case, NOW, by="U_LIU", **TEXT | {"case_cause": "校验规则没有启用"})
    company.do("submit_case", case, NOW, by=AUTHOR)
    for step in ("publish_case", "return_case"):
        with pytest.raises(Refused, match="not_author"):
            company.do(step, case, NOW, by="U_LIU", reason="理由")
    assert company.told(case, "U_LIU") == []
    company.do("publish_case", case, NOW, by="U_TANG")
    with pytest.raises(Refused, match="not_author"):
        company.do("mark_useful", case, NOW, by="U_LIU")


@pytest.mark.parametrize("step", ["publish_case", "return_case"])
def test_it_is_reviewed_as_it_was_shown(company: DemoCompany, step: str) -> None:
    case = drafted(company, capa.effective(company, NOW), NOW)
    company.do("submit_case", case, NOW, by=AUTHOR)
    shown = glance(CASE.step(step), company.scene(case, NOW))
    company.do("return_case", case, NOW, by="U_TANG", reason="原因太笼统")
    company.do("edit_case", case, NOW, by=AUTHOR, **TEXT | {"case_cause": "校验规则没有启用"})
    company.do("submit_case", case, NOW, by=AUTHOR)
    late = Request(step, "U_LIU", "late", NOW, number=case, values={"reason": "理由"}, seen=shown)
    with pytest.raises(Refused, match="changed_meanwhile"):
        company.workflow.perform(late)


def test_quality_goes_on_with_the_case_of_an_author_who_left(company: DemoCompany) -> None:
    case = drafted(company, capa.effective(company, NOW), NOW)
    with pytest.raises(Refused, match="author_is_here"):
        company.do("submit_case", case, NOW, by="U_LIU")
    assert case not in _waiting(company, "U_LIU")
    company.deactivate(AUTHOR)
    assert case in _waiting(company, "U_LIU")
    company.do("submit_case", case, NOW, by="U_LIU")
    company.do("return_case", case, NOW, by="U_TANG", reason="原因太笼统")
    assert company.told(case, "U_LIU")[-1] == "case_returned"
    company.do("edit_case", case, NOW, by="U_LIU", **TEXT | {"case_cause": "校验规则没有启用"})
    company.do("submit_case", case, NOW, by="U_LIU")
    with pytest.raises(Refused, match="not_author"):
        company.do("publish_case", case, NOW, by="U_LIU")
    company.do("publish_case", case, NOW, by="U_TANG")


def test_a_case_begins_with_what_the_improvement_tells(company: DemoCompany) -> None:
    number = capa.effective(company, NOW)
    here = company.scene(number, NOW)
    preset = company.workflow.step_of("improvement", "draft_case").presets(here, AUTHOR)
    assert preset == {
        "case_title": "工单缺解决代码",
        "case_problem": capa.PROBLEM["phenomenon"],
        "case_cause": capa.WHYS[-1],
        "case_practice": "关闭工单时校验解决代码",
        "case_result": capa.CHECK["finding"],
    }
    case = drafted(company, number, NOW)
    assert case == "CAS-2026-0001"
    assert drafted(company, number, NOW) == "CAS-2026-0002"
    record = company.scene(case, NOW).record
    assert (record.title, record.parent, record.values["source_improvement"]) == (TEXT["case_title"], None, number)
    assert company.scene(number, NOW).record.values["case"] == "CAS-2026-0002"


def test_a_case_can_be_written_from_what_is_closed(company: DemoCompany) -> None:
    number = company.daily(NOW)
    company.report_result(number, NOW, by="U_ZHOU")
    company.verify_effective(number, NOW)
    case = drafted(company, number, NOW, by="U_ZHOU")
    company.do("submit_case", case, LATER, by="U_ZHOU")
    company.do("publish_case", case, LATER, by="U_LIU")
    assert company.scene(number, LATER).record.ended_on == date(2026, 3, 2)


def test_the_improvement_has_its_case_only_while_it_is_in_review_or_published(company: DemoCompany) -> None:
    number = capa.effective(company, NOW)
    case, counted = drafted(company, number, NOW), []
    for step, by in (
        ("submit_case", AUTHOR),
        ("return_case", "U_LIU"),
        ("submit_case", AUTHOR),
        ("publish_case", "U_LIU"),
        ("revise_case", AUTHOR),
        ("submit_case", AUTHOR),
        ("publish_case", "U_LIU"),
        ("retire_case", "U_LIU"),
    ):
        company.do(step, case, NOW, by=by, **({"reason": "理由"} if step[:3] in ("ret", "rev") else {}))
        counted.append(len(company.scene(number, NOW).lines(standards.CASES)))
    assert counted == [1, 0, 1, 1, 0, 1, 1, 0]
    assert company.steps(number)[-2:] == ["note_case", "unnote_case"]


def test_drafts_are_read_by_author_and_oversight_published_ones_by_everybody(company: DemoCompany) -> None:
    case = drafted(company, capa.effective(company, NOW), NOW)
    circle = {AUTHOR, *QA, "U_QIAN", "U_MA", "U_GUO"}
    assert _readers(company, case) == circle
    company.do("submit_case", case, NOW, by=AUTHOR)
    assert _readers(company, case) == circle
    company.do("publish_case", case, NOW, by="U_LIU")
    assert _readers(company, case) == EVERYBODY


def test_what_was_published_stays_as_it_was_while_it_is_revised(company: DemoCompany) -> None:
    case = _published(company)
    company.do("revise_case", case, LATER, by=AUTHOR, reason="补充截图")
    company.do("edit_case", case, LATER, by=AUTHOR, **TEXT | {"case_title": "解决代码必填（第2版）"})
    here = company.scene(case, LATER)
    assert here.record.title == TEXT["case_title"]
    assert [line.values["case_title"] for line in here.lines("publications")] == [TEXT["case_title"]]
    company.do("submit_case", case, LATER, by=AUTHOR)
    company.do("publish_case", case, LATER, by="U_LIU", best_practice="true")
    here = company.scene(case, LATER)
    assert here.record.title == "解决代码必填（第2版）"
    assert here.lines("publications")[-1].values["best_practice"] is True


def test_somebody_says_once_that_it_helped(company: DemoCompany) -> None:
    case = _published(company)
    company.do("mark_useful", case, LATER, by="U_WU")
    company.do("mark_useful", case, LATER, by="U_HE")
    with pytest.raises(Refused, match="thanked_before"):
        company.do("mark_useful", case, LATER, by="U_WU")
    assert company.scene(case, LATER).record.values["useful"] == 2


def test_the_review_has_its_time(company: DemoCompany) -> None:
    case = drafted(company, capa.effective(company, NOW), NOW)
    company.do("submit_case", case, NOW, by=AUTHOR)
    assert company.due(case, "case_review_due") == date(2026, 3, 9)
    company.do("return_case", case, NOW, by="U_LIU", reason="原因太笼统")
    assert company.scene(case, NOW).running() == []


@pytest.mark.parametrize(("channel", "places"), [("", set()), ('knowledge = "C_KNOW"\n', {"C_KNOW"})])
def test_it_is_published_where_the_company_wants_it(company: DemoCompany, channel: str, places: set[str]) -> None:
    # The key stands in a table that the demo profile has already, so it is written behind its last value.
    company.change_profile("", weekly=f'C_WEEKLY"\n{channel}# "')
    case = _published(company)
    with company.database.reading() as session:
        rows = [r for r in session.exec(select(OutboxRow)) if r.record == case and r.data.get("news")]
    told = {(row.data["news"], row.target) for row in rows}
    assert {target for news, target in told if news == "case_for_all"} == places
    assert {("case_published", AUTHOR), ("case_published_source", "U_ZHOU")} <= told


def test_a_retired_case_is_kept_like_any_record(company: DemoCompany) -> None:
    case = _published(company)
    company.do("record_case_training", case, LATER, by="U_ZHOU", **capa.TRAINING, trained_on="2026-03-03")
    company.do("retire_case", case, LATER, by="U_LIU", reason="系统已更换")
    record = company.scene(case, LATER).record
    assert (record.ended_on, record.retention_until) == (date(2026, 3, 3), date(2029, 3, 3))


def _published(company: DemoCompany) -> str:
    case = drafted(company, capa.effective(company, NOW), NOW)
    published(company, case, NOW)
    return case


def _readers(company: DemoCompany, number: str) -> set[str]:
    here = company.scene(number, NOW)
    return {person for person in EVERYBODY if sees_details(person, here.case)}


def _waiting(company: DemoCompany, person: str) -> list[str]:
    with company.database.reading() as session:
        return [record.number for record in waiting_for(session, company.now(session), person, NOW).records]
