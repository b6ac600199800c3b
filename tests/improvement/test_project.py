"""The rules of a project: what a charter lacks and changed, who may decide, what acceptance needs, how it ends."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from sqlmodel import select

import storage.form
from bot.errors import Invalid, Message, Refused
from bot.improvement import charter_versions, reports, results, rounds
from bot.improvement.chartering import missing
from bot.improvement.stages import MeasureStage, Stage
from bot.improvement.waiting import waiting_for
from storage.outbox import OutboxRow
from tests.support import capa, project
from tests.support.company import DemoCompany, at
from tests.support.project import MANAGER, OWNER, REP, TOP

NOW = at("2026-03-02 10:00")
LATER = at("2026-03-20 10:00")
PAUSE = {"reason": "等厂商合同", "resume_by": "2026-05-18"}
ONE_LEVEL = '[project]\napproval_chain = ["mgmt_rep"]'


def _stage(company: DemoCompany, number: str) -> str:
    return company.scene(number, NOW).record.stage


def _told(company: DemoCompany, news: str) -> set[str]:
    with company.database.reading() as session:
        rows = session.exec(select(OutboxRow)).all()
    return {row.target for row in rows if row.data.get("news") == news}


def _ids(messages: Sequence[Message]) -> list[str]:
    return [message.msgid for message in messages]


def test_what_a_charter_lacks_is_named_all_at_once(company: DemoCompany) -> None:
    number = project.classified(company, NOW)
    with pytest.raises(Refused) as lacking:
        company.do("submit_charter", number, NOW, by=OWNER)
    assert _ids(lacking.value.message.params["missing"]) == [
        "missing.charter_basics",
        "missing.charter_resources",
        "missing.objective",
        "missing.milestone",
    ]
    project.drafted(company, number, NOW)
    assert missing(company.scene(number, NOW)) == []
    assert _ids(missing(company.scene(number, at("2026-05-06 10:00")))) == ["missing.later_date"]
    company.deactivate("U_CHEN")
    assert _ids(missing(company.scene(number, NOW))) == ["missing.responsible"]


def test_the_card_leads_through_the_charter(company: DemoCompany) -> None:
    number, led = project.classified(company, NOW), []
    for step, values in (
        ("edit_charter_basics", project.BASICS),
        ("edit_charter_resources", project.RESOURCES),
        ("add_objective", project.OBJECTIVE | {"reach_by": "2026-06-01"}),
    ):
        led.append(company.workflow.available(company.scene(number, NOW), OWNER)[0].id)
        company.do(step, number, NOW, by=OWNER, **values)
    led.append(company.workflow.available(company.scene(number, NOW), OWNER)[0].id)
    project.milestone(company, number, NOW)
    led.append(company.workflow.available(company.scene(number, NOW), OWNER)[0].id)
    assert led == [
        "edit_charter_basics",
        "edit_charter_resources",
        "add_objective",
        "add_measure",
        "submit_charter",
    ]


def test_a_later_version_says_what_it_changed(company: DemoCompany) -> None:
    number = project.submitted(company, NOW)
    assert charter_versions.since_last_version(company.scene(number, NOW)) == []
    company.do("reject_charter_rep", number, NOW, by=REP, reason="预算未含话务接口")
    company.do("edit_charter_resources", number, NOW, by=OWNER, **project.RESOURCES | {"budget": "65000"})
    company.do("remove_objective", number, NOW, by=OWNER, objective_item="1")
    company.do("add_objective", number, NOW, by=OWNER, **project.OBJECTIVE, reach_by="2026-06-01")
    company.do("remove_measure", f"{number}-M1", NOW, by=OWNER)
    project.milestone(company, number, NOW, measure="完成话务接口")
    company.do("submit_charter", number, NOW, by=OWNER)
    found = charter_versions.since_last_version(company.scene(number, NOW))
    assert [(m.msgid, m.params.get("before") or m.params.get("no")) for m in found[1:]] == [
        ("charter.changed", "50,000"),
        ("charter.added", "O2"),
        ("charter.removed", "O1"),
        ("charter.removed", "M1"),
        ("charter.added", "M2"),
    ]
    with company.database.reading() as session:
        papers = [f for f in storage.form.of_record(session, number) if f.form == "LX"]
    assert [(p.form_no[-4:], p.state, p.values["version"]) for p in papers] == [
        ("1-LX", "SUPERSEDED", 1),
        ("LX-2", "ISSUED", 2),
    ]


def test_one_who_is_both_representative_and_deputy_gives_one_approval_only(company: DemoCompany) -> None:
    company.change_profile("", top_mgmt='["U_GUO", "U_MA"]')
    number = project.submitted(company, NOW)
    company.do("approve_charter_rep", number, NOW, by=REP)
    with pytest.raises(Refused, match="not_prior_approver"):
        company.do("approve_charter_top", number, NOW, by=REP)
    with company.database.reading() as session:
        assert waiting_for(session, company.now(session), REP, NOW).records == []
        assert [record.number for record in waiting_for(session, company.now(session), TOP, NOW).records] == [number]
    company.do("approve_charter_top", number, NOW, by=TOP)
    assert _stage(company, number) == Stage.ESTABLISHED


def test_an_owner_does_not_approve_their_own_charter(company: DemoCompany) -> None:
    number = project.submitted(company, NOW)
    company.do("recall_charter", number, NOW, by=OWNER)
    company.change_profile("", mgmt_rep='["U_ZHOU"]')
    company.do("submit_charter", number, NOW, by=OWNER)
    with pytest.raises(Refused, match="not_owner"):
        company.do("approve_charter_rep", number, NOW, by=OWNER)


def test_one_level_establishes_at_once(company: DemoCompany) -> None:
    company.change_profile(ONE_LEVEL)
    number = project.submitted(company, NOW)
    company.do("approve_charter_rep", number, NOW, by=REP)
    assert _stage(company, number) == Stage.ESTABLISHED
    assert company.scene(f"{number}-M1", NOW).record.stage == MeasureStage.OPEN


def test_after_a_rejection_by_top_management_both_decide_again(company: DemoCompany) -> None:
    number = project.submitted(company, NOW)
    company.do("approve_charter_rep", number, NOW, by=REP)
    company.do("reject_charter_top", number, NOW, by=TOP, reason="目标太低")
    company.do("submit_charter", number, NOW, by=OWNER)
    assert _stage(company, number) == Stage.REP_REVIEW
    with pytest.raises(Refused, match="wrong_stage"):
        company.do("approve_charter_top", number, NOW, by=TOP)


def test_a_team_is_more_than_its_manager_and_who_left_it_still_does_not_judge(company: DemoCompany) -> None:
    number = project.established(company, NOW)
    with pytest.raises(Invalid) as alone:
        company.do("form_team", number, NOW, by=OWNER, project_manager=MANAGER, members=[MANAGER])
    assert alone.value.errors.keys() == {"members"}
    company.do("form_team", number, NOW, by=OWNER, project_manager=MANAGER, members=["U_LIU"])
    team = {"project_manager": MANAGER, "members": ["U_CHEN"], "reason": "刘芳要验收"}
    company.do("change_team", number, NOW, by=MANAGER, **team)
    project.applied(company, number, NOW)
    with pytest.raises(Refused, match="not_implementer"):
        project.checked(company, number, NOW)


def test_reports_make_a_trend_and_an_addendum_replaces_its_month(company: DemoCompany) -> None:
    number = project.executing(company, NOW)
    for day, month, pct in (
        ("2026-03-31", "2026-03", "30"),
        ("2026-04-30", "2026-04", "40"),
        ("2026-05-06", "2026-04", "45"),
        ("2026-05-29", "2026-05", "60"),
    ):
        project.reported(company, number, at(f"{day} 10:00"), pct=pct, month=month)
    assert reports.trend(company.scene(number, LATER)) == "30% → 45% → 60%"
    assert {"U_GUO", OWNER, REP, "U_LIU"} <= _told(company, "progress_reported")
    with pytest.raises(Invalid) as future:
        project.reported(company, number, at("2026-05-29 11:00"), pct="70", month="2026-06")
    assert future.value.errors.keys() == {"report_month"}


def test_a_sponsor_who_may_not_read_it_gets_the_trend_alone(company: DemoCompany) -> None:
    number = project.classified(company, NOW)
    project.drafted(company, number, NOW)
    company.do("edit_charter_basics", number, NOW, by=OWNER, **project.BASICS | {"sponsor": "U_SUN"})
    company.do("submit_charter", number, NOW, by=OWNER)
    company.do("approve_charter_rep", number, NOW, by=REP)
    company.do("approve_charter_top", number, NOW, by=TOP)
    company.do("form_team", number, NOW, by=OWNER, project_manager=MANAGER, members=["U_CHEN"])
    project.reported(company, number, NOW, pct="30")
    with company.database.reading() as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.target == "U_SUN")).all()
    told = [row.data for row in rows if row.data.get("news", "").startswith("progress")]
    assert [(data["news"], data["params"]["trend"]) for data in told] == [("progress_trend", "30%")]
    assert project.REPORT["done_text"] not in str(told)
    assert _told(company, "progress_reported") == {OWNER, REP, "U_LIU", "U_TANG"}


def test_a_milestone_added_on_the_way_is_decided_by_the_representative(company: DemoCompany) -> None:
    number = project.executing(company, NOW)
    form = {"measure": "夜班演练", "responsible": "U_WU", "due_on": "2026-04-10", "involves_change": "false"}
    company.do("add_measure", number, NOW, by=MANAGER, **form)
    added = f"{number}-M2"
    with pytest.raises(Refused, match="wrong_role"):
        company.do("approve_measure", added, NOW, by="U_TANG")
    company.do("approve_measure", added, NOW, by=REP)
    assert [line.values["version"] for line in company.scene(number, NOW).lines(rounds.PLANS)] == [1, 2]


@pytest.mark.parametrize(
    ("target", "actual", "met"),
    [(("LE", "10"), "10", True), (("LE", "10"), "10.0001", False), (("GE", "98"), "97.9999", False)],
)
def test_a_result_is_compared_unrounded(target: tuple[str, str], actual: str, met: bool) -> None:
    op, value = target
    objective = {"target_op": op, "target_value": value}
    assert results.satisfied(objective, Decimal(actual)) is met


def test_acceptance_waits_for_milestones_and_results(company: DemoCompany) -> None:
    number = project.executing(company, NOW)
    with pytest.raises(Refused) as lacking:
        company.do("apply_acceptance", number, NOW, by=MANAGER, **project.APPLICATION)
    assert _ids(lacking.value.message.params["missing"]) == ["missing.unfinished", "missing.result_of"]


def test_a_missed_objective_is_never_effective_and_a_new_result_needs_a_new_check(company: DemoCompany) -> None:
    number = project.executing(company, NOW)
    project.applied(company, number, LATER, value="12")
    with pytest.raises(Invalid) as missed:
        project.checked(company, number, LATER)
    assert missed.value.errors.keys() == {"conclusion"}
    with pytest.raises(Refused, match="acceptance_unchecked"):
        company.do("pass_acceptance", number, LATER, by=REP, opinion="同意")
    project.measured(company, number, LATER)
    project.checked(company, number, LATER)
    project.measured(company, number, LATER, value="11")
    with pytest.raises(Refused, match="acceptance_unchecked"):
        company.do("pass_acceptance", number, LATER, by=REP, opinion="同意")
    assert "U_LIU" in _told(company, "result_changed")


def test_acceptance_waits_for_quality_then_for_the_representative(company: DemoCompany) -> None:
    number = project.executing(company, NOW)
    project.applied(company, number, LATER)
    for waited_for, left_alone in (("U_LIU", REP), (REP, "U_LIU")):
        with company.database.reading() as session:
            assert waiting_for(session, company.now(session), waited_for, LATER).count == 1
            assert waiting_for(session, company.now(session), left_alone, LATER).count == 0
        if waited_for == "U_LIU":
            project.checked(company, number, LATER)


def test_after_a_failure_a_cause_is_found_before_acceptance_is_asked_for_again(company: DemoCompany) -> None:
    number = project.executing(company, NOW)
    with pytest.raises(Refused, match="nothing_to_analyse"):
        company.do("add_root_cause", number, NOW, by=MANAGER, **project.ROOT_CAUSE)
    project.applied(company, number, LATER, value="12")
    project.checked(company, number, LATER, conclusion="INEFFECTIVE")
    project.failed(company, number, LATER, redo_by="2026-05-18")
    assert company.scene(number, LATER).record.round == 2
    project.measured(company, number, LATER)
    with pytest.raises(Refused) as lacking:
        company.do("apply_acceptance", number, LATER, by=MANAGER, **project.APPLICATION)
    assert _ids(lacking.value.message.params["missing"]) == ["missing.root_cause"]
    form = {"measure": "夜班转接", "responsible": "U_WU", "due_on": "2026-04-10", "involves_change": "false"}
    with pytest.raises(Refused, match="cause_first"):
        company.do("add_measure", number, LATER, by=MANAGER, **form)
    company.do("add_root_cause", number, LATER, by=MANAGER, **project.ROOT_CAUSE)
    with pytest.raises(Invalid) as aimless:
        company.do("add_measure", number, LATER, by=MANAGER, **form)
    assert aimless.value.errors.keys() == {"root_cause_item"}
    company.do("apply_acceptance", number, LATER, by=MANAGER, **project.APPLICATION)
    project.checked(company, number, LATER)
    company.do("pass_acceptance", number, LATER, by=REP, opinion="同意")
    assert company.scene(number, LATER).record.values["effective_in_round"] == 2


def test_a_suspended_project_is_left_in_peace(company: DemoCompany) -> None:
    number = project.executing(company, NOW)
    wish = {"deadline_item": "measure_due", "new_due": "2026-04-10", "reason": "等补丁"}
    company.do("request_extension", f"{number}-M1", NOW, by="U_CHEN", **wish)
    company.do("suspend", number, NOW, by=REP, **PAUSE)
    scene = company.scene(number, NOW)
    assert [d.name for found in (scene.deadlines, *scene.deadlines_of.values()) for d in found if d.runs] == [
        "resume_due"
    ]
    with pytest.raises(Refused, match="plan_not_running"):
        capa.done(company, number, LATER)


@pytest.mark.parametrize("suspended", [True, False])
def test_what_is_terminated_leaves_nothing_running(company: DemoCompany, suspended: bool) -> None:
    number = project.executing(company, NOW)
    if suspended:
        company.do("suspend", number, NOW, by=REP, **PAUSE)
    company.do("terminate", number, LATER, by=REP, reason="客户合同到期")
    scene = company.scene(number, LATER)
    assert (scene.record.stage, scene.parts[0].stage) == (Stage.TERMINATED, MeasureStage.DROPPED)
    assert all(d.stopped_on for found in (scene.deadlines, *scene.deadlines_of.values()) for d in found)
    assert _told(company, "terminated") == {"U_GUO", OWNER, MANAGER, "U_CHEN", "U_WU"}


def test_a_project_is_closed_only_after_its_evaluation(company: DemoCompany) -> None:
    number = project.executing(company, NOW)
    project.accepted(company, number, LATER)
    capa.standardised(company, number, LATER)
    with pytest.raises(Refused, match="not_evaluated_yet"):
        company.do("close", number, LATER, by="U_LIU")
    capa.evaluated(company, number, LATER)
    company.do("conclude_effective", number, LATER, by="U_LIU", overall_conclusion="达到目标")
    company.do("close", number, LATER, by="U_LIU")
    assert _stage(company, number) == Stage.CLOSED


def test_an_evaluation_without_effect_sends_a_project_back_to_work_with_a_date(company: DemoCompany) -> None:
    number = project.executing(company, NOW)
    project.accepted(company, number, LATER)
    capa.evaluated(company, number, LATER)
    found = {"overall_conclusion": "夜班没有保持", "reason": "又超过十分钟"}
    with pytest.raises(Invalid) as undated:
        company.do("conclude_ineffective", number, LATER, by="U_LIU", **found)
    assert undated.value.errors.keys() == {"redo_by"}
    company.do("conclude_ineffective", number, LATER, by="U_LIU", **found, redo_by="2026-05-18")
    scene = company.scene(number, LATER)
    assert (scene.record.stage, scene.record.round) == (Stage.EXECUTING, 2)
    assert {d.name for d in scene.running()} == {"redo_due", "report_due"}


def test_a_capa_that_becomes_a_project_needs_milestones_of_its_own(company: DemoCompany) -> None:
    number = capa.planned(company, NOW)
    capa.measured(company, number, NOW)
    form = {"impact": "3", "resource_need": "3", "urgency": "2", "responsible_dept": "信息部", "owner": OWNER}
    form |= {"decision_reason": "跨部门", "reason": "需公司资源"}
    company.do("reclassify_to_project", number, NOW, by="U_LIU", **form)
    scene = company.scene(number, NOW)
    assert {m.stage for m in rounds.measures(scene)} == {MeasureStage.DROPPED}
    project.drafted(company, number, NOW)
    company.do("submit_charter", number, NOW, by=OWNER)
    assert _stage(company, number) == Stage.REP_REVIEW


def test_who_is_waited_for_is_urged(company: DemoCompany) -> None:
    number = project.executing(company, NOW)
    company.do("urge", number, NOW, by="U_TANG", note="请尽快")
    assert _told(company, "urged") == {MANAGER, "U_CHEN", OWNER}
