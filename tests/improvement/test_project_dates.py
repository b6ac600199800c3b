"""The dates of a project, counted by hand: example 15.4, monthly reports, suspension, and what follows a failure."""

from datetime import date

import pytest

from bot import calendar_upkeep
from bot.errors import Refused
from bot.improvement import rounds
from bot.improvement.stages import Stage
from storage.deadline import Deadline
from tests.support import capa, project
from tests.support.company import DemoCompany, at
from tests.support.project import MANAGER, OWNER, REP, TOP

ON_TIME = {"charter_due": "2025-09-03"}


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
