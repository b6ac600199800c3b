"""A project of the demo company on its way, leg by leg, by real steps; for tests of what comes after.

number = project.executing(company, at("2026-03-02 10:00"))
project.reported(company, number, at("2026-03-31 10:00"), pct="30")
project.accepted(company, number, at("2026-06-01 10:00"))
"""

from datetime import date, datetime, timedelta
from typing import Any

from bot.improvement import rounds
from tests.support import capa
from tests.support.company import ZONE, DemoCompany

OWNER, MANAGER, MEMBERS, REP, TOP = "U_ZHOU", "U_SMITH", ("U_CHEN", "U_WU"), "U_MA", "U_GUO"
BASICS = {
    "project_name": "值班电话与工单系统集成",
    "background": "值班电话与工单分开登记，响应时间靠人工统计",
    "scope_in": "值班电话、工单系统",
    "scope_out": "监控告警",
    "sponsor": "U_GUO",
    "risks": "厂商接口延期",
}
RESOURCES = {
    "proposed_manager": MANAGER,
    "proposed_members": [*MEMBERS],
    "people_needed": "开发一人、运维两人",
    "people_days": "40",
    "budget": "50000",
}
OBJECTIVE = {
    "objective": "首次响应时间缩短",
    "metric_name": "首次响应时间",
    "baseline_value": "18",
    "target_op": "LE",
    "target_value": "10",
    "unit": "分钟",
}
REPORT = {"done_text": "接口联调完成", "next_text": "试运行"}
APPLICATION = {"deliverables": "集成接口、操作手册", "result_summary": "首次响应时间降到9.5分钟"}
CHECK = {"check_method": "DATA", "finding": "抽查一个月数据，9.5分钟", "evidence": "话务平台报表"}
ROOT_CAUSE = {"root_cause": "夜班没有转接规则", "root_cause_category": "METHOD", "rca_method": "OTHER"}


def classified(company: DemoCompany, now: datetime, *, owner: str = OWNER) -> str:
    """Raised by 陈晓 and made a project by 刘芳; gives the number."""
    number = company.raise_(now, "值班电话与工单系统集成")
    whose = {"responsible_dept": "信息部", "owner": owner, "decision_reason": "跨部门，需公司资源"}
    company.do("classify_project", number, now, by="U_LIU", impact="3", resource_need="3", urgency="2", **whose)
    return number


def drafted(company: DemoCompany, number: str, now: datetime, **resources: Any) -> None:
    """Basics, resources, one objective and one milestone of 陈晓."""
    owner = _owner(company, number, now)
    company.do("edit_charter_basics", number, now, by=owner, **BASICS)
    company.do("edit_charter_resources", number, now, by=owner, **(RESOURCES | resources))
    company.do("add_objective", number, now, by=owner, **OBJECTIVE, reach_by=_later(now, 90))
    milestone(company, number, now)


def milestone(company: DemoCompany, number: str, now: datetime, **values: Any) -> str:
    """Plan a milestone due in thirty days; gives its number."""
    form = {
        "measure": "完成接口开发",
        "responsible": "U_CHEN",
        "due_on": _later(now, 30),
        "involves_change": "false",
    }
    company.do("add_measure", number, now, by=_owner(company, number, now), **(form | values))
    return rounds.measures(company.scene(number, now))[-1].number


def submitted(company: DemoCompany, now: datetime, *, owner: str = OWNER) -> str:
    """Drafted and submitted; gives the number."""
    number = classified(company, now, owner=owner)
    drafted(company, number, now)
    company.do("submit_charter", number, now, by=owner)
    return number


def established(company: DemoCompany, now: datetime, *, owner: str = OWNER) -> str:
    """Approved by the representative, then by top management; gives the number."""
    number = submitted(company, now, owner=owner)
    company.do("approve_charter_rep", number, now, by=REP)
    company.do("approve_charter_top", number, now, by=TOP)
    return number


def executing(company: DemoCompany, now: datetime, *, owner: str = OWNER) -> str:
    """With its team at work; gives the number."""
    number = established(company, now, owner=owner)
    company.do("form_team", number, now, by=owner, project_manager=MANAGER, members=[*MEMBERS])
    return number


def reported(company: DemoCompany, number: str, now: datetime, *, pct: str, month: str = "") -> None:
    """The manager reports, on the month of `now` if no other is named."""
    form = REPORT | {"progress_pct": pct, "report_month": month or f"{_day(now):%Y-%m}"}
    company.do("report_progress", number, now, by=MANAGER, **form)


def measured(company: DemoCompany, number: str, now: datetime, *, value: str = "9.5") -> None:
    """A result for every objective."""
    for line in company.scene(number, now).lines(rounds.OBJECTIVES):
        form = {"objective_item": str(line.no), "actual_value": value, "measured_on": _day(now).isoformat()}
        company.do("record_objective_result", number, now, by=MANAGER, **form)


def applied(company: DemoCompany, number: str, now: datetime, *, value: str = "9.5") -> None:
    """Every milestone done, every objective measured, acceptance asked for."""
    capa.done(company, number, now)
    measured(company, number, now, value=value)
    company.do("apply_acceptance", number, now, by=MANAGER, **APPLICATION)


def checked(company: DemoCompany, number: str, now: datetime, *, conclusion: str = "EFFECTIVE") -> None:
    """What quality found."""
    form = CHECK | {"verified_on": _day(now).isoformat(), "conclusion": conclusion}
    company.do("record_acceptance_check", number, now, by="U_LIU", **form)


def accepted(company: DemoCompany, number: str, now: datetime) -> None:
    """Applied for, found effective and passed."""
    applied(company, number, now)
    checked(company, number, now)
    company.do("pass_acceptance", number, now, by=REP, opinion="同意")


def failed(company: DemoCompany, number: str, now: datetime, *, redo_by: str) -> None:
    """Not accepted: the next round begins."""
    form = {"reason": "夜班未达标", "rectification_list": "夜班转接", "redo_by": redo_by}
    company.do("fail_acceptance", number, now, by=REP, **form)


def _later(now: datetime, days: int) -> str:
    return (_day(now) + timedelta(days=days)).isoformat()


def _owner(company: DemoCompany, number: str, now: datetime) -> str:
    return company.scene(number, now).record.owner or ""


def _day(now: datetime) -> date:
    return now.astimezone(ZONE).date()
