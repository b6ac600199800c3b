"""The rungs as a table. The deadline is Friday 2025-05-09; May Day of that year is over."""

from datetime import date

import pytest

from bot.profile import RemindersSection
from bot.reminders.ladder import Rung, reached
from bot.workdays import PublishedHolidays, WorkCalendar

FRIDAY = date(2025, 5, 9)
LENGTHS = RemindersSection()
CLIMBED = {
    "nothing": (),
    "before": (Rung.BEFORE,),
    "today": (Rung.TODAY, Rung.BEFORE),
    "overdue": (Rung.OVERDUE, Rung.TODAY, Rung.BEFORE),
    "dept": (Rung.DEPT, Rung.OVERDUE, Rung.TODAY, Rung.BEFORE),
    "rep": (Rung.REP, Rung.DEPT, Rung.OVERDUE, Rung.TODAY, Rung.BEFORE),
}


@pytest.fixture(scope="module")
def china() -> WorkCalendar:
    """Nothing entered by the company."""
    return WorkCalendar(PublishedHolidays("CN"))


@pytest.mark.parametrize(
    ("today", "highest"),
    [
        ("2025-05-07", "nothing"),
        ("2025-05-08", "before"),
        ("2025-05-09", "today"),
        ("2025-05-12", "overdue"),
        ("2025-05-13", "overdue"),
        ("2025-05-14", "dept"),
        ("2025-05-15", "dept"),
        ("2025-05-16", "rep"),
        ("2025-06-30", "rep"),
    ],
)
def test_the_highest_rung_of_each_day(china: WorkCalendar, today: str, highest: str) -> None:
    assert reached(FRIDAY, date.fromisoformat(today), china, LENGTHS) == CLIMBED[highest]


@pytest.mark.parametrize(
    ("due", "today", "highest"),
    [
        ("2025-05-06", "2025-04-30", "before"),  # five days off lie between
        ("2025-02-08", "2025-02-07", "before"),  # a Saturday that is worked
        ("2025-02-08", "2025-02-08", "today"),
        ("2025-02-08", "2025-02-10", "overdue"),
        ("2025-09-30", "2025-10-09", "overdue"),  # the first day after the National Day week
    ],
)
def test_only_working_days_count(china: WorkCalendar, due: str, today: str, highest: str) -> None:
    days = date.fromisoformat(due), date.fromisoformat(today)
    assert reached(*days, china, LENGTHS) == CLIMBED[highest]


def test_some_deadlines_escalate_on_the_first_overdue_day(china: WorkCalendar) -> None:
    assert reached(FRIDAY, date(2025, 5, 12), china, LENGTHS, at_once=True) == CLIMBED["dept"]


def test_nothing_is_escalated_while_an_extension_is_decided_on(china: WorkCalendar) -> None:
    found = reached(FRIDAY, date(2025, 5, 20), china, LENGTHS, extension_pending=True)
    assert found == CLIMBED["overdue"]


@pytest.mark.parametrize(
    ("lengths", "today", "highest"),
    [
        ({"before_wd": 3}, "2025-05-06", "before"),
        ({"before_wd": 0}, "2025-05-08", "nothing"),
        ({"escalate_dept_wd": 1}, "2025-05-12", "dept"),
        ({"escalate_dept_wd": 0}, "2025-05-09", "today"),
        ({"escalate_rep_wd": 4}, "2025-05-15", "rep"),
    ],
)
def test_the_lengths_are_the_companys(china: WorkCalendar, lengths: dict[str, int], today: str, highest: str) -> None:
    own = RemindersSection.model_validate(lengths)
    assert reached(FRIDAY, date.fromisoformat(today), china, own) == CLIMBED[highest]
