"""Ways round the rules of a project that somebody tried, and who must hear of what."""

from typing import Any

import pytest

from bot.errors import Refused
from bot.improvement.stages import ExtensionStage, Stage
from bot.improvement.waiting import waiting_for
from bot.workflow import Request, glance
from tests.support import capa, project
from tests.support.company import DemoCompany, at
from tests.support.project import MANAGER, OWNER, REP, TOP

NOW = at("2026-03-02 10:00")
LATER = at("2026-03-20 10:00")
QA, LEAD, RESPONSIBLE = "U_LIU", "U_QIAN", "U_CHEN"
PAUSE = {"reason": "等厂商合同", "resume_by": "2026-05-18"}


@pytest.mark.parametrize("by", [REP, TOP])
@pytest.mark.parametrize("why", ["late", "left"])
def test_a_charter_that_has_gone_stale_is_not_approved(company: DemoCompany, by: str, why: str) -> None:
    number = project.submitted(company, NOW)
    step = "approve_charter_rep" if by == REP else "approve_charter_top"
    if by == TOP:
        company.do("approve_charter_rep", number, NOW, by=REP)
    if why == "left":
        company.deactivate(RESPONSIBLE)
    with pytest.raises(Refused, match="charter_outdated") as refused:
        company.do(step, number, at("2026-04-20 10:00") if why == "late" else NOW, by=by)
    lacking = {"late": "missing.later_date", "left": "missing.responsible"}[why]
    assert [message.msgid for message in refused.value.message.params["missing"]] == [lacking]


def test_the_lead_is_asked_for_the_means_and_only_then_the_representative_can_approve(company: DemoCompany) -> None:
    company.change_profile("[capa]\nrequire_lead_authorisation = true", improvement_lead=f'["{LEAD}"]')
    number = project.submitted(company, NOW)
    assert company.told(number, LEAD) == ["resources_to_confirm"]
    assert "approve_charter_rep" not in _offered(company, number, REP)
    with pytest.raises(Refused, match="resources_unconfirmed"):
        company.do("approve_charter_rep", number, NOW, by=REP)
    company.do("confirm_resources", number, NOW, by=LEAD, resources_ok="true")
    assert company.told(number, REP)[-1] == "resources_ok"
    company.do("approve_charter_rep", number, NOW, by=REP)
    assert company.scene(number, NOW).record.stage == Stage.TOP_REVIEW


def test_a_check_is_of_the_results_that_were_shown(company: DemoCompany) -> None:
    number = project.executing(company, NOW)
    project.applied(company, number, NOW)
    shown = _seen(company, "record_acceptance_check", number)
    project.measured(company, number, NOW, value="10")
    form = project.CHECK | {"verified_on": "2026-03-02", "conclusion": "EFFECTIVE"}
    with pytest.raises(Refused, match="changed_meanwhile"):
        _perform(company, "record_acceptance_check", number, shown, QA, **form)


@pytest.mark.parametrize("verdict", ["pass_acceptance", "fail_acceptance"])
@pytest.mark.parametrize("replaced", ["result", "check"])
def test_a_verdict_is_on_the_results_and_the_check_that_were_shown(
    company: DemoCompany, verdict: str, replaced: str
) -> None:
    number = project.executing(company, NOW)
    project.applied(company, number, NOW)
    project.checked(company, number, NOW)
    shown = _seen(company, verdict, number)
    if replaced == "result":
        project.measured(company, number, NOW, value="9")
    form = {"verified_on": "2026-03-02", "conclusion": "EFFECTIVE", "finding": "又抽查一周，9分钟"}
    company.do("record_acceptance_check", number, NOW, by=QA, **project.CHECK | form)
    said = {
        "pass_acceptance": {"opinion": "同意"},
        "fail_acceptance": {"reason": "夜班", "rectification_list": "转接", "redo_by": "2026-05-18"},
    }
    with pytest.raises(Refused, match="changed_meanwhile"):
        _perform(company, verdict, number, shown, REP, **said[verdict])


@pytest.mark.parametrize("conclusion", ["conclude_effective", "conclude_ineffective"])
@pytest.mark.parametrize(
    ("replaced", "entered"),
    [
        ("add_metric_comparison", {"metric_name": "夜班响应", "value_before": "20", "value_after": "19"}),
        ("evaluate_cost_benefit", {"input_days": "90", "input_money": "90000", "benefit_text": "不如预期"}),
        ("skip_dimension", {"dimension": "CONFORMITY", "na_reason": "没有要求"}),
    ],
)
def test_a_conclusion_is_on_the_evaluation_that_was_shown(
    company: DemoCompany, conclusion: str, replaced: str, entered: dict[str, str]
) -> None:
    """The charter of a project has a value of the same name as the list of costs and benefits."""
    number = _concluding(company)
    shown = _seen(company, conclusion, number)
    company.do(replaced, number, LATER, by=QA, **entered)
    with pytest.raises(Refused, match="changed_meanwhile"):
        _perform(company, conclusion, number, shown, QA, overall_conclusion="达到", reason="没有保持")


def test_the_one_who_decides_on_the_acceptance_is_told(company: DemoCompany) -> None:
    number = project.executing(company, NOW)
    team = {"project_manager": MANAGER, "members": [RESPONSIBLE, REP], "reason": "管代参与"}
    company.do("change_team", number, NOW, by=OWNER, **team)
    project.applied(company, number, NOW)
    project.checked(company, number, NOW)
    assert company.told(number, TOP)[-2:] == ["acceptance_asked", "acceptance_checked"]
    assert company.told(number, REP)[-2:] == ["acceptance_asked", "acceptance_found"]
    assert "pass_acceptance" in _offered(company, number, TOP)


def test_a_new_manager_hears_what_is_theirs_to_do(company: DemoCompany) -> None:
    number = project.executing(company, NOW)
    team = {"project_manager": "U_WU", "members": [RESPONSIBLE], "reason": "Smith调岗"}
    company.do("change_team", number, NOW, by=OWNER, **team)
    assert company.told(number, "U_WU")[-1] == "manager_now"
    assert company.told(number, MANAGER)[-1] == "team_changed"
    company.do("change_team", number, NOW, by=OWNER, **team | {"members": ["U_SMITH"]})
    assert company.told(number, "U_WU")[-1] == "team_changed"


def test_a_request_for_more_time_pauses_with_its_project(company: DemoCompany) -> None:
    number, request = _asked_for_more_time(company)
    company.do("suspend", number, NOW, by=REP, **PAUSE)
    assert company.scene(request, NOW).record.stage == ExtensionStage.REQUESTED
    assert not any(d.runs for d in company.deadlines(request))
    with pytest.raises(Refused, match="deadline_stopped"):
        company.do("approve_extension", request, NOW, by=REP)
    assert _waiting(company, REP) == [number]
    soon = at("2026-03-04 10:00")
    company.do("resume", number, soon, by=REP)
    assert company.due(request, "extension_due").isoformat() == "2026-03-05"
    company.do("approve_extension", request, soon, by=REP)
    assert "lapse_extension" not in company.steps(request)
    assert company.due(f"{number}-M1", "measure_due").isoformat() == "2026-04-10"


def test_a_request_lapses_when_a_suspension_gave_more_time_than_it_asked_for(company: DemoCompany) -> None:
    number, request = _asked_for_more_time(company)
    company.do("suspend", number, NOW, by=REP, **PAUSE)
    company.do("resume", number, at("2026-05-18 10:00"), by=REP)
    assert company.scene(request, LATER).record.stage == ExtensionStage.LAPSED
    assert company.told(request, RESPONSIBLE)[-1] == "extension_lapsed"


def test_a_request_lapses_with_the_project_that_ends_while_it_is_suspended(company: DemoCompany) -> None:
    number, request = _asked_for_more_time(company)
    company.do("suspend", number, NOW, by=REP, **PAUSE)
    company.do("terminate", number, LATER, by=REP, reason="客户合同到期")
    assert company.scene(request, LATER).record.stage == ExtensionStage.LAPSED
    assert all(d.stopped_on for d in company.deadlines(request))


def _asked_for_more_time(company: DemoCompany) -> tuple[str, str]:
    """A project at work with a milestone due on 2026-04-01, and the request to have until 2026-04-10."""
    number = project.executing(company, NOW)
    wish = {"deadline_item": "measure_due", "new_due": "2026-04-10", "reason": "等补丁"}
    company.do("request_extension", f"{number}-M1", NOW, by=RESPONSIBLE, **wish)
    return number, f"{number}-E1"


def _concluding(company: DemoCompany) -> str:
    """A project whose charter counts costs and benefits, evaluated up to its conclusion."""
    number = project.classified(company, NOW)
    project.drafted(company, number, NOW, cost_benefit="五万元，响应快一半")
    for step, by in (("submit_charter", OWNER), ("approve_charter_rep", REP), ("approve_charter_top", TOP)):
        company.do(step, number, NOW, by=by)
    company.do("form_team", number, NOW, by=OWNER, project_manager=MANAGER, members=[*project.MEMBERS])
    project.accepted(company, number, LATER)
    capa.evaluated(company, number, LATER)
    return number


def _offered(company: DemoCompany, number: str, person: str) -> list[str]:
    return [step.id for step in company.workflow.available(company.scene(number, NOW), person)]


def _waiting(company: DemoCompany, person: str) -> list[str]:
    with company.database.reading() as session:
        return [record.number for record in waiting_for(session, company.now(session), person, NOW).records]


def _seen(company: DemoCompany, step: str, number: str) -> str:
    return glance(company.workflow.step_of("improvement", step), company.scene(number, NOW))


def _perform(company: DemoCompany, step: str, number: str, seen: str, by: str, **values: Any) -> None:
    request = Request(step, by, f"{step}:{number}:late", LATER, number=number, values=values, seen=seen)
    company.workflow.perform(request)
