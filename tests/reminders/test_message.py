"""The daily message and the note about a departure, as they are sent."""

import pytest

from bot.delivery import Outgoing
from bot.reminders.orphans import on_deactivated
from tests.reminders.desk import Desk
from tests.reminders.drawing import buttons, render, sections
from tests.support.company import DemoCompany, at

CLASSIFIED = at("2025-04-29 14:05")  # due on Friday 2025-05-09


def remind(company: DemoCompany, desk: Desk, person: str, text: str) -> Outgoing:
    """What a person gets at this time."""
    desk.reminders.run(at(text))
    found = render(company, f"remind:{person}:{text[:10]}", at(text))
    assert found is not None
    return found


def test_a_line_says_what_is_due_and_carries_the_buttons_for_it(company: DemoCompany, desk: Desk) -> None:
    number = company.daily(CLASSIFIED, department="通信部")
    found = remind(company, desk, "U_HE", "2025-05-08 09:00")
    assert sections(found)[0] == "*今天请您关注1件事*"
    for part in (number, "工单缺解决代码", "改进期限", "2025年5月9日 周五", "还剩1个工作日", "待办：反馈结果"):
        assert part in sections(found)[1]
    assert buttons(found) == [
        ("report_result", number),
        ("request_extension", number),
        ("reassign_owner", number),
    ]


def test_an_overdue_item_can_no_longer_be_extended(company: DemoCompany, desk: Desk) -> None:
    number = company.daily(CLASSIFIED, department="通信部")
    found = remind(company, desk, "U_HE", "2025-05-13 09:00")
    assert "已逾期2个工作日" in sections(found)[1]
    assert buttons(found) == [("report_result", number), ("reassign_owner", number)]


def test_an_escalation_says_whom_it_waits_for(company: DemoCompany, desk: Desk) -> None:
    number = company.daily(CLASSIFIED, owner="U_CHEN")
    found = remind(company, desk, "U_ZHOU", "2025-05-14 09:00")
    assert "一级升级" in sections(found)[1]
    assert "等待 <@U_CHEN> 办理" in sections(found)[1]
    assert buttons(found) == [("reassign_owner", number)]


def test_an_extended_date_stands_beside_the_original(company: DemoCompany, desk: Desk) -> None:
    number = company.daily(CLASSIFIED, department="通信部")
    request = company.request_extension(number, at("2025-05-06 10:00"), by="U_HE", new_due="2025-05-14")
    company.approve_extension(request, at("2025-05-06 11:00"))
    found = remind(company, desk, "U_HE", "2025-05-14 09:00")
    assert "2025年5月14日 周三" in sections(found)[1]
    assert "原期限 2025年5月9日 周五" in sections(found)[1]


def test_an_extension_that_is_being_decided_on_is_shown(company: DemoCompany, desk: Desk) -> None:
    number = company.daily(CLASSIFIED, department="通信部")
    request = company.request_extension(number, at("2025-05-08 10:00"), by="U_HE", new_due="2025-05-14")
    assert "延期申请待审批" in sections(remind(company, desk, "U_HE", "2025-05-09 09:00"))[1]
    approver = render(company, "remind:U_TANG:2025-05-09", at("2025-05-09 09:00"))
    assert approver is not None
    assert buttons(approver) == [("approve_extension", request), ("reject_extension", request)]


def test_quality_may_decide_without_the_raisers_answer(company: DemoCompany, desk: Desk) -> None:
    number = company.raise_(at("2025-05-06 10:00"))
    company.ask_info(number, at("2025-05-06 11:00"))
    assert "可以不等答复" in sections(remind(company, desk, "U_LIU", "2025-05-14 09:00"))[1]


def test_in_the_readers_language(company: DemoCompany, desk: Desk) -> None:
    company.daily(CLASSIFIED, owner="U_SMITH")
    found = remind(company, desk, "U_SMITH", "2025-05-08 09:00")
    assert sections(found)[0] == "*1 item needs your attention today*"
    assert "1 working day left" in sections(found)[1]


def test_what_was_done_meanwhile_is_left_out(company: DemoCompany, desk: Desk) -> None:
    done, left = (company.daily(CLASSIFIED, owner="U_CHEN") for _ in range(2))
    desk.reminders.run(at("2025-05-09 09:00"))
    company.report_result(done, at("2025-05-09 09:00"), by="U_CHEN")
    found = render(company, "remind:U_CHEN:2025-05-09", at("2025-05-09 09:01"))
    assert found is not None
    assert {number for _, number in buttons(found)} == {left}
    company.report_result(left, at("2025-05-09 09:01"), by="U_CHEN")
    assert render(company, "remind:U_CHEN:2025-05-09", at("2025-05-09 09:02")) is None


@pytest.mark.parametrize("late", ["2025-05-09 20:00", "2025-05-12 09:00"])
def test_a_message_that_missed_its_hours_is_not_sent(company: DemoCompany, desk: Desk, late: str) -> None:
    company.daily(CLASSIFIED, owner="U_CHEN")
    desk.reminders.run(at("2025-05-09 19:59"))
    assert render(company, "remind:U_CHEN:2025-05-09", at(late)) is None


def test_what_people_typed_is_shown_and_never_obeyed(company: DemoCompany, desk: Desk) -> None:
    company.daily(CLASSIFIED, "<!channel> 5 > 3 & <https://x.example|这里>", owner="U_CHEN")
    found = remind(company, desk, "U_CHEN", "2025-05-08 09:00")
    assert "&lt;!channel&gt; 5 &gt; 3 &amp; &lt;https://x.example|这里&gt;" in sections(found)[1]


def test_two_hundred_items_fit_into_one_message(company: DemoCompany, desk: Desk) -> None:
    for _ in range(200):
        company.raise_(at("2025-05-06 10:00"), "&" * 80)
    ordinary = remind(company, desk, "U_LIU", "2025-05-12 09:00")
    company.change_profile("[reminders]\nmax_lines = 100")
    longest = remind(company, desk, "U_LIU", "2025-05-13 09:00")
    assert "另有190项" in sections(ordinary)[-1]
    assert "另有177项" in sections(longest)[-1]
    assert buttons(longest)[-1][0] == "open_mine"


def test_a_departure_is_told_with_a_button_for_each_item(company: DemoCompany, desk: Desk) -> None:
    numbers = [company.daily(CLASSIFIED, owner="U_CHEN") for _ in range(3)]
    company.reassign(numbers[0], at("2025-05-06 10:00"), by="U_ZHOU", to="U_SMITH")
    company.deactivate("U_CHEN")
    with company.database.transaction() as session:
        on_deactivated(session, company.now(session), "U_CHEN", at("2025-05-07 10:00"))
    found = render(company, "orphans:U_CHEN:2025-05-07", at("2025-05-07 10:00"))
    assert found is not None
    assert "<@U_CHEN> 的账号已停用，名下还有2项" in sections(found)[0]
    assert buttons(found) == [("reassign_owner", number) for number in numbers[1:]]
