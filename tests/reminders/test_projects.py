"""A project on the ladder: its manager is asked for the monthly report, and nobody is asked while it is suspended."""

from tests.reminders.desk import Desk
from tests.support import project
from tests.support.company import DemoCompany, at

BEGUN = at("2026-03-02 10:00")  # the report is due on Tuesday 2026-03-31, the milestone the day after


def test_the_manager_is_asked_for_the_report(company: DemoCompany, desk: Desk) -> None:
    number = project.executing(company, BEGUN)
    assert desk.run("2026-03-30 09:00") == {"U_SMITH": ["0001 BEFORE"]}
    assert desk.run("2026-03-31 09:00") == {"U_CHEN": ["1-M1 BEFORE"], "U_SMITH": ["0001 TODAY"]}
    assert desk.run("2026-04-01 09:00") == {"U_CHEN": ["1-M1 TODAY"], "U_SMITH": ["0001 OVERDUE"]}
    project.reported(company, number, at("2026-04-01 10:00"), pct="30", month="2026-03")
    assert "U_SMITH" not in desk.run("2026-04-02 09:00")


def test_a_report_that_stays_away_is_passed_up_like_everything_else(company: DemoCompany, desk: Desk) -> None:
    project.executing(company, BEGUN)
    lines = desk.run("2026-04-03 09:00")
    assert {"U_ZHOU", "U_LIU", "U_TANG"} <= {person for person, found in lines.items() if "0001 DEPT" in found}
    assert "0001 REP" in desk.run("2026-04-08 09:00")["U_MA"]


def test_for_a_manager_who_left_the_head_of_the_department_is_asked(company: DemoCompany, desk: Desk) -> None:
    project.executing(company, BEGUN)
    company.deactivate("U_SMITH")
    desk.run("2026-03-30 09:00")
    message = desk.delivered[-1]
    assert (message.target, message.data["lines"][0]["absent"]) == ("U_ZHOU", "U_SMITH")


def test_a_suspended_project_asks_for_nothing_but_to_be_resumed(company: DemoCompany, desk: Desk) -> None:
    number = project.executing(company, BEGUN)
    pause = {"reason": "等厂商合同", "resume_by": "2026-05-18"}
    company.do("suspend", number, at("2026-03-25 10:00"), by="U_MA", **pause)
    days = ("03-30", "03-31", "04-01", "04-08", "04-30", "05-06")
    assert [desk.run(f"2026-{day} 09:00") for day in days] == [{}] * len(days)
    assert desk.run("2026-05-15 09:00") == {"U_MA": ["0001 BEFORE"]}
    company.do("resume", number, at("2026-05-18 10:00"), by="U_MA")
    assert desk.run("2026-05-21 09:00") == {"U_SMITH": ["0001 BEFORE"]}


def test_both_levels_are_asked_for_their_approval_and_acceptance_for_both_of_its_parts(
    company: DemoCompany, desk: Desk
) -> None:
    number = project.submitted(company, BEGUN)
    assert desk.run("2026-03-04 09:00") == {"U_MA": ["0001 BEFORE"]}
    company.do("approve_charter_rep", number, at("2026-03-04 10:00"), by="U_MA")
    assert desk.run("2026-03-06 09:00") == {"U_GUO": ["0001 BEFORE"]}
    company.do("approve_charter_top", number, at("2026-03-06 10:00"), by="U_GUO")
    team = {"project_manager": "U_SMITH", "members": ["U_CHEN"]}
    company.do("form_team", number, at("2026-03-06 10:00"), by="U_ZHOU", **team)
    project.applied(company, number, at("2026-03-09 10:00"))
    assert desk.run("2026-03-20 09:00") == {"U_LIU": ["0001 BEFORE"], "U_TANG": ["0001 BEFORE"]}
    project.checked(company, number, at("2026-03-20 10:00"))
    assert desk.run("2026-03-23 09:00") == {"U_MA": ["0001 TODAY"]}
