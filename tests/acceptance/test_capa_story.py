"""A CAPA through the running bot: effective at once; only in the second round; sent back; adjusted; quality's own."""

import pytest

from tests.support import road
from tests.support.town import LIGHT, REPORT, Town


@pytest.fixture(autouse=True)
def _hurried(office: Town) -> None:
    """Nobody enters an analysis in seconds: Slack slows the redrawing of cards down then, and they follow."""
    office.tolerated.add("ratelimited")


def test_effective_in_the_first_round(office: Town) -> None:
    office.be_at("2026-03-02")
    number = road.capa(office)
    assert office.register.due(number, "analysis_due") == ("2026-03-16", "2026-03-16")
    road.analyse(office, number)
    first = road.measure(office, number, "2026-03-20")
    second = road.measure(office, number, "2026-03-27", responsible="U_SMITH", measure="对三个班组宣贯")

    office.take("U_ZHOU", "submit_plan", number)
    assert "请审批" in office.news("U_TANG", number)
    pictures = office.look("files")["files"]
    assert {name.partition("-R1-V1-")[0] for name in (file["name"] for file in pictures)} == {number}
    office.take("U_TANG", "approve_plan", number, opinion="同意")
    for person, measure in (("U_CHEN", first), ("U_SMITH", second)):
        assert "report_measure_done" in office.buttons(person, measure)
    assert "2026年3月20日" in office.news("U_CHEN", first)

    office.move_to("2026-03-19")
    assert first in office.read(office.dm("U_CHEN")[-1])
    office.take("U_CHEN", "report_measure_done", first, **road.DONE)
    assert office.register.stage(number) == "IMPLEMENTING"
    office.take("U_SMITH", "report_measure_done", second, **road.DONE)
    assert office.register.stage(number) == "VERIFYING"
    assert office.register.due(number, "check_date") == ("2026-04-20", "2026-04-20")

    early = office.errors("U_LIU", "verify_effective", number, **road.CHECK)
    assert "2026年4月20日" in early["early_reason"]
    office.move_to("2026-04-20")
    assert "验证日已到" in office.news("U_LIU", number)
    office.take("U_LIU", "verify_effective", number, **road.CHECK)
    road.standardise(office, number)
    office.take("U_LIU", "close", number)

    record = office.register.record(number)
    assert (record["stage"], record["round"], record["retention_until"]) == ("CLOSED", 1, "2029-04-20")
    assert office.register.forms(number).keys() == {"SB", "CP1", "SS1", "SS2", "YZ1"}
    assert record["chain_ok"]


def test_ineffective_then_effective_in_the_second_round(office: Town) -> None:
    office.be_at("2026-04-20")
    number = road.capa(office)
    measure = road.plan(office, number, "2026-04-30")
    office.take("U_CHEN", "report_measure_done", measure, **road.DONE)
    office.take("U_LIU", "verify_ineffective", number, **road.FAILED)

    record = office.register.record(number)
    assert (record["stage"], record["round"]) == ("ANALYSIS", 2)
    assert office.register.due(number, "analysis_due") == ("2026-05-07", "2026-05-07")
    assert "只有50张填写" in office.news("U_ZHOU", number)
    assert office.refusal("U_LIU", "return_measure", measure) == "这是第1轮的措施，该轮已结束，只能查看。"
    assert "verify_effective" not in office.buttons("U_LIU", number)

    again = road.plan(office, number, "2026-05-20")
    assert again.endswith("-M2")
    office.take("U_CHEN", "report_measure_done", again, **road.DONE)
    office.take("U_LIU", "verify_effective", number, **road.CHECK, early_reason="样本已经足够")
    road.standardise(office, number)
    office.take("U_LIU", "close", number)

    record = office.register.record(number)
    assert (record["stage"], record["round"]) == ("CLOSED", 2)
    assert [(line["round"], line["conclusion"]) for line in record["checks"]] == [(1, "INEFFECTIVE"), (2, "EFFECTIVE")]
    assert [line["round"] for line in record["root_causes"]] == [1, 2]
    assert {"CP1", "CP2", "YZ1", "YZ2"} <= office.register.forms(number).keys()
    office.improve("U_ZHOU", f"查看 {number}")
    assert "第1轮" in [button["text"] for button in office.answers("U_ZHOU")[-1]["buttons"]]


def test_a_daily_improvement_without_effect_goes_on_as_a_capa(office: Town) -> None:
    office.be_at("2026-04-20")
    number = office.daily()
    office.take("U_ZHOU", "report_result", number, **REPORT)
    office.take("U_LIU", "verify_daily_ineffective", number, finding="又卡了两次", conclusion="INEFFECTIVE")
    assert office.register.record(number)["class"] == "CAPA"

    measure = road.plan(office, number, "2026-05-15")
    office.take("U_CHEN", "report_measure_done", measure, **road.DONE)
    office.take("U_LIU", "verify_effective", number, **road.CHECK, early_reason="样本已经足够")
    record = office.register.record(number)
    assert (record["stage"], record["round"], record["values"]["origin"]) == ("STANDARDIZING", 2, "DAILY_UPGRADE")
    assert record["checks"][0]["measure_taken"] == REPORT["measure_taken"]
    assert record["checks"][0]["requirement"] == LIGHT["requirement"]


def test_a_plan_is_sent_back_and_submitted_again(office: Town) -> None:
    office.be_at("2026-04-20")
    number = road.capa(office)
    road.analyse(office, number)
    measure = road.measure(office, number, "2026-05-15")
    office.take("U_ZHOU", "submit_plan", number)
    assert office.refusal("U_ZHOU", "edit_measure", measure).startswith("方案正在审批")
    office.take("U_ZHOU", "recall_plan", number, reason="再补充一项")
    assert office.buttons("U_TANG", number) & {"approve_plan", "reject_plan"} == set()
    office.take("U_ZHOU", "submit_plan", number)

    office.move_to("2026-04-29")
    office.take("U_TANG", "reject_plan", number, reason="措施没有说明谁来测试")
    assert "措施没有说明谁来测试" in office.news("U_ZHOU", number)
    assert office.register.due(number, "analysis_due") == ("2026-05-07", "2026-05-07")
    office.take("U_ZHOU", "edit_measure", measure, measure="关闭工单时校验解决代码，由 Smith 测试")
    office.take("U_ZHOU", "submit_plan", number)
    office.take("U_TANG", "approve_plan", number)

    record = office.register.record(number)
    assert (record["stage"], [line["version"] for line in record["plans"]]) == ("IMPLEMENTING", [1, 2, 3])
    assert record["plans"][0]["measures"][0]["measure"] == "关闭工单时校验解决代码"
    assert len([f for f in office.look("files")["files"] if f["name"].startswith(f"{number}-R1-V3")]) == 2


def test_a_running_plan_is_adjusted_and_the_old_version_kept(office: Town) -> None:
    office.be_at("2026-04-29")
    number = road.capa(office)
    first = road.plan(office, number, "2026-05-20")
    second = road.measure(office, number, "2026-05-22", measure="每周抽查十张", responsible="U_SMITH")
    assert office.register.stage(second) == "PROPOSED"
    assert office.refusal("U_ZHOU", "approve_measure", second) == "这一步由方案审批人办理。"
    office.take("U_TANG", "approve_measure", second)

    office.take("U_ZHOU", "request_drop", first, reason="厂商版本不支持")
    office.take("U_TANG", "approve_drop", first, opinion="以抽查代替")
    assert office.buttons("U_CHEN", first) & {"report_measure_done"} == set()
    assert office.refusal("U_ZHOU", "request_drop", first).startswith("本项现为“已取消”")

    office.take("U_ZHOU", "request_drop", second, reason="不想做了")
    refused = office.press("U_TANG", "approve_drop", second)
    assert refused["said"] == "本轮至少要有一项措施，不能全部取消。"
    office.take("U_TANG", "reject_drop", second, reason="必须有人抽查")
    office.take("U_SMITH", "report_measure_done", second, **road.DONE)

    record = office.register.record(number)
    assert record["stage"] == "VERIFYING"
    assert [(line["version"], line["why"]) for line in record["plans"]] == [
        (1, "submitted"),
        (2, "approve_measure"),
        (3, "approve_drop"),
    ]


def test_a_measure_gets_more_time_like_any_other_duty(office: Town) -> None:
    office.be_at("2026-04-29")
    number = road.capa(office)
    measure = road.plan(office, number, "2026-05-20")
    office.take("U_CHEN", "request_extension", measure, new_due="2026-05-27", reason="等厂商补丁")
    office.take("U_TANG", "approve_extension", f"{number}-E1")
    assert office.register.due(measure, "measure_due") == ("2026-05-20", "2026-05-27")
    office.take("U_ZHOU", "reassign_measure", measure, new_responsible="U_SMITH")
    assert office.buttons("U_CHEN", measure) & {"report_measure_done"} == set()
    assert "report_measure_done" in office.buttons("U_SMITH", measure)


def test_a_measure_that_was_not_done_is_sent_back(office: Town) -> None:
    office.be_at("2026-04-29")
    number = road.capa(office)
    measure = road.plan(office, number, "2026-05-20")
    office.take("U_CHEN", "report_measure_done", measure, **road.DONE)
    office.take("U_LIU", "return_measure", measure, reason="截图看不清")

    assert office.register.stage(number) == "IMPLEMENTING"
    assert office.register.due(measure, "measure_due") == ("2026-05-20", "2026-05-20")
    office.move_to("2026-05-06")
    office.take("U_CHEN", "report_measure_done", measure, evidence="新截图")
    assert office.register.stage(number) == "VERIFYING"
    assert office.register.forms(number)["SS1"] == "SUPERSEDED"
    assert office.register.due(number, "check_date")[0] == "2026-05-29"


def test_what_quality_itself_is_responsible_for_is_judged_by_the_representative(office: Town) -> None:
    office.be_at("2026-05-06")
    number = road.capa(office, "U_TANG", responsible_dept="质量管理部")
    measure = road.plan(office, number, "2026-05-20", owner="U_TANG", approver="U_MA")
    office.take("U_CHEN", "report_measure_done", measure, **road.DONE)
    assert office.refusal("U_LIU", "verify_effective", number) == "这一步由验证人办理。"
    office.take("U_MA", "verify_effective", number, **road.CHECK, early_reason="样本已经足够")
    road.standardise(office, number, "U_TANG")
    office.take("U_MA", "close", number)
    assert office.register.last(number)["role"] == "verifier"
