"""Ways round the rules of a CAPA that somebody tried, and who must hear of what."""

import pytest

from bot.errors import Invalid, Refused
from bot.improvement import rounds
from bot.people.visibility import sees_details
from bot.workflow import Request, glance
from tests.support import capa
from tests.support.company import DemoCompany, at

NOW = at("2026-03-02 10:00")
LATER = at("2026-03-09 10:00")
OWNER, APPROVER, QA = "U_ZHOU", "U_TANG", "U_LIU"


def test_a_measure_nobody_approved_does_not_stand_in_for_one_that_is_dropped(company: DemoCompany) -> None:
    number = capa.planned(company, NOW)
    capa.measured(company, number, NOW)
    company.do("request_drop", f"{number}-M1", NOW, by=OWNER, reason="不想做了")
    with pytest.raises(Refused, match="last_measure"):
        company.do("approve_drop", f"{number}-M1", NOW, by=APPROVER)


def test_what_was_planned_once_is_not_planned_anew_by_way_of_another_class(company: DemoCompany) -> None:
    number = capa.planned(company, NOW, measures=2)
    form = capa.SCORES | capa.HEADER | {"responsible_dept": "信息部", "severity": "MINOR", "reason": "改走项目"}
    of_project = {name: value for name, value in form.items() if name not in ("capa_type", "origin", "severity")}
    company.do("reclassify_to_project", number, NOW, by=QA, **of_project)
    company.do("reclassify_to_capa", number, LATER, by=QA, **form)

    here = company.scene(number, LATER)
    assert (here.record.stage, here.record.round) == ("ANALYSIS", 2)
    assert {m.stage for m in rounds.measures(here, 1)} == {"DROPPED"}
    assert rounds.lines(here, rounds.CRITERIA) == []
    capa.planned_again(company, number, LATER)
    assert company.scene(number, LATER).record.stage == "IMPLEMENTING"


def test_an_approval_is_for_what_was_shown(company: DemoCompany) -> None:
    number = capa.classified(company, NOW)
    capa.analysed(company, number, NOW)
    capa.measured(company, number, NOW)
    company.do("submit_plan", number, NOW, by=OWNER)
    shown = _seen(company, "approve_plan", number)
    company.do("recall_plan", number, NOW, by=OWNER)
    company.do("set_criterion", number, NOW, by=OWNER, **(capa.CRITERION | {"target_value": "86"}))
    company.do("submit_plan", number, NOW, by=OWNER)

    with pytest.raises(Refused, match="changed_meanwhile"):
        _perform(company, "approve_plan", number, shown)
    assert company.scene(number, NOW).record.stage == "PLAN_REVIEW"


def test_an_added_measure_is_approved_as_it_was_shown(company: DemoCompany) -> None:
    number = capa.planned(company, NOW)
    measure = capa.measured(company, number, NOW)
    shown = _seen(company, "approve_measure", measure)
    edited = {
        name: company.scene(measure, NOW).record.values[name] for name in ("responsible", "due_on", "involves_change")
    }
    company.do("edit_measure", measure, NOW, by=OWNER, measure="另一件事", root_cause_item="1", **edited)

    with pytest.raises(Refused, match="changed_meanwhile"):
        _perform(company, "approve_measure", measure, shown)
    assert company.told(measure, APPROVER) == ["measure_proposed", "measure_proposed"]


def test_a_plan_that_has_gone_stale_is_not_approved(company: DemoCompany) -> None:
    number = capa.classified(company, NOW)
    capa.analysed(company, number, NOW)
    capa.measured(company, number, NOW, responsible="U_SMITH")
    company.do("submit_plan", number, NOW, by=OWNER)
    company.deactivate("U_SMITH")
    with pytest.raises(Refused, match="plan_outdated"):
        company.do("approve_plan", number, NOW, by=APPROVER)
    with pytest.raises(Refused, match="plan_outdated"):
        company.do("approve_plan", number, at("2026-03-30 10:00"), by=APPROVER)


def test_a_measure_is_not_done_before_it_was_released(company: DemoCompany) -> None:
    number = capa.planned(company, NOW)
    report = capa.REPORT | {"started_on": "2026-02-02", "completed_on": "2026-02-20", "executors": ["U_CHEN"]}
    with pytest.raises(Invalid) as refused:
        company.do("report_measure_done", f"{number}-M1", LATER, by="U_CHEN", **report)
    assert refused.value.errors.keys() == {"completed_on"}


def test_a_check_whose_day_has_passed_has_its_time_from_today(company: DemoCompany) -> None:
    number = capa.planned(company, NOW)
    late = at("2026-04-20 10:00")
    report = capa.REPORT | {"started_on": "2026-03-02", "completed_on": "2026-03-02", "executors": ["U_CHEN"]}
    company.do("report_measure_done", f"{number}-M1", late, by="U_CHEN", **report)
    assert company.due(number, "check_date").isoformat() == "2026-04-01"
    assert company.due(number, "verify_due").isoformat() == "2026-04-23"
    assert company.told(number, QA)[-1:] == ["check_due"]


def test_whoever_hears_of_a_measure_hears_of_the_item_too(company: DemoCompany) -> None:
    number = capa.planned(company, NOW)
    company.do("cancel", number, LATER, by=APPROVER, reason="系统下线")
    assert company.told(number, "U_CHEN")[-1:] == ["cancelled"]
    assert "measure_voided" not in company.told(f"{number}-M1", "U_CHEN")


def test_a_follower_hears_of_the_item_and_not_of_each_measure(company: DemoCompany) -> None:
    number = capa.classified(company, NOW)
    company.do("watch", number, NOW, by="U_WU")
    capa.planned_again(company, number, NOW)
    assert company.told(f"{number}-M1", "U_WU") == []
    assert set(company.told(number, "U_WU")) == {"stage_changed"}


def test_a_comment_reaches_a_follower_without_its_text_unless_they_may_read_it(company: DemoCompany) -> None:
    number = capa.classified(company, NOW)
    for person in ("U_WU", "U_SMITH"):
        company.do("watch", number, NOW, by=person)
    company.do("add_comment", number, NOW, by=OWNER, comment="根因是某供应商")
    assert company.told(number, "U_WU") == ["commented_unseen"]
    assert company.told(number, "U_SMITH") == ["commented"]


def test_the_analysis_team_may_read_and_is_not_kept_from_verifying(company: DemoCompany) -> None:
    number = capa.classified(company, NOW)
    form = capa.PROBLEM | {"found_on": "2026-03-01", "team": ["U_WU", QA]}
    company.do("describe_problem", number, NOW, by=OWNER, **form)
    here = company.scene(number, NOW)
    assert sees_details("U_WU", here.case)
    assert not here.case.in_round("member")


def test_who_holds_a_measure_hears_of_its_new_date(company: DemoCompany) -> None:
    number = capa.planned(company, NOW)
    wish = {"deadline_item": "measure_due", "new_due": "2026-03-20", "reason": "等补丁"}
    company.do("request_extension", f"{number}-M1", NOW, by="U_CHEN", **wish)
    company.do("reassign_measure", f"{number}-M1", NOW, by=OWNER, new_responsible="U_SMITH")
    company.do("approve_extension", f"{number}-E1", NOW, by=APPROVER)
    assert "extension_approved" in company.told(f"{number}-E1", "U_SMITH")


def test_urging_reaches_whoever_has_to_act(company: DemoCompany) -> None:
    number = capa.planned(company, NOW, measures=2)
    company.do("request_drop", f"{number}-M1", NOW, by=OWNER, reason="不需要")
    company.do("urge", number, NOW, by="U_MA", note="请尽快")
    assert "urged" not in company.told(number, "U_CHEN")
    assert "urged" in company.told(number, "U_SMITH")
    assert "urged" in company.told(number, APPROVER)


def test_the_lead_is_asked_for_the_means_and_the_approver_hears(company: DemoCompany) -> None:
    company.change_profile("[capa]\nrequire_lead_authorisation = true")
    number = capa.classified(company, NOW)
    capa.analysed(company, number, NOW)
    capa.measured(company, number, NOW)
    company.do("submit_plan", number, NOW, by=OWNER)
    with pytest.raises(Refused, match="resources_unconfirmed"):
        company.do("approve_plan", number, NOW, by=APPROVER)
    company.do("confirm_resources", number, NOW, by=APPROVER, resources_ok="true")
    company.do("approve_plan", number, NOW, by=APPROVER)
    assert company.scene(number, NOW).record.stage == "IMPLEMENTING"


def _seen(company: DemoCompany, step: str, number: str) -> str:
    here = company.scene(number, NOW)
    return glance(company.workflow.step_of(here.record.kind, step), here)


def _perform(company: DemoCompany, step: str, number: str, seen: str) -> None:
    company.workflow.perform(Request(step, APPROVER, f"{step}:{number}:late", NOW, number=number, seen=seen))
