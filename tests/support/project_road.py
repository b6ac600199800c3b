"""The road of a project through the running bot: what people press and fill in, one leg after the other."""

from datetime import timedelta
from typing import Any

from tests.support.project import APPLICATION, BASICS, OBJECTIVE, RESOURCES
from tests.support.town import LARGE, Town

DONE = {"what_was_done": "接口已上线", "evidence": "上线单", "involves_change": "false"}
CHECK = {"finding": "抽查一个月数据", "evidence": "话务平台报表"}
ROOT_CAUSE = {"root_cause": "夜班没有转接规则", "root_cause_category": "METHOD", "rca_method": "OTHER"}


def project(town: Town) -> str:
    """Raised by 陈晓 and made a project of 周岚 by 刘芳."""
    number = town.raise_(title="值班电话与工单系统集成")
    town.take("U_LIU", "classify_project", number, **(LARGE | {"owner": "U_ZHOU"}))
    return number


def drafted(town: Town) -> str:
    """With basics, resources, an objective and a milestone of 陈晓."""
    number = project(town)
    town.take("U_ZHOU", "edit_charter_basics", number, **BASICS)
    town.take("U_ZHOU", "edit_charter_resources", number, **RESOURCES)
    town.take("U_ZHOU", "add_objective", number, **OBJECTIVE, reach_by=_later(town, 90))
    milestone(town, number)
    return number


def milestone(town: Town, number: str, **planned: Any) -> None:
    """Plan a milestone of 陈晓, due in thirty days."""
    form = {"measure": "完成接口开发", "responsible": "U_CHEN", "due_on": _later(town, 30), "involves_change": "false"}
    town.take("U_ZHOU", "add_measure", number, **(form | planned))


def established(town: Town) -> str:
    """Approved by 马骏 and 郭强."""
    number = drafted(town)
    town.take("U_ZHOU", "submit_charter", number)
    town.take("U_MA", "approve_charter_rep", number)
    town.take("U_GUO", "approve_charter_top", number)
    return number


def executing(town: Town) -> str:
    """Led by Smith."""
    number = established(town)
    town.take("U_ZHOU", "form_team", number)
    return number


def applied(town: Town, number: str, value: str = "9.5") -> None:
    """The milestone done, the objective measured, acceptance asked for."""
    town.take("U_CHEN", "report_measure_done", f"{number}-M1", **DONE)
    town.take("U_SMITH", "record_objective_result", number, actual_value=value)
    town.take("U_SMITH", "apply_acceptance", number, **APPLICATION)


def consolidated(town: Town, number: str) -> None:
    """A revised document, a training, the similar check, no case; submitted by the manager."""
    town.take("U_SMITH", "add_document_change", number, doc_no="WI-07", doc_title="值班手册", new_version="V2")
    town.take("U_SMITH", "record_training", number, training_topic="新流程", attendees=["U_CHEN", "U_WU"])
    town.take("U_SMITH", "record_similar_check", number, similar_scope="其他热线", similar_found="false")
    town.take("U_SMITH", "mark_closing_na", number, closing_item="CASE", na_reason="已有相同案例")
    town.take("U_SMITH", "submit_standardization", number)


def evaluated(town: Town, number: str) -> None:
    """All four dimensions but one, which does not apply."""
    day = town.now.date()
    begins, ends, today = ((day - timedelta(days=days)).isoformat() for days in (60, 1, 0))
    periods = {"before_start": begins, "before_end": ends, "after_start": today, "after_end": today}
    town.take("U_LIU", "set_evaluation_periods", number, **periods)
    town.take("U_LIU", "add_metric_comparison", number)
    town.take("U_LIU", "skip_dimension", number, dimension="FEEDBACK", na_reason="客户看不到内部工单")
    money = {"input_days": "38", "input_money": "50000", "benefit_text": "响应快一半"}
    town.take("U_LIU", "evaluate_cost_benefit", number, **money)
    conformity = {"conformity_clause": "响应时限", "conformity_before": "不符合", "conformity_after": "符合"}
    town.take("U_LIU", "evaluate_conformity", number, **conformity)


def _later(town: Town, days: int) -> str:
    return (town.now.date() + timedelta(days=days)).isoformat()
