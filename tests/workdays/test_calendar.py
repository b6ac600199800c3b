"""Which days are worked, and how sure that is."""

from collections.abc import Mapping
from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.workdays import PublishedHolidays, WorkCalendar, parse_holiday_file

DAYS = st.dates(date(2019, 1, 1), date(2026, 12, 31))
NOTICE_2027 = """{"year": 2027, "days": [
    {"name": "元旦", "date": "2027-01-01", "isOffDay": true},
    {"name": "元旦", "date": "2027-01-04", "isOffDay": true},
    {"name": "元旦", "date": "2027-01-09", "isOffDay": false},
    {"name": "元旦", "date": "2026-12-31", "isOffDay": true}]}"""


@pytest.mark.parametrize("year", range(2019, 2027))
def test_every_day_agrees_with_a_second_source(china: WorkCalendar, year: int) -> None:
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]

    assert [d for d in days if china.is_working(d)] == [d for d in days if chinese_calendar.is_workday(d)]


NOTICES = {
    2025: ["01-01", "01-28 02-04", "04-04 04-06", "05-01 05-05", "05-31 06-02", "10-01 10-08"],
    2026: [
        *["01-01 01-03", "02-15 02-23", "04-04 04-06", "05-01 05-05"],
        *["06-19 06-21", "09-25 09-27", "10-01 10-07"],
    ],
}


@pytest.mark.parametrize(("year", "notice"), NOTICES.items())
def test_whoever_works_seven_days_is_off_exactly_on_the_days_of_the_notice(
    published: PublishedHolidays, year: int, notice: list[str]
) -> None:
    daily = WorkCalendar(published, weekdays=frozenset(range(1, 8)))
    first = date(year, 1, 1)
    off = [day for day in (first + timedelta(days=n) for n in range(365)) if not daily.is_working(day)]

    runs = [(date.fromisoformat(f"{year}-{run[:5]}"), date.fromisoformat(f"{year}-{run[-5:]}")) for run in notice]
    assert off == [start + timedelta(days=n) for start, end in runs for n in range((end - start).days + 1)]


@given(start=DAYS, count=st.integers(1, 600))
def test_counting_forward_and_back_agree(china: WorkCalendar, start: date, count: int) -> None:
    due = china.add(start, count)

    assert china.between(start, due.day) == count == len(due.counted)
    assert china.between(start, due.day - timedelta(days=1)) == count - 1
    assert all(china.is_working(day) for day in due.counted)


@given(start=DAYS, later=DAYS, count=st.integers(1, 300))
def test_a_later_trigger_is_never_due_earlier(china: WorkCalendar, start: date, later: date, count: int) -> None:
    first, second = sorted((start, later))

    assert china.add(first, count).day <= china.add(second, count).day
    assert china.add(first, count).day < china.add(first, count + 1).day


@given(days=st.lists(DAYS, min_size=3, max_size=3))
def test_what_is_counted_in_two_parts_adds_up(china: WorkCalendar, days: list[date]) -> None:
    first, middle, last = sorted(days)

    assert china.between(first, last) == china.between(first, middle) + china.between(middle, last)
    assert china.between(last, first) == 0


@given(day=DAYS)
def test_neighbours_are_worked_and_nothing_lies_between(china: WorkCalendar, day: date) -> None:
    before, after = china.previous_working_day(day), china.next_working_day(day)

    assert before < day < after
    assert china.between(before, after) == 1 + china.is_working(day)


@pytest.mark.parametrize(
    ("start", "count", "provisional"),
    [
        ("2026-12-01", 5, False),
        ("2026-12-24", 5, False),  # ends on 31 December
        ("2026-12-25", 5, True),
        ("2026-12-31", 1, True),
        ("2027-03-01", 1, True),
        ("2027-03-01", 0, True),
        ("2025-12-31", 5, False),
    ],
)
def test_a_count_that_meets_an_unpublished_year_is_provisional(
    china: WorkCalendar, start: str, count: int, provisional: bool
) -> None:
    assert china.add(date.fromisoformat(start), count).provisional is provisional


def test_dates_that_are_not_counted_are_provisional_too(china: WorkCalendar) -> None:
    assert china.roll_forward(date(2027, 1, 2)).provisional
    assert china.after_days(date(2026, 12, 10), 30).provisional
    assert china.last_working_day_of_month(date(2027, 5, 1)).provisional
    assert not china.last_working_day_of_month(date(2026, 12, 1)).provisional


def test_an_unpublished_year_is_guessed_from_the_law(china: WorkCalendar) -> None:
    assert [year for year in range(2020, 2030) if not china.is_published(year)] == [2027, 2028, 2029]
    assert not china.is_working(date(2027, 10, 1))


def imported(published: PublishedHolidays, text: str, own: Mapping[date, bool]) -> WorkCalendar:
    notice = parse_holiday_file(text)
    decided = {day: not off for day, off in notice.days.items()}
    return WorkCalendar(published, decided | dict(own), frozenset({notice.year}))


def test_an_imported_notice_makes_the_year_firm(published: PublishedHolidays) -> None:
    calendar = imported(published, NOTICE_2027, own={})

    due = calendar.add(date(2026, 12, 30), 5)

    assert [f"{day:%m-%d}" for day in due.counted] == ["01-05", "01-06", "01-07", "01-08", "01-09"]
    assert not due.provisional
    assert calendar.add(date(2027, 12, 31), 1).provisional


def test_in_an_imported_year_only_the_notice_counts(published: PublishedHolidays) -> None:
    calendar = imported(published, NOTICE_2027, own={})

    # The package would guess a holiday here; this notice has none.
    assert calendar.is_working(date(2027, 10, 1))


def test_what_the_company_decides_wins(published: PublishedHolidays) -> None:
    own = {date(2025, 10, 1): True, date(2025, 9, 29): False, date(2027, 1, 9): False}
    calendar = imported(published, NOTICE_2027, own=own)

    assert [calendar.is_working(day) for day in own] == list(own.values())
    assert calendar.add(date(2025, 9, 28), 2).day == date(2025, 10, 1)


def test_a_company_may_work_on_other_weekdays(published: PublishedHolidays) -> None:
    six_days = WorkCalendar(published, weekdays=frozenset(range(1, 7)))

    assert six_days.add(date(2025, 8, 8), 1).day == date(2025, 8, 9)
    assert not six_days.is_working(date(2025, 10, 4))  # a Saturday in the National Day holidays
    assert six_days.is_working(date(2025, 9, 28))  # a Sunday that is worked


@pytest.mark.parametrize("weekdays", [frozenset[int](), frozenset({0, 1}), frozenset({8})])
def test_working_weekdays_that_make_no_sense(published: PublishedHolidays, weekdays: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="Monday"):
        WorkCalendar(published, weekdays=weekdays)


def test_the_version_tells_calendars_apart(published: PublishedHolidays) -> None:
    calendars = [
        WorkCalendar(published),
        WorkCalendar(published, {date(2025, 9, 29): False}),
        WorkCalendar(published, {date(2025, 9, 29): True}),
        WorkCalendar(published, {}, frozenset({2027})),
        WorkCalendar(published, weekdays=frozenset({1, 2, 3, 4})),
    ]
    versions = [calendar.version for calendar in calendars]

    assert len(set(versions)) == len(calendars)
    assert all(version.startswith(f"{published.version} ") and len(version) <= 64 for version in versions)
    assert versions[0] == WorkCalendar(PublishedHolidays("CN")).version


def test_elsewhere_the_law_decides_every_year() -> None:
    germany = WorkCalendar(PublishedHolidays("DE", "BY"))

    assert germany.add(date(2031, 12, 23), 2).day == date(2031, 12, 29)
    assert not germany.add(date(2031, 12, 23), 2).provisional


@pytest.mark.parametrize(("country", "subdivision"), [("XX", None), ("cn", None), ("", None), ("DE", "QQ")])
def test_an_unknown_place_is_refused(country: str, subdivision: str | None) -> None:
    with pytest.raises(UserError) as refused:
        PublishedHolidays(country, subdivision)

    assert refused.value.message.msgid == "calendar.unknown_country"
    assert refused.value.message.params == {"country": country}
