"""From the first word to the decision: ask and answer, amend, assess, decline and appeal, merge, withdraw."""

from tests.support.town import LIGHT, Town

REASON = {"reason": "已有同样的安排"}


def test_a_question_pauses_the_clock_and_the_answer_lets_it_run_on(office: Town) -> None:
    office.be_at("2026-03-02")
    number = office.raise_()
    assert office.register.due(number, "triage_due") == ("2026-03-05", "2026-03-05")

    office.move_to("2026-03-03", "10:00")
    office.take("U_LIU", "ask_info", number, question="哪一台打印机？")
    assert "哪一台打印机？" in office.news("U_CHEN", number)
    assert office.register.due(number, "info_due") == ("2026-03-10", "2026-03-10")

    office.move_to("2026-03-09")
    assert office.dm("U_LIU") == []
    office.take("U_CHEN", "answer_info", number, answer="三楼东侧那台")
    assert "三楼东侧那台" in office.news("U_LIU", number)
    assert office.register.due(number, "triage_due") == ("2026-03-05", "2026-03-11")
    assert office.register.stage(number) == "SUBMITTED"


def test_the_raiser_corrects_the_text_and_the_old_one_stays_in_the_history(office: Town) -> None:
    number = office.raise_(title="打印机坏了")

    form = office.open("U_CHEN", "amend_opportunity", number)
    assert form["title"]["state"]["value"] == "打印机坏了"
    assert office.submit("U_CHEN", title="三楼打印机卡纸")["done"]

    assert "三楼打印机卡纸" in office.read(office.channel("C_QUALITY")[-1])
    history = office.register.record(number)["history"]
    assert [entry["values"]["title"] for entry in history] == ["打印机坏了", "三楼打印机卡纸"]
    assert office.refusal("U_SUN", "amend_opportunity", number) == "这一步由提出人办理。"


def test_the_assessment_advises_and_fills_the_classification_in(office: Town) -> None:
    number = office.raise_()
    office.take("U_LIU", "assess", number, nature="NC", impact="2", resource_need="1", urgency="3")
    assert "建议定为“纠正与预防措施”" in office.news("U_LIU", number)
    assert office.register.record(number)["priority"] == 600

    form = office.open("U_LIU", "classify_daily", number)
    assert "建议定为“纠正与预防措施”" in form["text"]
    assert form["urgency"]["state"]["selected_option"]["text"]["text"] == "高"
    assert form["responsible_dept"]["state"]["selected_option"]["value"] == "信息部"
    office.close_all("U_LIU")
    office.take("U_LIU", "classify_daily", number, **LIGHT)
    assert office.register.stage(number) == "NOTIFIED"


def test_declined_appealed_and_upheld_there_is_no_second_appeal(office: Town) -> None:
    office.be_at("2026-03-09")
    number = office.raise_()
    office.take("U_LIU", "decline", number, **REASON)
    assert "已有同样的安排" in office.news("U_CHEN", number)
    assert "appeal" in office.buttons("U_CHEN", number)

    office.take("U_CHEN", "appeal", number, reason="那个安排只管二楼")
    assert "那个安排只管二楼" in office.news("U_MA", number)
    assert office.register.due(number, "appeal_due")[0] == "2026-03-16"
    office.take("U_MA", "uphold_decline", number, reason="三楼下月装修")

    assert office.register.stage(number) == "REJECTED"
    assert "三楼下月装修" in office.news("U_CHEN", number)
    assert "appeal" not in office.buttons("U_CHEN", number)
    assert office.refusal("U_CHEN", "appeal", number) == "这项决定已经申诉过，不能再次申诉。"


def test_an_appeal_may_bring_it_back_and_the_triage_clock_starts_anew(office: Town) -> None:
    office.be_at("2026-03-09")
    number = office.raise_()
    office.take("U_LIU", "decline", number, **REASON)
    office.take("U_CHEN", "appeal", number, reason="请再看一次")

    office.move_to("2026-03-10")
    office.take("U_MA", "overturn_decline", number, reason="影响值班")

    assert office.register.stage(number) == "SUBMITTED"
    assert office.register.due(number, "triage_due") == ("2026-03-13", "2026-03-13")
    assert "classify_daily" in office.buttons("U_LIU", number)


def test_an_appeal_after_ten_working_days_is_too_late(office: Town) -> None:
    office.be_at("2026-03-10")
    number = office.raise_()
    office.take("U_LIU", "decline", number, **REASON)

    office.move_to("2026-03-25")

    sentence = "申诉须在“不采纳”之后10个工作日内提出，现已超过。如有新情况，请重新提出。"
    assert office.refusal("U_CHEN", "appeal", number) == sentence
    assert office.register.refused(number) == [("U_CHEN", "appeal", "appeal_too_late")]


def test_merged_its_people_follow_the_other_one(office: Town) -> None:
    other, number = office.raise_("U_SMITH", "Printer jams on floor 3"), office.raise_("U_CHEN")
    office.improve("U_WU", f"查看 {number}")
    office.press("U_WU", "watch", number)

    assert "merge_into" in office.errors("U_LIU", "merge", number, merge_into=number, **REASON)
    office.take("U_LIU", "merge", number, merge_into=other[-4:], **REASON)
    assert office.register.stage(number) == "MERGED"
    assert other in office.news("U_CHEN", number)
    assert other in office.news("U_WU", number)

    office.take("U_LIU", "classify_daily", other, **LIGHT)
    assert "您关注的改进项有新进展" in office.news("U_CHEN", other)
    assert "您关注的改进项有新进展" in office.news("U_WU", other)


def test_withdrawn_quality_is_told_and_has_nothing_left_to_press(office: Town) -> None:
    number = office.raise_()
    office.take("U_CHEN", "withdraw", number, reason="已修好")

    assert office.register.stage(number) == "WITHDRAWN"
    assert "提出人撤回了本项" in office.news("U_LIU", number)
    assert not office.buttons("U_LIU", number) & {"classify_daily", "ask_info", "decline"}
    assert office.refusal("U_LIU", "decline", number) == "本项现为“已撤回”，这一步已不适用。"
