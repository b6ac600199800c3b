"""Asking for a later date: in time, once, with a reason, decided by somebody else; the original is kept for ever."""

from tests.support.town import REPORT, Town

WISH = {"new_due": "2026-03-13", "reason": "等待厂商备件"}


def test_granted_the_original_stays_and_reminders_follow_the_new_date(office: Town) -> None:
    office.be_at("2026-03-02")
    number = office.daily()
    office.take("U_ZHOU", "request_extension", number, **WISH)
    request = f"{number}-E1"
    assert "等待厂商备件" in office.news("U_TANG", request)
    assert office.register.due(request, "extension_due")[0] == "2026-03-03"
    assert office.refusal("U_ZHOU", "request_extension", number) == "已有一项延期申请正在审批，请等待结果。"

    office.take("U_TANG", "approve_extension", request, opinion="同意")
    assert office.register.due(number, "action_due") == ("2026-03-09", "2026-03-13")
    assert "同意" in office.news("U_ZHOU", request)
    used_up = "这个期限已经延期过，不能再申请。请尽快完成，如有困难请联系质量人员。"
    assert office.refusal("U_ZHOU", "request_extension", number) == used_up

    before = len(office.dm("U_ZHOU"))
    office.move_to("2026-03-11")
    assert len(office.dm("U_ZHOU")) == before
    office.move_to("2026-03-13")
    reminder = office.read(office.dm("U_ZHOU")[-1])
    assert "今天到期" in reminder
    assert "原期限 2026年3月9日" in reminder


def test_not_granted_the_date_stands(office: Town) -> None:
    office.be_at("2026-03-16")
    number = office.daily("U_SMITH")
    office.take("U_SMITH", "request_extension", number, new_due="2026-03-25", reason="Spare part")
    office.take("U_TANG", "reject_extension", f"{number}-E1", reason="备件已到货")

    assert office.register.due(number, "action_due") == ("2026-03-23", "2026-03-23")
    assert "备件已到货" in office.news("U_SMITH", f"{number}-E1")
    assert "not granted" in office.news("U_SMITH", f"{number}-E1")


def test_withdrawn_by_whoever_asked(office: Town) -> None:
    office.be_at("2026-03-16")
    number = office.daily()
    office.take("U_ZHOU", "request_extension", number, new_due="2026-03-25", reason="等备件")
    assert "approve_extension" in office.buttons("U_TANG", f"{number}-E1")

    office.take("U_ZHOU", "withdraw_extension", f"{number}-E1")
    assert office.register.stage(f"{number}-E1") == "WITHDRAWN"
    assert office.buttons("U_TANG", f"{number}-E1") == set()


def test_a_request_lapses_when_the_result_is_there_first(office: Town) -> None:
    office.be_at("2026-03-16")
    number = office.daily()
    office.take("U_ZHOU", "request_extension", number, new_due="2026-03-25", reason="等备件")
    office.take("U_ZHOU", "report_result", number, **REPORT)

    assert office.register.stage(f"{number}-E1") == "LAPSED"
    assert office.buttons("U_TANG", f"{number}-E1") == set()
    assert "延期申请自动失效" in office.news("U_ZHOU", f"{number}-E1")


def test_a_date_on_a_weekend_rolls_forward_and_the_chosen_one_is_kept(office: Town) -> None:
    office.be_at("2026-03-16")
    number = office.daily()
    office.take("U_ZHOU", "request_extension", number, new_due="2026-03-28", reason="周末停机更换")
    office.take("U_TANG", "approve_extension", f"{number}-E1")

    assert office.register.due(number, "action_due") == ("2026-03-23", "2026-03-30")
    assert office.register.record(f"{number}-E1")["values"]["wished"] == "2026-03-28"
    assert "2026年3月30日" in office.news("U_ZHOU", f"{number}-E1")


def test_a_date_that_is_no_extension_is_sent_back_to_its_field(office: Town) -> None:
    office.be_at("2026-03-16")
    number = office.daily()
    answers = {
        day: office.errors("U_ZHOU", "request_extension", number, new_due=day, reason="等备件")["new_due"]
        for day in ("2026-03-13", "2026-03-23", "2026-04-22")
    }
    assert answers == {
        "2026-03-13": "不能早于今天（2026年3月16日 周一）。",
        "2026-03-23": "须晚于现在的期限（2026年3月23日 周一）。",
        "2026-04-22": "最多延后20个工作日，即不晚于2026年4月21日 周二。",
    }


def test_asked_in_time_and_decided_late_is_valid_and_escalation_waits(office: Town) -> None:
    office.be_at("2026-03-16")
    number = office.daily()
    office.move_to("2026-03-23", "15:00")
    office.take("U_ZHOU", "request_extension", number, new_due="2026-04-03", reason="等备件")

    office.move_to("2026-03-26")
    assert "延期申请待审批" in office.read(office.dm("U_ZHOU")[-1])
    assert "escalate" not in office.register.steps(number)
    assert "U_ZHOU" in office.news("U_TANG", f"{number}-E1")
    office.take("U_TANG", "approve_extension", f"{number}-E1")
    assert office.register.due(number, "action_due") == ("2026-03-23", "2026-04-03")


def test_after_the_due_date_it_is_too_late_to_ask(office: Town) -> None:
    office.be_at("2026-03-26")
    number = office.daily()
    office.move_to("2026-04-03")
    assert "request_extension" not in [b["action_id"] for b in office.dm("U_ZHOU")[-1]["buttons"]]
    too_late = "期限已过，不能再申请延期。请尽快完成并反馈结果。"
    assert office.refusal("U_ZHOU", "request_extension", number) == too_late
