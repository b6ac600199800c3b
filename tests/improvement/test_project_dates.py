"""The dates of a project, counted by hand: example 15.4, monthly reports, suspension, and what follows a failure."""

from datetime import date

import pytest

from bot import calendar_upkeep
from bot.improvement.stages import Stage
from handlers import capa as capa_lines
from storage.deadline import Deadline
from tests.support import capa, project
from tests.support.company import DemoCompany, at
from tests.support.project import MANAGER, OWNER, REP, TOP
from tests.support.words import phrasebook


def _stage(company: DemoCompany, number: str) -> str:
    return company.scene(number, at("2025-01-02 09:00")).record.stage


def _report(company: DemoCompany, number: str) -> Deadline:
    return [d for d in company.deadlines(number) if d.name == "report_due"][-1]


def test_the_approvals_of_example_15_4(company: DemoCompany) -> None:
    number = project.classified(company, at("2025-08-20 10:00"))
    assert company.due(number, "charter_due") == date(2025, 9, 3)
    project.drafted(company, number, at("2025-08-27 10:00"))
    company.do("submit_charter", number, at("2025-08-28 10:00"), by=OWNER)
    assert company.due(number, "approval_due") == date(2025, 9, 2)
    company.do("reject_charter_rep", number, at("2025-09-01 10:00"), by=REP, reason="预算未含话务接口")
    assert company.due(number, "charter_due") == date(2025, 9, 8)
    company.do("submit_charter", number, at("2025-09-04 10:00"), by=OWNER)
    assert company.due(number, "approval_due") == date(2025, 9, 9)
    company.do("approve_charter_rep", number, at("2025-09-05 10:00"), by=REP)
    assert (_stage(company, number), company.due(number, "approval_due")) == (Stage.TOP_REVIEW, date(2025, 9, 10))
    company.do("approve_charter_top", number, at("2025-09-09 10:00"), by=TOP)
    assert (_stage(company, number), company.due(number, "team_due")) == (Stage.ESTABLISHED, date(2025, 9, 16))
    team = {"project_manager": MANAGER, "members": ["U_CHEN"]}
    company.do("form_team", number, at("2025-09-12 10:00"), by=OWNER, **team)
    assert company.due(number, "report_due") == date(2025, 9, 30)
    project.reported(company, number, at("2025-09-29 10:00"), pct="30")
    assert company.due(number, "report_due") == date(2025, 10, 31)
    project.reported(company, number, at("2025-10-31 10:00"), pct="45")
    assert (_report(company, number).instance, company.due(number, "report_due")) == ("2025-11", date(2025, 11, 28))


def test_a_charter_that_was_sent_back_has_five_days_at_least(
    company: DemoCompany,
) -> None:
    number = project.submitted(company, at("2026-03-02 10:00"))
    company.do("reject_charter_rep", number, at("2026-03-03 10:00"), by=REP, reason="预算不清")
    assert company.due(number, "charter_due") == date(2026, 3, 16)
    company.do("submit_charter", number, at("2026-03-16 10:00"), by=OWNER)
    company.do("recall_charter", number, at("2026-03-17 10:00"), by=OWNER)
    assert company.due(number, "charter_due") == date(2026, 3, 16)
    company.do("submit_charter", number, at("2026-03-17 10:00"), by=OWNER)
    company.do("approve_charter_rep", number, at("2026-03-18 10:00"), by=REP)
    company.do("reject_charter_top", number, at("2026-03-20 10:00"), by=TOP, reason="目标太低")
    assert company.due(number, "charter_due") == date(2026, 3, 27)


@pytest.mark.parametrize(
    ("formed", "month", "due"),
    [
        ("2026-03-24 10:00", "2026-03", date(2026, 3, 31)),  # five working days ahead
        ("2026-03-25 10:00", "2026-04", date(2026, 4, 30)),  # four
        ("2026-02-06 10:00", "2026-02", date(2026, 2, 28)),  # a Saturday that is worked
        ("2026-05-04 10:00", "2026-05", date(2026, 5, 29)),  # never rolled into June
    ],
)
def test_the_first_report(company: DemoCompany, formed: str, month: str, due: date) -> None:
    number = project.executing(company, at(formed))
    assert (_report(company, number).instance, _report(company, number).current_due) == (month, due)


def test_a_late_report_is_followed_by_the_month_after_it_and_an_addendum_by_nothing(company: DemoCompany) -> None:
    number = project.executing(company, at("2026-03-02 10:00"))
    project.reported(company, number, at("2026-04-20 10:00"), pct="30", month="2026-03")
    project.reported(company, number, at("2026-04-21 10:00"), pct="35", month="2026-03")
    running = [(d.instance, d.current_due) for d in company.deadlines(number) if d.runs]
    assert running == [("2026-04", date(2026, 4, 30))]
    assert [d.stopped_on for d in company.deadlines(number) if d.instance == "2026-03"] == [date(2026, 4, 20)]


def test_a_day_off_set_later_moves_a_report_forward_not_back(company: DemoCompany) -> None:
    number = project.executing(company, at("2026-03-02 10:00"))
    now = at("2026-03-10 10:00")
    calendar_upkeep.set_day(company.workflow, date(2026, 3, 31), working=False, why="司庆", by="U_LIN", now=now)
    assert company.due(number, "report_due") == date(2026, 3, 30)


def test_a_suspension_keeps_the_days_that_were_left(company: DemoCompany) -> None:
    number = project.executing(company, at("2026-03-02 10:00"))
    measure = f"{number}-M1"
    assert company.due(measure, "measure_due") == date(2026, 4, 1)
    pause = {"reason": "等厂商合同", "resume_by": "2026-05-16"}
    company.do("suspend", number, at("2026-03-25 10:00"), by=REP, **pause)
    assert company.due(number, "resume_due") == date(2026, 5, 18)
    assert [d.name for d in company.deadlines(number) if d.runs] == ["resume_due"]
    assert not any(d.runs for d in company.deadlines(measure))
    company.do("resume", number, at("2026-05-18 10:00"), by=REP)
    # Four working days were left for the report, five for the milestone.
    assert company.due(number, "report_due") == date(2026, 5, 22)
    assert company.due(measure, "measure_due") == date(2026, 5, 25)
    assert _report(company, number).original_due == date(2026, 3, 31)


def test_a_milestone_is_not_late_while_its_project_is_suspended(company: DemoCompany) -> None:
    number = project.executing(company, at("2026-03-02 10:00"))
    words, later = phrasebook().words("zh_CN"), at("2026-05-06 10:00")
    assert "逾期" in "".join(capa_lines.under_way(company.scene(number, later), words, counted=True))
    company.do("suspend", number, at("2026-03-10 10:00"), by=REP, reason="等厂商合同", resume_by="2026-06-01")
    assert "逾期" not in "".join(capa_lines.under_way(company.scene(number, later), words, counted=True))


def test_what_was_late_has_one_day_after_a_suspension_and_the_months_between_are_not_asked_for(
    company: DemoCompany,
) -> None:
    number = project.executing(company, at("2026-03-02 10:00"))
    pause = {"reason": "等厂商合同", "resume_by": "2026-06-01"}
    company.do("suspend", number, at("2026-04-02 10:00"), by=REP, **pause)
    company.do("resume", number, at("2026-06-01 10:00"), by=REP)
    assert company.due(number, "report_due") == date(2026, 6, 2)
    project.reported(company, number, at("2026-06-02 10:00"), pct="10", month="2026-03")
    assert _report(company, number).instance == "2026-06"


def test_the_dates_of_an_acceptance_and_of_what_follows_a_failure(company: DemoCompany) -> None:
    number = project.executing(company, at("2026-03-02 10:00"))
    project.applied(company, number, at("2026-03-20 10:00"), value="12")
    assert [d.name for d in company.deadlines(number) if d.runs] == ["acceptance_due"]
    assert company.due(number, "acceptance_due") == date(2026, 4, 3)
    project.checked(company, number, at("2026-03-23 10:00"), conclusion="PARTLY")
    project.failed(company, number, at("2026-03-23 10:00"), redo_by="2026-05-16")
    running = {d.name: (d.instance, d.current_due) for d in company.deadlines(number) if d.runs}
    assert running == {"redo_due": ("", date(2026, 5, 18)), "report_due": ("2026-03", date(2026, 3, 31))}


def test_the_dates_from_a_passed_acceptance_to_the_close(company: DemoCompany) -> None:
    number = project.executing(company, at("2026-03-02 10:00"))
    project.accepted(company, number, at("2026-03-20 10:00"))
    assert company.due(number, "consolidation_due") == date(2026, 4, 20)
    capa.standardised(company, number, at("2026-03-20 10:00"))
    assert company.due(number, "closing_due") == date(2026, 4, 3)
    company.do("return_standardization", number, at("2026-03-23 10:00"), by="U_LIU", reason="缺版本号")
    assert (_stage(company, number), company.due(number, "consolidation_due")) == (
        Stage.CONSOLIDATING,
        date(2026, 4, 21),
    )
