"""A project through the running bot: approved twice, sent back, reported late, not accepted at once, paused, ended."""

from collections.abc import Iterator

import pytest

from tests.support import project_road as road
from tests.support.project import APPLICATION, REPORT, RESOURCES
from tests.support.town import Town


@pytest.fixture(autouse=True)
def _hurried(office: Town) -> Iterator[None]:
    """Nobody plans a project in seconds: Slack slows the redrawing of cards down then, and they follow."""
    office.tolerated.add("ratelimited")
    yield
    office.register.change_profile(now=office.now)


def _report(office: Town, number: str, pct: str, **values: str) -> None:
    office.take("U_SMITH", "report_progress", number, **(REPORT | {"progress_pct": pct} | values))


def test_from_the_charter_to_the_close(office: Town) -> None:
    office.be_at("2026-03-02")
    number = road.project(office)
    assert "还缺：立项信息、资源、至少一个目标、至少一项措施（里程碑）" in office.news("U_ZHOU", number)
    number = road.drafted(office)
    assert "可以“提交立项申请”" in office.news("U_ZHOU", number)
    office.take("U_ZHOU", "submit_charter", number)
    card = office.news("U_MA", number)
    assert "首次响应时间 18分钟，目标 ≤ 10分钟" in card
    assert "预算 50,000 元" in card
    office.click("U_MA", "approve_charter_rep", number)
    assert office.register.stage(number) == "TOP_REVIEW", "one click is enough"
    office.take("U_GUO", "approve_charter_top", number, opinion="按期完成")
    assert "report_measure_done" not in office.buttons("U_CHEN", f"{number}-M1")

    office.take("U_ZHOU", "form_team", number)
    assert "report_measure_done" in office.buttons("U_CHEN", f"{number}-M1")
    assert office.register.due(number, "report_due") == ("2026-03-31", "2026-03-31")
    _report(office, number, "30")
    office.move_to("2026-04-30")
    _report(office, number, "60")
    assert "（30% → 60%）" in office.news("U_GUO", number)
    assert "Progress* 60%" in office.news("U_SMITH", number)

    road.applied(office, number)
    assert "达到" in office.news("U_LIU", number)
    office.take("U_LIU", "record_acceptance_check", number, **road.CHECK, conclusion="EFFECTIVE")
    office.take("U_MA", "pass_acceptance", number, opinion="同意")
    road.consolidated(office, number)

    unexplained = office.errors("U_LIU", "skip_dimension", number, dimension="FEEDBACK")
    assert unexplained.keys() == {"na_reason"}
    road.evaluated(office, number)
    office.take("U_LIU", "conclude_effective", number, overall_conclusion="达到目标")
    office.take("U_LIU", "close", number)

    record = office.register.record(number)
    assert (record["stage"], record["round"], record["retention_until"]) == ("CLOSED", 1, "2029-04-30")
    assert office.register.forms(number).keys() == {"SB", "LX", "SS1", "YZ1", "PG1"}
    assert record["chain_ok"]
    office.improve("U_ZHOU", f"查看 {number}")
    shown = office.read(office.answers("U_ZHOU")[-1])
    assert "O1 首次响应时间缩短" in shown
    assert APPLICATION["deliverables"] in shown
    assert "60" in office.press("U_ZHOU", "show_page:1.2", f"1.2.{number}")["said"]


def test_a_click_approves_what_was_shown_and_nothing_else(office: Town) -> None:
    """Home is not drawn again when somebody else recalls the charter and asks for more money."""
    number = road.drafted(office)
    office.take("U_ZHOU", "submit_charter", number)
    assert "50,000" in office.home("U_MA")
    office.take("U_ZHOU", "recall_charter", number)
    office.take("U_ZHOU", "edit_charter_resources", number, **RESOURCES | {"budget": "9900000"})
    office.take("U_ZHOU", "submit_charter", number)
    refused = office.click("U_MA", "approve_charter_rep", number, home=True)
    assert "done" not in refused
    assert office.register.stage(number) == "REP_REVIEW"
    assert "9,900,000" in str(office.look("home", as_="U_MA", peek="true")), "drawn again, to be decided on anew"
    assert "done" in office.click("U_MA", "approve_charter_rep", number, home=True)
    assert office.register.stage(number) == "TOP_REVIEW"


def test_a_button_without_the_charter_opens_it_first(office: Town) -> None:
    number = road.drafted(office)
    office.take("U_ZHOU", "submit_charter", number)
    office.force("U_MA", "approve_charter_rep", number)
    assert office.register.stage(number) == "REP_REVIEW"
    assert number in office.form("U_MA")["text"]


def test_a_charter_sent_back_shows_what_changed_when_it_comes_again(office: Town) -> None:
    number = road.drafted(office)
    office.take("U_ZHOU", "submit_charter", number)
    unexplained = office.errors("U_MA", "reject_charter_rep", number)
    assert "reason" in unexplained
    office.take("U_MA", "reject_charter_rep", number, reason="预算未含话务接口")
    assert "预算未含话务接口" in office.news("U_ZHOU", number)
    office.take("U_ZHOU", "edit_charter_resources", number, **RESOURCES | {"budget": "65000"})
    office.take("U_ZHOU", "submit_charter", number)
    assert "预算：50,000 → 65,000" in office.news("U_MA", number)
    assert "预算：50,000 → 65,000" in office.open("U_MA", "reject_charter_rep", number)["text"]
    office.close_all("U_MA")
    assert office.register.forms(number) == {"SB": "ISSUED", "LX": "SUPERSEDED", "LX-2": "ISSUED"}


def test_a_double_click_approves_once(office: Town) -> None:
    number = road.drafted(office)
    office.take("U_ZHOU", "submit_charter", number)
    office.take("U_MA", "approve_charter_rep", number)
    office.take("U_GUO", "approve_charter_top", number)
    assert "已立项" in office.refusal("U_GUO", "approve_charter_top", number)
    assert office.register.steps(number).count("approve_charter_top") == 1
    assert office.register.stage(number) == "ESTABLISHED"


def test_a_representative_who_is_a_deputy_too_gives_one_approval(office: Town) -> None:
    office.register.change_profile(('top_mgmt = ["U_GUO"]', 'top_mgmt = ["U_GUO", "U_MA"]'), now=office.now)
    number = road.drafted(office)
    office.take("U_ZHOU", "submit_charter", number)
    office.take("U_MA", "approve_charter_rep", number)
    assert "approve_charter_top" not in office.buttons("U_MA", number)
    assert office.refusal("U_MA", "approve_charter_top", number) == "您已完成前一级审批，本级须由另一人审批。"
    assert ("U_MA", "approve_charter_top", "not_prior_approver") in office.register.refused(number)
    office.take("U_GUO", "approve_charter_top", number)


def test_a_late_report_is_asked_for_and_a_suspended_project_left_in_peace(office: Town) -> None:
    office.be_at("2026-04-30")
    number = road.executing(office)
    assert office.register.due(number, "report_due") == ("2026-05-29", "2026-05-29")
    office.move_to("2026-06-01")
    asked = office.read(office.dm("U_SMITH")[-1])
    assert number in asked
    assert "Report progress" in asked
    _report(office, number, "20", report_month="2026-05")
    assert office.register.due(number, "report_due") == ("2026-06-30", "2026-06-30")

    office.take("U_MA", "suspend", number, reason="等厂商合同", resume_by="2026-07-15")
    office.move_to("2026-07-14")
    assert number in office.read(office.dm("U_MA")[-1])
    for person, said in (("U_SMITH", "suspended"), ("U_CHEN", "暂停")):
        assert number not in office.read(office.dm(person)[-1]) or said in office.news(person, number)
        assert not office.buttons(person, number) & {"report_progress"}
    office.take("U_MA", "resume", number)
    assert office.register.stage(number) == "EXECUTING"
    assert "report_progress" in office.buttons("U_SMITH", number)


def test_not_accepted_then_accepted_in_the_second_round(office: Town) -> None:
    number = road.executing(office)
    road.applied(office, number, value="12")
    missed = office.errors("U_LIU", "record_acceptance_check", number, **road.CHECK, conclusion="EFFECTIVE")
    assert missed == {"conclusion": "目标 O1 没有达到，结论不能是“有效”。"}
    office.take("U_LIU", "record_acceptance_check", number, **road.CHECK, conclusion="PARTLY")
    assert "pass_acceptance" not in office.buttons("U_MA", number)
    redo = {"reason": "夜班未达标", "rectification_list": "夜班转接", "redo_by": "2026-09-01"}
    office.take("U_MA", "fail_acceptance", number, **redo)
    assert "夜班转接" in office.news("U_SMITH", number)

    office.take("U_SMITH", "record_objective_result", number, actual_value="9")
    asked = office.press("U_SMITH", "apply_acceptance", number, deliverables="转接规则", result_summary="9分钟")
    assert "root cause" in asked["said"]
    office.close_all("U_SMITH")
    office.take("U_SMITH", "add_root_cause", number, **road.ROOT_CAUSE)
    office.take("U_SMITH", "apply_acceptance", number, deliverables="转接规则", result_summary="9分钟")
    office.take("U_LIU", "record_acceptance_check", number, **road.CHECK, conclusion="EFFECTIVE")
    office.take("U_MA", "pass_acceptance", number, opinion="同意")
    record = office.register.record(number)
    assert (record["stage"], record["round"]) == ("CONSOLIDATING", 2)
    assert [(line["round"], line["conclusion"]) for line in record["checks"]] == [(1, "PARTLY"), (2, "EFFECTIVE")]


def test_terminated_for_good(office: Town) -> None:
    number = road.executing(office)
    office.take("U_MA", "terminate", number, reason="客户合同到期")
    assert office.register.stage(number) == "TERMINATED"
    assert office.register.stage(f"{number}-M1") == "DROPPED"
    assert "客户合同到期" in office.news("U_GUO", number)
    assert not office.buttons("U_CHEN", f"{number}-M1") & {"report_measure_done"}
