"""Whom the rungs are for: the holder, then the first and the second level; a holder is not told of their own delay."""

import pytest

from bot.improvement.deadlines import DEADLINES
from bot.reminders.ladder import Ladder, Rung
from tests.support import project
from tests.support.company import DemoCompany, at

MORNING = at("2025-05-06 10:00")


def told(company: DemoCompany, number: str, deadline: str) -> dict[str, str]:
    """For each rung of a deadline, the people it is for."""
    case = company.scene(number, MORNING).case
    found = Ladder(case.directory).recipients(DEADLINES[deadline], case, tuple(Rung))
    rungs = (Rung.TODAY, Rung.DEPT, Rung.REP)
    return {rung.value: " ".join(sorted(p for p, own in found.items() if rung in own)) for rung in rungs}


def test_an_employees_delay_goes_to_the_head_and_quality_then_to_the_representative(company: DemoCompany) -> None:
    number = company.daily(MORNING, owner="U_CHEN")
    assert told(company, number, "action_due") == {
        "TODAY": "U_CHEN",
        "DEPT": "U_LIU U_TANG U_ZHOU",
        "REP": "U_MA",
    }


def test_a_heads_own_delay_passes_the_head_by(company: DemoCompany) -> None:
    number = company.daily(MORNING)
    assert told(company, number, "action_due") == {
        "TODAY": "U_ZHOU",
        "DEPT": "U_LIU U_MA U_TANG",
        "REP": "U_MA",
    }


def test_qualitys_delay_goes_to_its_manager_then_to_the_representative(company: DemoCompany) -> None:
    number = company.raise_(MORNING)
    assert told(company, number, "triage_due") == {"TODAY": "U_LIU U_TANG", "DEPT": "U_TANG", "REP": "U_MA"}


def test_where_only_the_manager_is_left_of_quality_the_next_level_is_told_at_once(company: DemoCompany) -> None:
    number = company.raise_(MORNING)
    company.deactivate("U_LIU")
    assert told(company, number, "triage_due") == {"TODAY": "U_TANG", "DEPT": "U_MA", "REP": "U_MA"}


def test_the_representatives_delay_goes_to_the_quality_manager_then_to_the_top(company: DemoCompany) -> None:
    """What quality itself has to do is verified by the representative."""
    number = company.daily(MORNING, department="质量管理部", owner="U_LIU")
    company.report_result(number, MORNING, by="U_LIU")
    assert told(company, number, "verify_due") == {"TODAY": "U_MA", "DEPT": "U_TANG", "REP": "U_GUO"}


def test_an_approvers_delay_goes_to_the_representative_then_to_the_top(company: DemoCompany) -> None:
    number = company.daily(MORNING)
    request = company.request_extension(number, MORNING, by="U_ZHOU", new_due="2025-05-20")
    assert told(company, request, "extension_due") == {"TODAY": "U_TANG", "DEPT": "U_MA", "REP": "U_GUO"}


def test_a_charter_waits_for_the_representative_then_for_the_top(company: DemoCompany) -> None:
    number = project.submitted(company, MORNING)
    assert told(company, number, "approval_due") == {"TODAY": "U_MA", "DEPT": "U_TANG", "REP": "U_GUO"}
    company.do("approve_charter_rep", number, MORNING, by=project.REP)
    assert told(company, number, "approval_due") == {"TODAY": "U_GUO", "DEPT": "U_MA U_TANG", "REP": ""}


def test_of_a_project_the_representative_decides_on_milestones_and_on_more_time(company: DemoCompany) -> None:
    number = project.executing(company, MORNING)
    wish = {"deadline_item": "measure_due", "new_due": "2025-06-10", "reason": "等待厂商补丁"}
    company.do("request_extension", f"{number}-M1", MORNING, by="U_CHEN", **wish)
    company.do("request_drop", f"{number}-M1", MORNING, by=project.MANAGER, reason="不需要了")
    of_the_representative = {"TODAY": "U_MA", "DEPT": "U_TANG", "REP": "U_GUO"}
    assert told(company, f"{number}-E1", "extension_due") == of_the_representative
    assert told(company, f"{number}-M1", "approval_due") == of_the_representative


def test_what_falls_to_somebody_higher_is_passed_up_from_there(company: DemoCompany) -> None:
    """With the representative in its team top management decides on the acceptance of a project."""
    number = project.executing(company, MORNING)
    team = {"project_manager": project.MANAGER, "members": ["U_CHEN", project.REP], "reason": "管代参与"}
    company.do("change_team", number, MORNING, by=project.OWNER, **team)
    project.applied(company, number, MORNING)
    assert told(company, number, "acceptance_due") == {"TODAY": "U_LIU U_TANG", "DEPT": "U_TANG", "REP": "U_MA"}
    project.checked(company, number, MORNING)
    assert told(company, number, "acceptance_due") == {"TODAY": "U_GUO", "DEPT": "U_MA U_TANG", "REP": ""}


def test_a_raisers_silence_is_told_to_quality_only(company: DemoCompany) -> None:
    number = company.raise_(MORNING)
    company.ask_info(number, MORNING)
    assert told(company, number, "info_due") == {"TODAY": "U_CHEN", "DEPT": "U_LIU U_TANG", "REP": ""}


@pytest.mark.parametrize(
    ("left", "asked"),
    [
        (["U_CHEN"], "U_ZHOU"),
        (["U_CHEN", "U_ZHOU"], "U_TANG"),
        (["U_CHEN", "U_ZHOU", "U_TANG"], "U_MA"),
        (["U_CHEN", "U_ZHOU", "U_TANG", "U_MA"], "U_GUO"),
    ],
)
def test_in_the_place_of_an_owner_who_left_somebody_else_is_asked(
    company: DemoCompany, left: list[str], asked: str
) -> None:
    number = company.daily(MORNING, owner="U_CHEN")
    company.deactivate(*left)
    assert told(company, number, "action_due")["TODAY"] == asked


def test_a_raiser_who_left_is_asked_no_more(company: DemoCompany) -> None:
    number = company.raise_(MORNING)
    company.ask_info(number, MORNING)
    company.deactivate("U_CHEN")
    assert told(company, number, "info_due") == {"TODAY": "", "DEPT": "U_LIU U_TANG", "REP": ""}
