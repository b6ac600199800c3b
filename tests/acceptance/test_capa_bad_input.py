"""What a CAPA does not let through: each time a sentence in place, nothing changed, and the refusal in the history."""

import pytest

from tests.support import road
from tests.support.town import SHANGHAI, Town


@pytest.fixture(autouse=True)
def _hurried(office: Town) -> None:
    """Nobody enters an analysis in seconds: Slack slows the redrawing of cards down then, and they follow."""
    office.tolerated.add("ratelimited")


def test_a_plan_with_gaps_names_all_of_them(office: Town) -> None:
    office.be_at("2026-03-02")
    number = road.capa(office)
    before = office.register.record(number)
    said = office.press("U_ZHOU", "submit_plan", number)["said"]
    assert said == "方案还不能提交，请先补全：问题描述、根本原因、有效性准则、至少一项措施。"
    _untouched(office, number, before, ("U_ZHOU", "submit_plan", "plan_incomplete"))

    road.analyse(office, number)
    said = office.press("U_ZHOU", "submit_plan", number)["said"]
    assert said == "方案还不能提交，请先补全：至少一项措施。"


def test_a_thin_analysis_and_a_measure_without_aim(office: Town) -> None:
    number = road.capa(office)
    found_on = office.now.astimezone(SHANGHAI).date().isoformat()
    office.take("U_ZHOU", "describe_problem", number, **road.PROBLEM, found_on=found_on)
    office.take("U_ZHOU", "add_why", number, chain_no="1", why_question="为什么？", why_answer="系统不校验")
    cause = {"root_cause": "系统不校验", "root_cause_category": "METHOD", "rca_method": "FIVE_WHY"}
    office.take("U_ZHOU", "add_root_cause", number, **cause)
    office.take("U_ZHOU", "set_criterion", number, **road.CRITERION)
    measure = road.measure(office, number, "2026-03-20", root_cause_item=None)
    said = office.press("U_ZHOU", "submit_plan", number)["said"]
    assert said == f"方案还不能提交，请先补全：至少2级的原因链、针对 C1 的措施、{measure} 针对的根本原因。"


def test_a_target_that_is_no_target(office: Town) -> None:
    number = road.capa(office)
    wrong = office.errors("U_ZHOU", "set_criterion", number, **(road.CRITERION | {"target_value": "85"}))
    assert wrong == {"target_value": "目标值与基准相同，看不出改进。请写明要达到什么水平。"}
    wrong = office.errors("U_ZHOU", "set_criterion", number, **(road.CRITERION | {"baseline_den": None}))
    assert wrong == {"baseline_den": "准则类型是“比率”，请填写这一项。"}
    assert office.register.record(number)["criteria"] == []
    assert office.register.refused(number)[-1] == ("U_ZHOU", "set_criterion", "invalid_form")


def test_a_measure_for_yesterday_or_for_somebody_who_left(office: Town) -> None:
    number = road.capa(office)
    form = {"measure": "校验", "responsible": "U_CHEN", "due_on": "2026-03-01", "involves_change": "false"}
    assert office.errors("U_ZHOU", "add_measure", number, **form) == {
        "due_on": "不能早于今天（2026年3月2日 周一）。",
    }
    stranger = office.errors(
        "U_ZHOU", "add_measure", number, **(form | {"due_on": "2026-03-20", "responsible": "U_BOT"})
    )
    assert set(stranger) == {"responsible"}
    assert office.register.record(number)["parts"] == []


def test_ones_own_plan_is_not_approved_by_oneself(office: Town) -> None:
    number = road.capa(office, "U_TANG", responsible_dept="质量管理部")
    road.analyse(office, number, "U_TANG")
    road.measure(office, number, "2026-03-20", "U_TANG")
    office.take("U_TANG", "submit_plan", number)
    before = office.register.record(number)
    assert office.refusal("U_TANG", "approve_plan", number) == "这一步由方案审批人办理。"
    _untouched(office, number, before, ("U_TANG", "approve_plan", "wrong_role"))


def test_a_check_comes_neither_before_the_measures_nor_before_its_day(office: Town) -> None:
    number = road.capa(office)
    measure = road.plan(office, number, "2026-03-20")
    assert office.refusal("U_LIU", "verify_effective", number) == "本项现为“实施中”，这一步已不适用。"
    office.move_to("2026-03-04")
    office.take("U_CHEN", "report_measure_done", measure, **road.DONE)

    before = office.register.record(number)
    early = office.errors("U_LIU", "verify_effective", number, **road.CHECK)
    assert early == {"early_reason": "验证日是 2026年4月3日 周五，提前验证请写明理由。"}
    reason = {"early_reason": "样本已经足够"}
    sooner = office.errors("U_LIU", "verify_effective", number, **road.CHECK, **reason, verified_on="2026-03-03")
    assert sooner == {"verified_on": "不能早于完成日期（2026年3月4日 周三）。"}
    short = road.CHECK | {"measured_num": "40", "measured_den": "40", "sample_size": "40"}
    assert set(office.errors("U_LIU", "verify_effective", number, **short, **reason)) == {"sample_size"}
    missed = road.CHECK | {"measured_num": "58"}
    assert (
        "只能办理“验证无效”" in office.errors("U_LIU", "verify_effective", number, **missed, **reason)["measured_num"]
    )
    _untouched(office, number, before, ("U_LIU", "verify_effective", "invalid_form"))


def test_nobody_who_took_part_judges_the_effect(office: Town) -> None:
    number = road.capa(office)
    road.analyse(office, number)
    measure = road.measure(office, number, "2026-03-20", responsible="U_LIU")
    office.take("U_ZHOU", "submit_plan", number)
    office.take("U_TANG", "approve_plan", number)
    office.take("U_LIU", "report_measure_done", measure, **road.DONE)
    assert office.refusal("U_LIU", "verify_effective", number) == "您参与了本轮实施，不能评判其结果。"
    assert "verify_effective" in office.buttons("U_TANG", number)


def test_no_close_without_documents_or_a_reason(office: Town) -> None:
    number = road.capa(office)
    measure = road.plan(office, number, "2026-03-20")
    office.take("U_CHEN", "report_measure_done", measure, **road.DONE)
    office.take("U_LIU", "verify_effective", number, **road.CHECK, early_reason="样本已经足够")

    before = office.register.record(number)
    said = office.press("U_ZHOU", "submit_standardization", number)["said"]
    for missing in ("文件修订", "培训", "案例", "举一反三"):
        assert missing in said
    assert office.refusal("U_LIU", "close", number) == "本项现为“标准化”，这一步已不适用。"
    _untouched(office, number, before, ("U_LIU", "close", "wrong_stage"))


def test_what_belongs_to_a_past_round_is_only_read(office: Town) -> None:
    number = road.capa(office)
    measure = road.plan(office, number, "2026-03-20")
    office.take("U_CHEN", "report_measure_done", measure, **road.DONE)
    office.take("U_LIU", "verify_ineffective", number, **road.FAILED)

    before = office.register.record(measure)
    assert office.refusal("U_ZHOU", "edit_measure", measure).startswith("本项现为“已完成”")
    assert office.refusal("U_LIU", "return_measure", measure) == "这是第1轮的措施，该轮已结束，只能查看。"
    assert office.refusal("U_ZHOU", "remove_root_cause", number) == "这里还没有可以删除的内容。"
    _untouched(office, measure, before, ("U_LIU", "return_measure", "past_round"))


def _untouched(office: Town, number: str, before: dict[str, object], refusal: tuple[str, str, str]) -> None:
    """Everything is as it was, but for the refusals in the history."""
    after = office.register.record(number)
    assert {**after, "history": 0} == {**before, "history": 0}
    assert refusal in office.register.refused(number)
