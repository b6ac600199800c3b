"""Messages that cannot arrive, and people who leave: somebody who can act is told, and nothing moves by itself."""

from tests.support.town import LIGHT, REPORT, Town


def test_what_cannot_be_delivered_is_shown_to_quality(office: Town) -> None:
    office.tolerated = {"channel_not_found"}
    number = office.raise_()
    office.act("fault", method="chat.postMessage", mode="error", error="channel_not_found", times=1)
    office.take("U_LIU", "ask_info", number, question="哪一台？")

    alert = office.read(office.channel("C_QUALITY")[-1])
    assert "没有送达" in alert
    assert "<@U_CHEN>" in alert
    assert number in alert
    assert office.register.stage(number) == "NEED_INFO"


def test_when_an_owner_leaves_the_head_gets_one_message_with_buttons(office: Town) -> None:
    numbers = [office.daily("U_SMITH", title=title) for title in ("打印机卡纸", "门禁失灵")]
    office.act("user", id="U_SMITH", deleted=True)

    message = office.dm("U_ZHOU")[-1]
    assert "名下还有2项未关闭的改进" in office.read(message)
    assert [b["value"] for b in message["buttons"] if b["action_id"] == "reassign_owner"] == numbers

    due = office.register.due(numbers[0], "action_due")
    assert office.errors("U_ZHOU", "reassign_owner", numbers[0], new_owner="U_SMITH") != {}
    office.take("U_ZHOU", "reassign_owner", numbers[0], new_owner="U_CHEN")
    assert office.register.due(numbers[0], "action_due") == due
    assert "转派给您" in office.news("U_CHEN", numbers[0])
    office.act("user", id="U_SMITH", deleted=False)


def test_a_deactivated_colleague_cannot_be_chosen(office: Town) -> None:
    number = office.raise_()
    office.open("U_LIU", "classify_daily", number)
    chosen = LIGHT | {"owner": "U_SMITH"}
    assert office.submit("U_LIU", **(chosen | {"requirement": " "}))["errors"].keys() == {"requirement"}
    office.act("user", id="U_SMITH", deleted=True)

    answer = office.submit("U_LIU", requirement="更换")
    assert answer["errors"] == {"owner": "请选择在职的同事，不能是机器人、访客或已停用的账号。"}
    office.close_all("U_LIU")
    office.act("user", id="U_SMITH", deleted=False)


def test_reminders_of_somebody_who_left_go_to_the_head(office: Town) -> None:
    office.be_at("2026-03-02")
    number = office.daily("U_SMITH")
    office.act("user", id="U_SMITH", deleted=True)
    office.move_to("2026-03-09")

    assert number in office.read(office.dm("U_ZHOU")[-1])
    assert office.register.stage(number) == "NOTIFIED"
    assert office.register.due(number, "action_due") == ("2026-03-09", "2026-03-09")
    office.act("user", id="U_SMITH", deleted=False)


def test_the_last_of_a_role_leaves_and_its_step_falls_along_the_chain(office: Town) -> None:
    number = office.daily()
    office.take("U_ZHOU", "report_result", number, **REPORT, executors=["U_LIU"])
    office.act("user", id="U_TANG", deleted=True)

    assert "唐静" not in office.news("U_MA", number)
    assert any("质量部门经理" in office.read(m) for m in office.dm("U_LIN"))
    office.improve("U_MA", f"查看 {number}")
    office.press("U_MA", "verify_daily_effective", number)
    assert office.register.last(number)["role"] == "qa>mgmt_rep"
    office.act("user", id="U_TANG", deleted=False)
