"""Once a week: on Monday, else the next working day of the week, and never in a later week."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest

from tests.digest.desk import Desk
from tests.support.company import ZONE, DemoCompany, at


def test_the_weeks_of_two_years(desk: Desk) -> None:
    moments = [at("2024-12-30 12:00")]
    while moments[-1] < at("2026-12-21 00:00"):
        moments.append(desk.digests.next_moment(moments[-1]))
    posted = [moment.astimezone(ZONE) for moment in moments[1:]]
    assert {moment.strftime("%H:%M") for moment in posted} == {"09:00"}
    assert [f"{moment:%Y-%m-%d %a}" for moment in posted if moment.isoweekday() != 1] == [
        "2025-02-05 Wed",
        "2025-05-06 Tue",
        "2025-06-03 Tue",
        "2025-10-09 Thu",
        "2026-02-24 Tue",
        "2026-04-07 Tue",
        "2026-05-06 Wed",
        "2026-10-08 Thu",
    ]
    weeks = {date(2025, 1, 6) + timedelta(weeks=n) for n in range(102)}
    posted_in = {moment.date() - timedelta(days=moment.weekday()) for moment in posted}
    assert weeks - posted_in == {date(2026, 2, 16)}  # Spring Festival: nobody works in that week


@pytest.mark.parametrize(
    ("moment", "posts"),
    [
        ("2025-05-12 08:59", False),
        ("2025-05-12 09:00", True),
        ("2025-05-12 19:59", True),
        ("2025-05-12 20:00", False),
        ("2025-05-13 08:59", False),
        ("2025-05-13 09:00", True),  # missed on Monday
        ("2025-05-16 15:00", True),  # missed until Friday
        ("2025-05-17 10:00", False),  # Saturday
        ("2025-05-05 09:00", False),  # May Day: the week's digest comes on Tuesday
        ("2025-05-06 09:00", True),
    ],
)
def test_the_first_permitted_time_of_the_week(desk: Desk, moment: str, posts: bool) -> None:
    assert desk.run(moment) == (["C_WEEKLY"] if posts else [])


def test_once_a_week_also_after_a_restart(desk: Desk) -> None:
    moments = ("2025-05-12 09:00", "2025-05-12 09:01", "2025-05-13 09:00", "2025-05-19 09:00")
    assert [desk.run(moment) for moment in moments] == [["C_WEEKLY"], [], [], ["C_WEEKLY"]]
    assert [row.key for row in desk.posted] == ["digest:C_WEEKLY:2025-W20", "digest:C_WEEKLY:2025-W21"]


def test_two_processes_at_once_post_one(company: DemoCompany, desk: Desk) -> None:
    both = Barrier(2)

    def tick() -> bool:
        digests = desk.digests
        both.wait()
        return digests.run(at("2025-05-12 09:00"))

    with ThreadPoolExecutor(2) as threads:
        ticks = [threads.submit(tick) for _ in range(2)]
    assert sorted(tick.result() for tick in ticks) == [False, True]
    assert desk.run("2025-05-12 09:01") == ["C_WEEKLY"]


def test_day_and_hour_are_the_companys(company: DemoCompany, desk: Desk) -> None:
    company.change_profile("[digest]\nweekday = 3\nat = 14:30:00")
    moments = ("2025-05-12 09:00", "2025-05-14 14:29", "2025-05-14 14:30")
    assert [desk.run(moment) for moment in moments] == [[], [], ["C_WEEKLY"]]
    assert desk.digests.next_moment(at("2025-05-14 14:30")) == at("2025-05-21 14:30")


@pytest.mark.parametrize(
    ("posted", "window"),
    [
        (["2025-05-12 09:00"], ("2025-05-05 08:59", "2025-05-12 08:59")),  # the first: seven days
        (["2025-05-12 09:00", "2025-05-19 09:00"], ("2025-05-12 08:59", "2025-05-19 08:59")),
        (["2025-05-12 11:40", "2025-05-19 09:00"], ("2025-05-12 11:39", "2025-05-19 08:59")),
        (["2025-05-12 09:00", "2025-06-09 09:00"], ("2025-05-12 08:59", "2025-06-09 08:59")),  # weeks missed
        (["2026-02-09 09:00", "2026-02-24 09:00"], ("2026-02-09 08:59", "2026-02-24 08:59")),  # Spring Festival
    ],
)
def test_the_window_begins_where_the_last_one_ended(desk: Desk, posted: list[str], window: tuple[str, str]) -> None:
    data = [desk.digest(moment) for moment in posted][-1]
    assert (data["since"], data["until"]) == tuple(at(moment).isoformat() for moment in window)
