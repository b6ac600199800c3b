"""When the ladder speaks: working days, from nine to before eight in the evening."""

import pytest

from tests.reminders.desk import Desk
from tests.support.company import DemoCompany, at


@pytest.mark.parametrize(
    ("moment", "sends"),
    [
        ("2025-05-09 08:59", False),
        ("2025-05-09 09:00", True),
        ("2025-05-09 15:30", True),  # started late in the day
        ("2025-05-09 19:59", True),
        ("2025-05-09 20:00", False),
        ("2025-05-10 09:00", False),  # Saturday
        ("2025-04-27 09:00", True),  # a Sunday that is worked
        ("2025-05-05 09:00", False),  # May Day
    ],
)
def test_the_hours_of_the_ladder(company: DemoCompany, desk: Desk, moment: str, sends: bool) -> None:
    company.raise_(at("2025-04-21 10:00"))
    assert bool(desk.run(moment)) is sends


def test_after_eight_it_waits_for_the_next_working_morning(company: DemoCompany, desk: Desk) -> None:
    company.daily(at("2025-05-02 10:00"), department="通信部")
    assert desk.run("2025-05-09 20:30") == {}
    assert desk.run("2025-05-12 09:00") == {"U_HE": ["0001 TODAY"]}


@pytest.mark.parametrize(
    ("now", "following"),
    [
        ("2025-05-09 08:00", "2025-05-09 09:00"),
        ("2025-05-09 09:00", "2025-05-12 09:00"),
        ("2025-04-30 12:00", "2025-05-06 09:00"),
        ("2025-05-03 09:00", "2025-05-06 09:00"),
        ("2025-04-26 12:00", "2025-04-27 09:00"),
        ("2025-12-31 12:00", "2026-01-04 09:00"),
    ],
)
def test_the_next_moment(desk: Desk, now: str, following: str) -> None:
    assert desk.reminders.next_moment(at(now)) == at(following)


def test_hours_and_lengths_are_the_companys(company: DemoCompany, desk: Desk) -> None:
    company.change_profile("[reminders]\nsend_at = 08:30:00\nsend_until = 12:00:00\nbefore_wd = 2")
    company.daily(at("2025-05-06 10:00"), department="通信部")
    assert desk.run("2025-05-09 12:00") == {}
    assert desk.run("2025-05-12 08:30") == {"U_HE": ["0001 BEFORE"]}
