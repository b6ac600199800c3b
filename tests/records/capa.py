"""A small CAPA in the register: two rounds, one measure dropped and one added while the plan ran."""

from tests.calendar.register import Register

CLASSIFIED = {
    "impact": "2",
    "resource_need": "1",
    "urgency": "2",
    "responsible_dept": "信息部",
    "owner": "U_ZHOU",
    "decision_reason": "需要查明原因",
    "capa_type": "CORRECTIVE",
    "severity": "MINOR",
    "origin": "MONITORING",
}
PROBLEM = {"phenomenon": "没有签字", "scope": "三个班组", "impact_description": "无法追溯"}
CRITERION = {
    "criterion_kind": "RATE",
    "metric_name": "签字率",
    "sample_min": "3",
    "check_procedure": "抽查交接记录",
    "check_delay_days": "30",
    "baseline_num": "1",
    "baseline_den": "3",
    "target_op": "GE",
    "target_value": "95",
}
REPORT = {
    "what_was_done": "已加签字栏",
    "evidence": "共享盘",
    "executors": ["U_CHEN"],
    "started_on": "2026-03-10",
    "completed_on": "2026-03-12",
    "deviation": "无",
    "involves_change": "false",
}
CHECK = {
    "check_method": "DATA",
    "finding": "两成没有签字",
    "measured_num": "2",
    "measured_den": "3",
    "sample_size": "3",
}


def implementing(register: Register) -> str:
    """Round 1 with measures M1 and M2, the plan approved on 4 March; both due on Saturday, 14 March."""
    number = register.take("classify_capa", "U_LIU", "2026-03-02", register.raised("2026-03-02"), **CLASSIFIED)
    analyse(register, number, "2026-03-03", cause="1")
    for text in ("增加签字栏", "培训值班员"):
        measure(register, number, "2026-03-03", text, cause="1")
    register.take("submit_plan", "U_ZHOU", "2026-03-03", number)
    register.take("approve_plan", "U_TANG", "2026-03-04", number)
    return number


def analyse(register: Register, number: str, day: str, *, cause: str) -> None:
    """Problem, one cause, criterion."""
    register.take("describe_problem", "U_ZHOU", day, number, **PROBLEM, found_on=day, found_by="U_CHEN")
    register.take("add_cause", "U_ZHOU", day, number, cause_category="METHOD", cause="表格没有签字栏", is_main=True)
    root = {"root_cause_category": "METHOD", "rca_method": "OTHER"}
    register.take("add_root_cause", "U_ZHOU", day, number, root_cause=f"表格设计{cause}", **root)
    register.take("set_criterion", "U_ZHOU", day, number, **CRITERION)


def measure(register: Register, number: str, day: str, text: str, *, cause: str) -> None:
    """Plan a measure of 陈晓."""
    planned = {"responsible": "U_CHEN", "due_on": "2026-03-14", "involves_change": "false"}
    register.take("add_measure", "U_ZHOU", day, number, measure=text, root_cause_item=cause, **planned)


def second_round(register: Register, number: str) -> None:
    """M2 is dropped and M3 added while the plan runs; all is done, and the check finds no effect."""
    register.take("request_drop", "U_ZHOU", "2026-03-05", f"{number}-M2", reason="已包含在其他培训里")
    register.take("approve_drop", "U_TANG", "2026-03-05", f"{number}-M2")
    measure(register, number, "2026-03-05", "每周抽查", cause="1")
    register.take("approve_measure", "U_TANG", "2026-03-06", f"{number}-M3")
    register.take("note_progress", "U_CHEN", "2026-03-09", f"{number}-M1", note="表格已改", progress_pct="50")
    for no, day in ((1, "2026-03-12"), (3, "2026-03-18")):
        report = REPORT | {"completed_on": day}
        register.take("report_measure_done", "U_CHEN", day, f"{number}-M{no}", **report)
    failed = CHECK | {"verified_on": "2026-03-20", "conclusion": "PARTLY"}
    register.take("verify_ineffective", "U_LIU", "2026-03-20", number, **failed)
