"""The ways a daily improvement can go: late, sent back, not effective, with a document still to be revised."""

from tests.support.town import REPORT, Town

REVISION = {
    "doc_no": "WI-07",
    "doc_title": "打印机保养作业指导书",
    "new_version": "V2",
    "old_version": "V1",
    "revision_summary": "增加进纸辊更换周期",
}


def test_accepted_and_the_clock_runs_on(office: Town) -> None:
    office.be_at("2026-03-02")
    number = office.daily()
    office.take("U_ZHOU", "accept", number)

    assert office.register.stage(number) == "IN_PROGRESS"
    assert office.register.due(number, "action_due") == ("2026-03-09", "2026-03-09")
    assert "accept" not in office.buttons("U_ZHOU", number)
    assert "实施中" in office.read(office.channel("C_QUALITY")[-1])


def test_reported_late_by_two_working_days_and_verified_with_one_click(office: Town) -> None:
    office.be_at("2026-03-02")
    number = office.daily()
    office.move_to("2026-03-11", "16:30")
    assert "已逾期2个工作日" in office.read(office.dm("U_ZHOU")[-1])
    office.take("U_ZHOU", "report_result", number, **REPORT)

    report = next(h for h in office.register.record(number)["history"] if h["step"] == "report_result")
    assert (report["values"]["late_wd"], report["values"]["on_time"]) == (2, False)
    assert office.register.due(number, "verify_due") == ("2026-03-16", "2026-03-16")

    office.take("U_LIU", "verify_daily_effective", number)
    record = office.register.record(number)
    assert (record["stage"], record["retention_until"]) == ("CLOSED", "2029-03-11")
    check = office.register.last(number)["values"]
    assert (check["check_method"], check["finding"], check["doc_revision"]) == ("SAMPLE", "符合改进要求", "NOT_NEEDED")
    assert office.register.forms(number) == dict.fromkeys(["SB", "TZ1", "SS1", "YZ1"], "ISSUED")
    assert "感谢您让服务变得更好" in office.news("U_CHEN", number)


def test_sent_back_as_incomplete_the_original_date_stands(office: Town) -> None:
    office.be_at("2026-03-16")
    number = office.daily()
    office.take("U_ZHOU", "report_result", number, **REPORT)
    office.move_to("2026-03-17")
    office.take("U_LIU", "return_feedback", number, reason="没有说明更换日期")

    assert "没有说明更换日期" in office.news("U_ZHOU", number)
    assert office.register.stage(number) == "IN_PROGRESS"
    assert office.register.due(number, "action_due") == ("2026-03-23", "2026-03-23")
    assert office.register.record(number)["deadlines"][1]["stopped_on"] is None
    office.move_to("2026-03-23")
    assert "今天到期" in office.read(office.dm("U_ZHOU")[-1])
    form = office.open("U_ZHOU", "report_result", number)
    assert form["measure_taken"]["state"]["value"] == REPORT["measure_taken"]
    assert office.submit("U_ZHOU", result="3月16日更换，一周未卡纸")["done"]
    assert office.register.stage(number) == "REPORTED"


def test_not_effective_it_becomes_a_capa_under_the_same_number(office: Town) -> None:
    office.be_at("2026-03-23")
    number = office.daily()
    office.take("U_ZHOU", "report_result", number, **REPORT)
    office.take(
        "U_LIU", "verify_daily_ineffective", number, finding="昨天又卡了两次", conclusion="PARTLY", check_method="SITE"
    )

    record = office.register.record(number)
    assert (record["stage"], record["class"], record["round"]) == ("ANALYSIS", "CAPA", 2)
    assert (record["values"]["origin"], record["values"]["severity"]) == ("DAILY_UPGRADE", "MINOR")
    assert office.register.due(number, "analysis_due") == ("2026-04-07", "2026-04-07")
    for person in ("U_ZHOU", "U_CHEN"):
        assert "昨天又卡了两次" in office.news(person, number)
    assert "verify_daily_effective" not in office.buttons("U_LIU", number)


def test_effective_with_a_document_to_revise_it_is_standardised_first(office: Town) -> None:
    office.be_at("2026-03-23")
    number = office.daily()
    office.take("U_ZHOU", "report_result", number, **REPORT)
    office.take("U_LIU", "verify_daily_effective", number, doc_revision="TO_DO")
    assert office.register.stage(number) == "STANDARDIZING"
    assert office.register.due(number, "standardize_due") == ("2026-04-07", "2026-04-07")
    assert office.refusal("U_ZHOU", "submit_standardization", number) == "还不能提交或关闭，请先补全：文件修订。"

    same = office.errors("U_ZHOU", "add_document_change", number, **(REVISION | {"old_version": "V2"}))
    assert same == {"new_version": "新版本不能与旧版本相同。"}
    office.take("U_ZHOU", "add_document_change", number, **REVISION)
    office.take("U_ZHOU", "submit_standardization", number)
    assert office.register.due(number, "closing_due") == ("2026-03-26", "2026-03-26")

    office.take("U_LIU", "return_standardization", number, reason="缺批准页")
    office.take("U_ZHOU", "submit_standardization", number)
    office.take("U_LIU", "close", number)
    record = office.register.record(number)
    assert (record["stage"], record["retention_until"]) == ("CLOSED", "2029-03-23")
    assert record["documents"][0]["doc_no"] == "WI-07"


def test_verified_with_details_a_finished_revision_is_filed_at_once(office: Town) -> None:
    office.be_at("2026-03-23")
    number = office.daily()
    office.take("U_ZHOU", "report_result", number, **REPORT)

    missing = office.errors("U_LIU", "verify_daily_effective", number, doc_revision="DONE", doc_no="WI-07")
    assert set(missing) == {"doc_title", "new_version", "revised_on"}
    done = {"doc_revision": "DONE", "revised_on": "2026-03-20", "finding": "抽查十次均正常", "check_method": "SITE"}
    revision = {name: value for name, value in REVISION.items() if name != "revision_summary"}
    office.take("U_LIU", "verify_daily_effective", number, **revision, **done)

    record = office.register.record(number)
    assert record["stage"] == "CLOSED"
    assert record["documents"][0]["new_version"] == "V2"
    assert office.register.last(number)["values"]["finding"] == "抽查十次均正常"


def test_a_change_needs_its_number_and_dates_their_order(office: Town) -> None:
    office.be_at("2026-03-23")
    number = office.daily()
    wrong = {"involves_change": "true", "completed_on": "2026-03-20"}
    errors = office.errors("U_ZHOU", "report_result", number, **(REPORT | wrong))
    assert errors == {
        "completed_on": "不能早于开始日期（2026年3月23日 周一）。",
        "change_no": "涉及变更，请填写变更编号。",
    }
    late = office.errors("U_ZHOU", "report_result", number, **(REPORT | {"completed_on": "2026-03-24"}))
    assert late == {"completed_on": "不能晚于今天（2026年3月23日 周一）。"}
    assert office.register.stage(number) == "NOTIFIED"
