"""How the lines of one message are sorted."""

from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any

import pytest

from bot.reminders.ladder import Rung
from bot.reminders.line import Line
from tests.reminders.desk import Desk
from tests.support.company import DemoCompany, at


def line(number: str, rung: Rung, **facts: Any) -> Line:
    """A line with these facts and ordinary others."""
    ordinary: dict[str, Any] = {
        "item": number,
        "deadline": "action_due",
        "instance": "",
        "due": date(2025, 5, 9),
        "original_due": date(2025, 5, 9),
        "overdue_wd": 0,
        "remaining_wd": 0,
        "extension_pending": False,
        "department": "信息部",
        "major": False,
        "priority": 100,
        "created_at": datetime(2025, 4, 28, tzinfo=UTC),
    }
    return Line(**ordinary | facts, number=number, rung=rung)


@pytest.mark.parametrize(
    "sorted_lines",
    [
        [
            line("1", Rung.REP, overdue_wd=5),
            line("2", Rung.OVERDUE, overdue_wd=9),
            line("3", Rung.TODAY),
            line("4", Rung.BEFORE),
        ],
        [line("1", Rung.OVERDUE, overdue_wd=3), line("2", Rung.OVERDUE, overdue_wd=2, major=True)],
        [
            line("1", Rung.TODAY, major=True, priority=10),
            line("2", Rung.TODAY, priority=300),
            line("3", Rung.TODAY, created_at=datetime(2025, 4, 1, tzinfo=UTC)),
            line("4", Rung.TODAY),
        ],
        [line("1", Rung.DEPT, major=True), line("2", Rung.REP), line("3", Rung.OVERDUE, major=True)],
    ],
)
def test_escalations_then_overdue_then_today_then_ahead(sorted_lines: list[Line]) -> None:
    for shuffled in permutations(sorted_lines):
        assert sorted(shuffled, key=lambda one: one.urgency) == sorted_lines


def test_everything_of_a_day_is_in_one_message(company: DemoCompany, desk: Desk) -> None:
    for day in ("2025-05-07 10:00", "2025-05-06 10:00", "2025-04-28 10:00"):
        company.daily(at(day), owner="U_CHEN")
    assert desk.run("2025-05-13 09:00") == {
        "U_CHEN": ["0003 OVERDUE", "0002 TODAY", "0001 BEFORE"],
        "U_LIU": ["0003 DEPT"],
        "U_TANG": ["0003 DEPT"],
        "U_ZHOU": ["0003 DEPT"],
    }


def test_a_role_with_several_holders_is_reminded_until_one_of_them_acts(company: DemoCompany, desk: Desk) -> None:
    number = company.raise_(at("2025-05-06 10:00"))
    assert desk.run("2025-05-08 09:00") == {"U_LIU": ["0001 BEFORE"], "U_TANG": ["0001 BEFORE"]}
    company.classify_daily(number, at("2025-05-08 10:00"))
    assert desk.run("2025-05-09 09:00") == {}
