"""The channel does not take the digest: the quality manager gets it, and the channel is tried again that week."""

from tests.digest.desk import Desk
from tests.support.company import DemoCompany

GONE = {"C_WEEKLY": "not_in_channel"}


def test_the_quality_manager_gets_it_with_the_reason(desk: Desk) -> None:
    assert desk.run("2025-05-12 09:00", refused=GONE) == ["U_TANG"]
    assert desk.posted[0].data["undelivered"] == "not_in_channel"


def test_it_is_posted_when_the_channel_is_repaired_in_the_same_week(desk: Desk) -> None:
    desk.run("2025-05-12 09:00", refused=GONE)
    assert desk.run("2025-05-12 15:00") == []
    assert desk.run("2025-05-13 09:00", refused=GONE) == []
    assert desk.run("2025-05-15 09:00") == ["C_WEEKLY"]
    assert desk.run("2025-05-16 09:00") == []
    assert [row.data["week"] for row in desk.posted] == ["2025-W20", "2025-W20"]


def test_another_channel_may_be_named(company: DemoCompany, desk: Desk) -> None:
    desk.run("2025-05-12 09:00", refused=GONE)
    company.change_profile("", weekly="C_MEETING")
    assert desk.run("2025-05-13 09:00", refused=GONE) == ["C_MEETING"]


def test_after_the_week_only_the_next_one_is_posted(desk: Desk) -> None:
    desk.run("2025-05-12 09:00", refused=GONE)
    assert desk.run("2025-05-19 09:00") == ["C_WEEKLY"]
    assert desk.posted[-1].data["week"] == "2025-W21"


def test_a_digest_that_nobody_takes_is_given_up(desk: Desk) -> None:
    assert desk.run("2025-05-12 09:00", refused=GONE | {"U_TANG": "channel_not_found"}) == []
