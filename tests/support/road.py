"""The road of a CAPA through the running bot: what people press and fill in, one leg after the other."""

from typing import Any

from tests.support.town import GRAVE, Town

PROBLEM = {
    "phenomenon": "抽查40张工单，6张没有解决代码",
    "scope": "三个班组，5月以来",
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
    "check_procedure": "从工单系统随机抽查已关闭工单",
    "check_delay_days": "30",
}
DONE = {"what_was_done": "已上线必填校验", "evidence": "工单系统配置截图", "involves_change": "false"}
CHECK = {
    "measured_num": "59",
    "measured_den": "60",
    "sample_size": "60",
    "finding": "抽查60张，59张填写",
    "evidence": "抽查记录表",
}
FAILED = CHECK | {"measured_num": "50", "finding": "抽查60张，只有50张填写", "conclusion": "INEFFECTIVE"}
REVISION = {"doc_no": "WI-07", "doc_title": "工单处理作业指导书", "new_version": "V2"}


def capa(town: Town, owner: str = "U_ZHOU", **classified: Any) -> str:
    """Raised by 陈晓 and made a CAPA by 刘芳."""
    number = town.raise_(title="工单缺解决代码")
    town.take("U_LIU", "classify_capa", number, **(GRAVE | {"owner": owner} | classified))
    return number


def analyse(town: Town, number: str, owner: str = "U_ZHOU") -> None:
    """Problem, three whys, one root cause and the criterion."""
    found_on = town.now.date().isoformat()
    town.take(owner, "describe_problem", number, **PROBLEM, found_on=found_on)
    for answer in WHYS:
        town.take(owner, "add_why", number, chain_no="1", why_question=f"为什么会这样：{answer}", why_answer=answer)
    cause = {"root_cause": WHYS[-1], "root_cause_category": "METHOD", "rca_method": "FIVE_WHY"}
    town.take(owner, "add_root_cause", number, **cause)
    town.take(owner, "set_criterion", number, **CRITERION)


def measure(town: Town, number: str, due_on: str, owner: str = "U_ZHOU", **planned: Any) -> str:
    """Plan a measure against C1 and give its number."""
    form = {
        "measure": "关闭工单时校验解决代码",
        "responsible": "U_CHEN",
        "due_on": due_on,
        "involves_change": "false",
        "root_cause_item": "C1",
    }
    town.take(owner, "add_measure", number, **(form | planned))
    parts = [part["number"] for part in town.register.record(number)["parts"] if part["kind"] == "measure"]
    return str(parts[-1])


def plan(town: Town, number: str, due_on: str, owner: str = "U_ZHOU", approver: str = "U_TANG") -> str:
    """Analysed, with one measure of 陈晓, submitted and approved; gives the measure's number."""
    analyse(town, number, owner)
    planned = measure(town, number, due_on, owner)
    town.take(owner, "submit_plan", number)
    town.take(approver, "approve_plan", number)
    return planned


def standardise(town: Town, number: str, owner: str = "U_ZHOU") -> None:
    """One revised document, a training, the similar check, no case; submitted."""
    town.take(owner, "add_document_change", number, **REVISION)
    training = {"training_topic": "新的工单关闭要求", "attendees": ["U_CHEN", "U_SMITH"]}
    town.take(owner, "record_training", number, **training)
    similar = {"similar_scope": "其他两类工单", "similar_found": "false"}
    town.take(owner, "record_similar_check", number, **similar)
    town.take(owner, "mark_closing_na", number, closing_item="CASE", na_reason="已有相同案例")
    town.take(owner, "submit_standardization", number)
