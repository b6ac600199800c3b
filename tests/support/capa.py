"""A CAPA of the demo company on its way, leg by leg, by real steps; for tests of what comes after.

number = capa.planned(company, at("2026-03-02 10:00"), measures=2)
capa.done(company, number, at("2026-03-10 10:00"))
capa.verified(company, number, at("2026-04-09 10:00"))
"""

from datetime import date, datetime, timedelta
from typing import Any

from bot.improvement import rounds
from bot.improvement.deadlines import independent_verifier, plan_decider
from bot.workflow import Done
from tests.support.company import ZONE, DemoCompany

HEADER = {"capa_type": "CORRECTIVE", "origin": "OTHER", "decision_reason": "已发生，须找到根本原因"}
SCORES = {"impact": "2", "resource_need": "1", "urgency": "2"}
PROBLEM = {
    "phenomenon": "抽查40张工单，6张没有解决代码",
    "scope": "三个班组",
    "impact_description": "同类故障无法统计",
    "found_by": "U_CHEN",
}
WHYS = ("关闭工单时没有检查解决代码", "系统允许空着关闭", "上线时没有把解决代码设为必填")
CRITERION = {
    "criterion_kind": "RATE",
    "metric_name": "解决代码填写率",
    "baseline_num": "34",
    "baseline_den": "40",
    "target_op": "GE",
    "target_value": "98",
    "sample_min": "50",
    "check_procedure": "随机抽查已关闭工单",
    "check_delay_days": "30",
}
REPORT = {"what_was_done": "已上线必填校验", "evidence": "配置截图", "deviation": "无", "involves_change": "false"}
CHECK = {
    "check_method": "SAMPLE",
    "measured_num": "59",
    "measured_den": "60",
    "sample_size": "60",
    "finding": "抽查60张，59张填写",
    "evidence": "抽查记录表",
}
REVISION = {"doc_no": "WI-07", "doc_title": "工单处理作业指导书", "new_version": "V2"}
TRAINING = {"training_topic": "新的工单关闭要求", "attendees": ["U_CHEN", "U_SMITH"]}
COMPARISON = {
    "metric_name": "解决代码填写率",
    "value_before": "85",
    "value_after": "98.3",
    "target_op": "GE",
    "target_value": "98",
    "unit": "%",
}
CONFORMITY = {
    "conformity_clause": "GB/T 28827.1 服务报告",
    "conformity_before": "缺少分类数据",
    "conformity_after": "数据齐全",
}
RESPONSIBLE = ("U_CHEN", "U_SMITH")


def classified(
    company: DemoCompany, now: datetime, *, severity: str = "MINOR", department: str = "信息部", owner: str = "U_ZHOU"
) -> str:
    """Raised by 陈晓 and made a CAPA by 刘芳; gives the number."""
    number = company.raise_(now)
    whose = {"responsible_dept": department, "owner": owner, "severity": severity}
    company.do("classify_capa", number, now, by="U_LIU", **SCORES, **HEADER, **whose)
    return number


def analysed(company: DemoCompany, number: str, now: datetime) -> None:
    """Problem, three whys, one root cause, and the criterion."""
    owner = _owner(company, number, now)
    company.do("describe_problem", number, now, by=owner, **PROBLEM, found_on=_day(now).isoformat())
    for answer in WHYS:
        company.do("add_why", number, now, by=owner, chain_no="1", why_question="为什么？", why_answer=answer)
    cause = {"root_cause": WHYS[-1], "root_cause_category": "METHOD", "rca_method": "FIVE_WHY"}
    company.do("add_root_cause", number, now, by=owner, **cause)
    company.do("set_criterion", number, now, by=owner, **CRITERION)


def measured(company: DemoCompany, number: str, now: datetime, **values: Any) -> str:
    """Plan one measure against the newest root cause, due in ten days; gives its number."""
    scene = company.scene(number, now)
    form = {
        "measure": "关闭工单时校验解决代码",
        "responsible": RESPONSIBLE[len(rounds.measures(scene)) % len(RESPONSIBLE)],
        "due_on": (_day(now) + timedelta(days=10)).isoformat(),
        "involves_change": "false",
        "root_cause_item": str(rounds.lines(scene, rounds.ROOT_CAUSES)[-1].no),
    }
    company.do("add_measure", number, now, by=_owner(company, number, now), **(form | values))
    return rounds.measures(company.scene(number, now))[-1].number


def approved(company: DemoCompany, number: str, now: datetime) -> None:
    """Submit the plan of the round and have it approved."""
    company.do("submit_plan", number, now, by=_owner(company, number, now))
    company.do("approve_plan", number, now, by=next(iter(plan_decider.people(company.scene(number, now).case))))


def planned(
    company: DemoCompany,
    now: datetime,
    *,
    measures: int = 1,
    severity: str = "MINOR",
    department: str = "信息部",
    owner: str = "U_ZHOU",
) -> str:
    """Raised, analysed, planned and approved, so that the measures are being carried out; gives the number."""
    number = classified(company, now, severity=severity, department=department, owner=owner)
    planned_again(company, number, now, measures=measures)
    return number


def planned_again(company: DemoCompany, number: str, now: datetime, *, measures: int = 1) -> None:
    """The same from where a round begins."""
    analysed(company, number, now)
    for _ in range(measures):
        measured(company, number, now)
    approved(company, number, now)


def done(company: DemoCompany, number: str, now: datetime) -> None:
    """Every open measure is reported done today by whoever is responsible."""
    today = _day(now).isoformat()
    for measure in rounds.measures(company.scene(number, now)):
        if measure.ended_on is None:
            whose = {"executors": [measure.owner], "started_on": today, "completed_on": today}
            company.do("report_measure_done", measure.number, now, by=measure.owner or "", **REPORT, **whose)


def verified(company: DemoCompany, number: str, now: datetime, **values: Any) -> Done:
    """Found effective; with a reason if the day of the check has not come yet."""
    early = {"early_reason": "样本已经足够"} if _day(now) < company.due(number, "check_date") else {}
    form = CHECK | early | {"verified_on": _day(now).isoformat()}
    return company.do("verify_effective", number, now, by=verifier(company, number, now), **(form | values))


def failed(company: DemoCompany, number: str, now: datetime, **values: Any) -> Done:
    """Found not effective: the next round begins."""
    found = {"measured_num": "50", "finding": "只有50张填写", "conclusion": "INEFFECTIVE"}
    form = CHECK | found | {"verified_on": _day(now).isoformat()}
    return company.do("verify_ineffective", number, now, by=verifier(company, number, now), **(form | values))


def effective(company: DemoCompany, now: datetime, *, severity: str = "MINOR") -> str:
    """The whole way to the standardisation in one day; gives the number."""
    number = planned(company, now, severity=severity)
    done(company, number, now)
    verified(company, number, now)
    return number


def kept(company: DemoCompany, number: str, now: datetime) -> None:
    """Everything that keeps the effect is entered, the case declared not applicable; not yet submitted."""
    owner, today = _owner(company, number, now), _day(now).isoformat()
    company.do("add_document_change", number, now, by=owner, **REVISION, revised_on=today)
    company.do("record_training", number, now, by=owner, **TRAINING, trained_on=today)
    company.do("record_similar_check", number, now, by=owner, similar_scope="其他两类工单", similar_found="false")
    company.do("mark_closing_na", number, now, by=owner, closing_item="CASE", na_reason="已有相同案例")


def standardised(company: DemoCompany, number: str, now: datetime) -> None:
    """Entered and submitted: it waits to be closed."""
    kept(company, number, now)
    company.do("submit_standardization", number, now, by=_owner(company, number, now))


def evaluated(company: DemoCompany, number: str, now: datetime) -> None:
    """The four dimensions are filled, customers' feedback left out; there is no conclusion yet."""
    by = verifier(company, number, now)
    begins, ends, today = ((_day(now) - timedelta(days=days)).isoformat() for days in (60, 1, 0))
    after = {"after_start": today, "after_end": today}
    company.do("set_evaluation_periods", number, now, by=by, before_start=begins, before_end=ends, **after)
    company.do("add_metric_comparison", number, now, by=by, **COMPARISON)
    company.do("skip_dimension", number, now, by=by, dimension="FEEDBACK", na_reason="客户看不到工单代码")
    company.do("evaluate_cost_benefit", number, now, by=by, input_days="3", input_money="0", benefit_text="便于统计")
    company.do("evaluate_conformity", number, now, by=by, **CONFORMITY)


def verifier(company: DemoCompany, number: str, now: datetime) -> str:
    """Somebody of those who may verify it."""
    return next(iter(independent_verifier.people(company.scene(number, now).case)))


def _owner(company: DemoCompany, number: str, now: datetime) -> str:
    return company.scene(number, now).record.owner or ""


def _day(now: datetime) -> date:
    return now.astimezone(ZONE).date()
