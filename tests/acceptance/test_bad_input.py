"""Wrong, late, forged and doubled: each answered with a sentence, in the reader's language, where it belongs."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.town import IDEA, LIGHT, REPORT, Town


def test_a_text_that_is_too_long_or_missing_is_marked_at_its_field(office: Town) -> None:
    office.improve("U_CHEN", "打印机")
    too_much = {"title": "长" * 81, "description": "长" * 3001}
    assert set(office.submit("U_CHEN", **too_much)["errors"]) == {"title", "description"}
    assert set(office.submit("U_CHEN", title="打印机", description=" ")["errors"]) == {"description"}
    office.close_all("U_CHEN")


def test_a_source_needs_one_of_its_own_details(office: Town) -> None:
    office.improve("U_CHEN", "打印机")
    answer = office.submit("U_CHEN", **IDEA, source="INTERNAL_AUDIT")
    assert answer["errors"] == {"source_detail": "这个细类不属于“内部审核”，请在它的分组里选择；没有分组就不选。"}
    assert office.submit("U_CHEN", source_detail="PROCESS_AUDIT")["done"]

    office.improve("U_SMITH", "Printer jams")
    answer = office.submit("U_SMITH", **IDEA, source="CUSTOMER_FEEDBACK", source_detail="SYSTEM_AUDIT")
    assert answer["errors"]["source_detail"].startswith("This is no detail of “Customer feedback”.")
    office.close_all("U_SMITH")


def test_a_source_without_details_drops_the_one_the_form_began_with(office: Town) -> None:
    number = office.raise_(source="SERVICE_REPORT")
    values = office.register.record(number)["values"]
    assert values["source"] == "SERVICE_REPORT"
    assert "source_detail" not in values


def test_a_date_on_the_wrong_side_of_today(office: Town) -> None:
    office.improve("U_SMITH", "Printer jams")
    answer = office.submit("U_SMITH", **IDEA, occurred_on="2026-03-03")
    assert answer["errors"] == {"occurred_on": "Not later than today (Mon 2 Mar 2026)."}
    office.close_all("U_SMITH")


def test_a_number_that_does_not_exist_or_has_ended(office: Town) -> None:
    ended, number = office.raise_(), office.raise_()
    office.take("U_LIU", "decline", ended, reason="重复")
    errors = [office.errors("U_LIU", "merge", number, merge_into=n, reason="同一件事") for n in ("8888", ended)]
    assert errors == [
        {"merge_into": "没有找到编号“8888”，请核对。"},
        {"merge_into": f"{ended} 已经结束，请填写未关闭的一项。"},
    ]
    assert office.force("U_SMITH", "accept", "IMP-2026-8888")["said"].startswith("There is no item “IMP-2026-8888”")


def test_an_owner_of_another_department_or_one_who_cannot_own(office: Town) -> None:
    number = office.raise_()
    owners = {
        person: office.errors("U_LIU", "classify_daily", number, **(LIGHT | {"owner": person}))
        for person in ("U_HE", "U_BOT")
    }
    assert owners == {
        "U_HE": {"owner": "请选择信息部的在职成员。"},
        "U_BOT": {"owner": "请选择在职的同事，不能是机器人、访客或已停用的账号。"},
    }


def test_a_form_that_comes_too_late_gives_the_text_back(office: Town) -> None:
    number = office.raise_()
    office.open("U_LIU", "classify_daily", number)
    office.take("U_TANG", "decline", number, reason="已有安排")

    said = office.submit("U_LIU", **(LIGHT | {"requirement": "先换辊再登记"}))["said"]
    assert "本项现为“不采纳”，这一步已不适用。" in said
    assert "改进要求" in said
    assert "先换辊再登记" in said
    assert office.register.stage(number) == "REJECTED"
    office.close_all("U_LIU")


def test_a_form_whose_record_was_edited_meanwhile_gives_the_text_back(office: Town) -> None:
    number = office.raise_("U_SMITH")
    office.open("U_LIU", "assess", number)
    office.take("U_TANG", "assess", number, nature="NC", impact="1", resource_need="1", urgency="1")
    scores = {"nature": "SYSTEMIC", "impact": "3", "resource_need": "3", "urgency": "3"}
    assert f"{number} 已被他人修改" in office.submit("U_LIU", **scores)["said"]
    office.close_all("U_LIU")

    office.open("U_SMITH", "amend_opportunity", number)
    office.take("U_LIU", "add_comment", number, comment="请写明楼层")
    assert office.submit("U_SMITH", title="Printer on floor 3")["done"]


def test_a_person_without_the_role_is_told_whose_step_it_is(office: Town) -> None:
    number = office.raise_()
    assert office.refusal("U_CHEN", "classify_daily", number) == "这一步由质量人员办理。"
    assert office.refusal("U_SMITH", "classify_daily", number) == "This step belongs to: quality assurance."
    assert office.refusal("U_LIN", "decline", number) == "这一步由质量人员办理。"
    assert [reason for _, _, reason in office.register.refused(number)] == ["wrong_role"] * 3


def test_an_action_that_was_made_up(office: Town) -> None:
    number = office.raise_()
    assert "这个按钮已失效" in office.refusal("U_CHEN", "drop_table", number)
    assert "no longer" in office.refusal("U_SMITH", "drop_table", number)
    for step in ("extend_deadline", "escalate", "recount_due"):
        assert "done" not in office.force("U_TANG", step, number)
    assert office.register.steps(number) == ["raise_opportunity"]


def test_a_double_click_is_one_step(office: Town) -> None:
    number = office.daily()
    with ThreadPoolExecutor(2) as hands:
        answers = list(hands.map(lambda _: office.force("U_ZHOU", "accept", number), range(2)))

    assert office.register.steps(number).count("accept") == 1
    said = {answer["said"] for answer in answers if "said" in answer}
    assert said == {"本项现为“实施中”，这一步已不适用。"}


def test_what_people_type_never_becomes_a_command_of_slack(office: Town) -> None:
    title = "<!channel> *紧急* <@U_GUO> & co"
    office.improve("U_CHEN", "打印机")
    assert office.submit("U_CHEN", **(IDEA | {"title": title, "description": "<!here> 请看"}))["done"]
    number = office.register.newest()
    office.take("U_LIU", "classify_daily", number, **(LIGHT | {"requirement": "<!everyone> 更换"}))
    office.take("U_ZHOU", "report_result", number, **(REPORT | {"result": "<https://x.example|好了>"}))

    sent = [str(call["args"]) for call in office.look("log")["log"] if call["method"].startswith("chat.")]
    about = [text for text in sent if number in text]
    assert any("&lt;!channel&gt; *紧急* &lt;@U_GUO&gt; &amp; co" in text for text in about)
    for command in ("<!channel>", "<@U_GUO>", "<!here>", "<!everyone>", "<https://x.example"):
        assert not any(command in text for text in about)


def test_a_window_that_is_too_slow_asks_once_to_press_again(office: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    number = office.raise_()
    monkeypatch.setattr("bot.sandbox.web_api.views.TRIGGER_LIFE_SECONDS", 3)
    office.tolerated = {"expired_trigger_id", "trigger_expired"}
    office.act("fault", method="views.open", mode="slow", when="before", seconds=3.2, times=1)

    answer = office.press("U_LIU", "classify_daily", number)
    assert answer["said"] == "网络有点慢，窗口没能打开，请再点一次。"
    office.take("U_LIU", "classify_daily", number, **LIGHT)
