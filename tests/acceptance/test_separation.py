"""Nobody judges their own work: the button is not there, and a forged click is refused with the reason."""

from collections.abc import Iterator

import pytest

from tests.support.town import REPORT, Town

QA = 'qa = ["U_LIU", "U_TANG"]'
VERIFY = "verify_daily_effective"
OWN = "您是本项责任人，这一步须由他人办理。"
TOOK_PART = "您参与了本轮实施，不能评判其结果。"
SAME_DEPARTMENT = "您属于责任部门，须由部门以外的人办理。"


@pytest.fixture(autouse=True)
def _the_usual_roles_afterwards(running: Town) -> Iterator[None]:
    yield
    running.register.change_profile(now=running.now)


def test_an_owner_who_is_quality_too(office: Town) -> None:
    office.register.change_profile((QA, 'qa = ["U_LIU", "U_TANG", "U_ZHOU"]'), now=office.now)
    number = office.daily()
    office.take("U_ZHOU", "report_result", number, **REPORT)

    assert VERIFY not in office.buttons("U_ZHOU", number)
    assert office.refusal("U_ZHOU", VERIFY, number) == OWN
    assert office.register.refused(number) == [("U_ZHOU", VERIFY, "not_owner")]
    office.take("U_LIU", VERIFY, number)


def test_passing_it_on_does_not_make_a_judge(office: Town) -> None:
    office.register.change_profile((QA, 'qa = ["U_LIU", "U_TANG", "U_ZHOU"]'), now=office.now)
    number = office.daily()
    office.take("U_ZHOU", "reassign_owner", number, new_owner="U_CHEN")
    office.take("U_CHEN", "report_result", number, **REPORT)

    assert office.refusal("U_ZHOU", VERIFY, number) == OWN


def test_somebody_who_helped(office: Town) -> None:
    number = office.daily()
    office.take("U_ZHOU", "report_result", number, **REPORT, executors=["U_ZHOU", "U_LIU"])

    assert VERIFY not in office.buttons("U_LIU", number)
    assert office.refusal("U_LIU", VERIFY, number) == TOOK_PART
    assert office.refusal("U_LIU", "return_feedback", number) == TOOK_PART
    office.take("U_TANG", VERIFY, number)


def test_somebody_of_the_responsible_department(office: Town) -> None:
    office.register.change_profile((QA, 'qa = ["U_LIU", "U_TANG", "U_SMITH"]'), now=office.now)
    number = office.daily()
    office.take("U_ZHOU", "report_result", number, **REPORT)

    assert VERIFY not in office.buttons("U_SMITH", number)
    said = "You belong to the responsible department; someone outside it must act."
    assert office.refusal("U_SMITH", VERIFY, number) == said
    assert office.refusal("U_CHEN", VERIFY, number) == "这一步由验证人办理。"


def test_what_quality_itself_has_to_do_is_judged_by_the_representative(office: Town) -> None:
    number = office.daily("U_TANG", responsible_dept="质量管理部")
    due = office.register.due(number, "action_due")[0]
    office.take("U_TANG", "request_extension", number, new_due="2026-03-20", reason="等待外部审核")
    assert office.refusal("U_TANG", "approve_extension", f"{number}-E1") == "这一步由延期审批人办理。"
    office.take("U_MA", "approve_extension", f"{number}-E1")
    assert office.register.due(number, "action_due") == (due, "2026-03-20")

    office.take("U_TANG", "report_result", number, **REPORT)
    assert VERIFY not in office.buttons("U_LIU", number)
    assert office.refusal("U_LIU", VERIFY, number) == "这一步由验证人办理。"
    office.take("U_MA", VERIFY, number)
    assert office.register.last(number)["role"] == "verifier"


def test_when_nobody_is_left_it_falls_along_the_chain(office: Town) -> None:
    number = office.daily()
    office.take("U_ZHOU", "report_result", number, **REPORT, executors=["U_LIU", "U_TANG"])

    assert "请验证" in office.news("U_MA", number)
    assert office.refusal("U_TANG", VERIFY, number) == TOOK_PART
    office.take("U_MA", VERIFY, number)
    assert office.register.last(number)["role"] == "qa>mgmt_rep"


def test_an_owner_may_not_cancel_although_the_office_allows_it(office: Town) -> None:
    changes = ('qa_manager = ["U_TANG"]', 'qa_manager = ["U_TANG", "U_ZHOU"]')
    office.register.change_profile(changes, now=office.now)
    number = office.daily()

    assert office.refusal("U_ZHOU", "cancel", number) == OWN
    office.take("U_ZHOU", "request_extension", number, new_due="2026-03-20", reason="等备件")
    assert office.refusal("U_ZHOU", "approve_extension", f"{number}-E1") == OWN
    assert "approve_extension" in office.buttons("U_TANG", f"{number}-E1")


def test_a_decision_under_appeal_is_judged_by_somebody_else(office: Town) -> None:
    office.register.change_profile((QA, 'qa = ["U_LIU", "U_TANG", "U_MA"]'), now=office.now)
    number = office.raise_()
    office.take("U_MA", "decline", number, reason="已有安排")
    office.take("U_CHEN", "appeal", number, reason="安排不包括三楼")

    assert office.refusal("U_MA", "uphold_decline", number) == "原决定由您作出，申诉须由他人裁定。"
    office.take("U_GUO", "overturn_decline", number, reason="三楼确有需要")
    assert office.register.last(number)["role"] == "mgmt_rep>top_mgmt"
