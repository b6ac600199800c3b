"""Who carries it: reassign, dispute, reroute, another class, urge, cancel."""

from tests.support.town import GRAVE, LARGE, LIGHT, Town

REASON = {"reason": "设备归通信部管理"}


def test_reassigned_within_the_department_and_the_due_date_does_not_move(office: Town) -> None:
    office.be_at("2026-03-02")
    number = office.daily()
    assert "您部门" not in office.news("U_ZHOU", number)

    errors = office.errors("U_ZHOU", "reassign_owner", number, new_owner="U_WU")
    assert errors == {"new_owner": "请选择信息部的在职成员。"}
    office.move_to("2026-03-03")
    office.take("U_ZHOU", "reassign_owner", number, new_owner="U_SMITH", reason="他在三楼")

    assert office.register.due(number, "action_due") == ("2026-03-09", "2026-03-09")
    assert "has passed this to you" in office.news("U_SMITH", number)
    assert "report_result" in office.buttons("U_SMITH", number)
    assert office.register.record(number)["owner"] == "U_SMITH"
    assert not office.buttons("U_ZHOU", number) & {"accept", "report_result"}


def test_a_department_disputes_once_and_quality_routes_it_elsewhere(office: Town) -> None:
    office.be_at("2026-03-03")
    number = office.daily("U_SMITH")
    due = office.register.due(number, "action_due")
    assert "对转办有异议" in office.news("U_ZHOU", number)

    office.take("U_ZHOU", "dispute_routing", number, **REASON)
    assert office.register.due(number, "action_due") == due
    assert "设备归通信部管理" in office.news("U_LIU", number)
    assert "Your department has disputed" in office.refusal("U_SMITH", "dispute_routing", number)

    office.move_to("2026-03-05")
    same = office.errors("U_LIU", "reroute", number, responsible_dept="信息部", **REASON)
    assert same == {"responsible_dept": "已经是现在的责任部门，请选择另一个部门。"}
    office.take("U_LIU", "reroute", number, responsible_dept="通信部", **REASON)
    assert office.register.due(number, "action_due") == ("2026-03-12", "2026-03-12")
    forms = office.register.forms(number)
    assert (forms["TZ1"], forms["TZ2"]) == ("VOID", "ISSUED")
    assert {"accept", "report_result"} <= office.buttons("U_HE", number)
    assert "已改派到通信部" in office.news("U_ZHOU", number)
    assert "routed to 通信部" in office.news("U_SMITH", number)


def test_a_capa_begins_with_its_analysis(office: Town) -> None:
    office.be_at("2026-03-09")
    number = office.raise_()
    office.take("U_LIU", "classify_capa", number, **GRAVE)

    record = office.register.record(number)
    assert (record["stage"], record["class"], record["round"]) == ("ANALYSIS", "CAPA", 1)
    assert office.register.due(number, "analysis_due") == ("2026-03-23", "2026-03-23")
    assert "原因分析和措施计划" in office.news("U_ZHOU", number)
    assert office.register.forms(number) == {"SB": "ISSUED", "CP1": "ISSUED"}


def test_a_project_begins_with_its_charter_and_the_representative_knows(office: Town) -> None:
    office.be_at("2026-03-09")
    number = office.raise_()
    office.take("U_LIU", "classify_project", number, **LARGE, major_problem=True)

    assert office.register.stage(number) == "CHARTER_DRAFT"
    assert office.register.due(number, "charter_due") == ("2026-03-23", "2026-03-23")
    assert "重大问题" in office.news("U_GUO", number)
    assert "重大问题" in office.news("U_MA", number)


def test_the_class_is_changed_there_and_back_under_one_number(office: Town) -> None:
    office.be_at("2026-03-16")
    number = office.daily()
    office.take("U_LIU", "reclassify_to_capa", number, **GRAVE, **REASON)
    assert (office.register.stage(number), office.register.forms(number)["TZ1"]) == ("ANALYSIS", "VOID")
    assert office.register.due(number, "analysis_due") == ("2026-03-30", "2026-03-30")
    assert not office.buttons("U_ZHOU", number) & {"accept", "report_result"}

    office.take("U_LIU", "reclassify_to_project", number, **LARGE, **REASON)
    assert office.register.stage(number) == "CHARTER_DRAFT"
    assert office.register.forms(number)["CP1"] == "SUPERSEDED"

    office.take("U_LIU", "reclassify_to_daily", number, **LIGHT, **REASON)
    record = office.register.record(number)
    assert (record["stage"], record["class"], record["round"]) == ("NOTIFIED", "DAILY", 1)
    assert office.register.forms(number)["TZ2"] == "ISSUED"
    running = [d["name"] for d in record["deadlines"] if d["stopped_on"] is None]
    assert running == ["action_due"]


def test_urged_once_a_day(office: Town) -> None:
    office.be_at("2026-03-16")
    number = office.daily("U_CHEN")
    office.take("U_LIU", "urge", number, note="值班员在等")
    assert "<@U_LIU> 督促尽快办理：值班员在等" in office.news("U_CHEN", number)
    assert "值班员在等" in office.news("U_ZHOU", number)
    assert office.refusal("U_TANG", "urge", number) == "今天已经督促过，请明天再试。"

    office.move_to("2026-03-17")
    office.improve("U_MA", f"查看 {number}")
    office.press("U_MA", "urge", number, note="今天能好吗？")
    assert office.register.steps(number).count("urge") == 2


def test_cancelled_by_the_quality_manager_and_nobody_else(office: Town) -> None:
    office.be_at("2026-03-17")
    number = office.daily()
    assert office.refusal("U_LIU", "cancel", number) == "这一步由取消审批人办理。"
    assert office.refusal("U_ZHOU", "cancel", number) == "这一步由取消审批人办理。"

    office.improve("U_TANG", f"查看 {number}")
    office.press("U_TANG", "cancel", number, reason="打印机报废")
    record = office.register.record(number)
    assert (record["stage"], record["ended_on"]) == ("CANCELLED", "2026-03-17")
    assert all(deadline["stopped_on"] for deadline in record["deadlines"])
    assert "打印机报废" in office.news("U_ZHOU", number)
    assert "打印机报废" in office.news("U_CHEN", number)
