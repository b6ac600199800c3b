"""Day 0, day 1, the last day, and how late somebody is."""

from datetime import date

import pytest

from bot.workdays import WorkCalendar

D = date.fromisoformat


@pytest.mark.parametrize(
    ("notice", "counted"),
    [
        ("2025-01-22", ["2025-01-23", "2025-01-24", "2025-01-26", "2025-01-27", "2025-02-05"]),
        ("2025-01-26", ["2025-01-27", "2025-02-05", "2025-02-06", "2025-02-07", "2025-02-08"]),
        ("2025-04-03", ["2025-04-07", "2025-04-08", "2025-04-09", "2025-04-10", "2025-04-11"]),
        ("2025-04-25", ["2025-04-27", "2025-04-28", "2025-04-29", "2025-04-30", "2025-05-06"]),
        ("2025-05-29", ["2025-05-30", "2025-06-03", "2025-06-04", "2025-06-05", "2025-06-06"]),
        ("2025-09-26", ["2025-09-28", "2025-09-29", "2025-09-30", "2025-10-09", "2025-10-10"]),
        ("2025-09-30", ["2025-10-09", "2025-10-10", "2025-10-11", "2025-10-13", "2025-10-14"]),
        ("2025-10-08", ["2025-10-09", "2025-10-10", "2025-10-11", "2025-10-13", "2025-10-14"]),
    ],
)
def test_five_working_days_from_the_notice(china: WorkCalendar, notice: str, counted: list[str]) -> None:
    due = china.add(D(notice), 5)

    assert [str(day) for day in due.counted] == counted
    assert (due.day, due.provisional) == (D(counted[-1]), False)


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2025-04-28", 3, "2025-05-06"),
        ("2025-04-29", 5, "2025-05-09"),
        ("2025-05-14", 3, "2025-05-19"),
        ("2025-06-16", 10, "2025-06-30"),
        ("2025-06-26", 3, "2025-07-01"),
        ("2025-08-11", 10, "2025-08-25"),
        ("2025-08-20", 10, "2025-09-03"),
        ("2025-12-31", 1, "2026-01-04"),  # a Sunday that is worked
        ("2024-12-31", 300, "2026-03-20"),  # a whole year and more
        ("2025-09-30", 0, "2025-09-30"),
        ("2025-10-01", 0, "2025-10-09"),  # nobody works on the day itself
    ],
)
def test_a_deadline_of_some_working_days(china: WorkCalendar, start: str, count: int, due: str) -> None:
    assert china.add(D(start), count).day == D(due)


def test_a_deadline_does_not_lie_before_its_trigger(china: WorkCalendar) -> None:
    with pytest.raises(ValueError, match="before its trigger"):
        china.add(D("2025-09-30"), -1)


@pytest.mark.parametrize(
    ("chosen", "effective"),
    [
        ("2025-08-08", "2025-08-08"),
        ("2025-08-09", "2025-08-11"),  # Saturday
        ("2025-09-28", "2025-09-28"),  # a Sunday that is worked
        ("2025-10-01", "2025-10-09"),
        ("2026-02-14", "2026-02-14"),  # a Saturday that is worked, before the Spring Festival
        ("2026-02-15", "2026-02-24"),
    ],
)
def test_a_chosen_day_off_rolls_forward(china: WorkCalendar, chosen: str, effective: str) -> None:
    assert china.roll_forward(D(chosen)).day == D(effective)


@pytest.mark.parametrize(
    ("start", "days", "effective"),
    [("2025-07-10", 30, "2025-08-11"), ("2025-07-11", 30, "2025-08-11"), ("2025-09-01", 30, "2025-10-09")],
)
def test_calendar_days_are_counted_and_then_rolled_forward(
    china: WorkCalendar, start: str, days: int, effective: str
) -> None:
    assert china.after_days(D(start), days).day == D(effective)


@pytest.mark.parametrize(
    ("month", "last"),
    [
        ("2025-01-01", "2025-01-27"),  # the Spring Festival takes the rest of the month
        ("2025-02-10", "2025-02-28"),
        ("2025-05-31", "2025-05-30"),
        ("2025-08-31", "2025-08-29"),
        ("2024-02-01", "2024-02-29"),
        ("2026-02-01", "2026-02-28"),  # a Saturday that is worked
    ],
)
def test_the_last_working_day_of_a_month_never_leaves_the_month(china: WorkCalendar, month: str, last: str) -> None:
    assert china.last_working_day_of_month(D(month)).day == D(last)


@pytest.mark.parametrize(
    ("due", "today", "late"),
    [
        ("2025-05-09", "2025-05-09", 0),
        ("2025-05-09", "2025-05-10", 0),  # overdue since midnight, by no working day yet
        ("2025-05-09", "2025-05-12", 1),
        ("2025-05-09", "2025-05-14", 3),
        ("2025-09-30", "2025-10-08", 0),
        ("2025-09-30", "2025-10-11", 3),
        ("2025-05-09", "2025-05-01", 0),
        ("2024-12-31", "2026-01-04", 249),
    ],
)
def test_overdue_is_counted_in_working_days(china: WorkCalendar, due: str, today: str, late: int) -> None:
    assert china.overdue_by(D(due), D(today)) == late


@pytest.mark.parametrize(
    ("due", "today", "left"),
    [
        ("2025-05-09", "2025-04-29", 5),
        ("2025-05-09", "2025-05-08", 1),
        ("2025-05-09", "2025-05-09", 0),
        ("2025-05-09", "2025-05-12", 0),
        ("2025-10-14", "2025-09-30", 5),
    ],
)
def test_what_remains_is_counted_in_working_days(china: WorkCalendar, due: str, today: str, left: int) -> None:
    assert china.remaining(D(due), D(today)) == left


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        ("2025-09-30", "2025-09-29", "2025-10-09"),
        ("2025-10-04", "2025-09-30", "2025-10-09"),
        ("2026-01-01", "2025-12-31", "2026-01-04"),
        ("2025-12-31", "2025-12-30", "2026-01-04"),
    ],
)
def test_the_neighbouring_working_days(china: WorkCalendar, day: str, before: str, after: str) -> None:
    assert (china.previous_working_day(D(day)), china.next_working_day(D(day))) == (D(before), D(after))


MOVED_DIGESTS_2025 = {
    "2025-02-03": "2025-02-05",
    "2025-05-05": "2025-05-06",
    "2025-06-02": "2025-06-03",
    "2025-10-06": "2025-10-09",
}


def test_the_weekly_day_moves_within_its_week_only(china: WorkCalendar) -> None:
    mondays = [date.fromisocalendar(2025, week, 1) for week in range(2, 53)]
    moved = {str(day): str(china.in_week(day, 1)) for day in mondays if china.in_week(day, 1) != day}

    # In the week of 27 January only the Monday is worked.
    assert moved == MOVED_DIGESTS_2025


def test_the_weekly_day_is_the_same_from_every_day_of_the_week(china: WorkCalendar) -> None:
    assert {china.in_week(date(2025, 10, day), 1) for day in range(6, 13)} == {date(2025, 10, 9)}


def test_a_week_without_a_working_day_has_no_weekly_day(china: WorkCalendar) -> None:
    # The Spring Festival of 2026 runs from Sunday 15 to Monday 23 February.
    assert china.in_week(date(2026, 2, 16), 1) is None
    assert china.in_week(date(2026, 2, 23), 1) == date(2026, 2, 24)
