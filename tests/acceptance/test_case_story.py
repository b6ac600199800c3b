"""What was learned from a grave CAPA becomes a case for everybody, while quality evaluates it before the close."""

from tests.support import capa, road
from tests.support.town import Town

PERIODS = {
    "before_start": "2026-03-01",
    "before_end": "2026-03-31",
    "after_start": "2026-04-20",
    "after_end": "2026-04-20",
}


def test_a_grave_one_is_told_to_everybody_and_evaluated(office: Town) -> None:
    office.tolerated.add("ratelimited")
    office.be_at("2026-04-20")
    number = road.capa(office, severity="MAJOR")
    measure = road.plan(office, number, "2026-04-30")
    office.take("U_CHEN", "report_measure_done", measure, **road.DONE)
    office.take("U_LIU", "verify_effective", number, **road.CHECK, early_reason="样本已经足够")
    assert "文件修订、" in office.refusal("U_ZHOU", "submit_standardization", number)

    office.take("U_ZHOU", "draft_case", number, case_tags="工单 必填")
    case = str(office.register.record(number)["values"]["case"])
    assert road.WHYS[-1] not in office.improve("U_SUN", f"查看 {case}")
    office.take("U_ZHOU", "submit_case", case)
    assert road.WHYS[-1] in office.news("U_LIU", case)
    office.take("U_LIU", "publish_case", case, best_practice=True)
    shown = office.improve("U_SUN", f"查看 {case.lower()}")
    assert road.WHYS[-1] in shown
    assert road.PROBLEM["phenomenon"] in shown

    office.take("U_ZHOU", "add_document_change", number, **road.REVISION)
    office.take("U_ZHOU", "record_training", number, **capa.TRAINING)
    office.take("U_ZHOU", "record_similar_check", number, similar_scope="变更单", similar_found="false")
    office.take("U_ZHOU", "submit_standardization", number)
    assert "先完成效果评估" in office.news("U_LIU", number)
    assert "close" not in office.buttons("U_LIU", number)

    office.take("U_LIU", "set_evaluation_periods", number, **PERIODS)
    office.take("U_LIU", "add_metric_comparison", number, **capa.COMPARISON)
    office.take("U_LIU", "evaluate_cost_benefit", number, input_days="3", input_money="0", benefit_text="便于统计")
    office.take("U_LIU", "evaluate_conformity", number, **capa.CONFORMITY)
    office.take("U_LIU", "skip_dimension", number, dimension="FEEDBACK", na_reason="客户看不到工单代码")
    office.take("U_LIU", "conclude_effective", number, overall_conclusion="达到目标")
    office.take("U_LIU", "close", number)
    assert {"CP1", "YZ1", "PG1"} <= office.register.forms(number).keys()
    assert office.register.record(number)["chain_ok"]
    assert office.register.record(case)["chain_ok"]
