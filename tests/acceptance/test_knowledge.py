"""What was learned is found again through the running bot, in other words than it was written in."""

from tests.support.town import REPORT, Town


def closed(office: Town, title: str) -> str:
    """A daily improvement that helped."""
    number = office.daily(title=title)
    office.take("U_ZHOU", "report_result", number, **REPORT)
    office.take("U_LIU", "verify_daily_effective", number)
    return number


def test_a_case_is_found_in_other_words(office: Town) -> None:
    number = closed(office, "扫描仪卡纸")
    still_open = office.raise_(title="扫描仪卡纸，又一台")

    said = office.improve("U_ZHOU", "案例 高拍仪 夹纸")
    assert number in said
    assert "更换进纸辊" in said
    assert still_open not in said
    assert "更换进纸辊" not in office.improve("U_SUN", "案例 扫描仪")
    assert "Cases with" in office.improve("U_SMITH", "cases 扫描仪")
    assert "例如" in office.improve("U_CHEN", "案例")
    assert "没有找到" in office.improve("U_CHEN", '案例 "*:()')


def test_the_cases_are_turned_over_in_place(office: Town) -> None:
    numbers = [closed(office, f"会议室投影仪模糊，第{n}间") for n in range(6)]

    first = office.improve("U_CHEN", "案例 投影仪")
    answers = len(office.answers("U_CHEN"))
    second = office.press("U_CHEN", "cases_page:2", "2 投影仪")["said"]
    assert sorted(number for number in numbers if number in first + second) == sorted(numbers)
    assert not any(number in first and number in second for number in numbers)
    assert len(office.answers("U_CHEN")) == answers


def test_what_was_raised_before_is_shown_while_raising_and_to_quality(office: Town) -> None:
    first = office.raise_(title="四楼投影仪无法开机", description="四楼会议室的投影仪按电源键没有反应，打不开")
    office.act("command", as_="U_SMITH", channel="C_WEEKLY", text="/improve 四楼投影仪又打不开了")
    assert first in office.form("U_SMITH")["text"]
    assert office.submit("U_SMITH", description="四楼会议室投影仪按了没有反应，无法开机")["done"]

    second = office.register.newest()
    triage = next(m for m in reversed(office.channel("C_QUALITY")) if second in m["text"])
    assert f"相似，未关闭：{first}" in office.read(triage)
    form = office.open("U_LIU", "merge", second)
    assert form["merge_into"]["state"]["value"] == first
    office.submit("U_LIU", reason="同一台投影仪")
    assert office.register.stage(second) == "MERGED"


def test_what_resembles_it_is_shown_while_the_title_is_typed(office: Town) -> None:
    first = office.raise_(title="五楼门禁刷卡失灵", description="五楼东侧门禁刷卡没有反应，要刷多次")
    office.act("command", as_="U_WU", channel="C_WEEKLY", text="/improve")
    for typed, seen in (
        ("五楼", False),
        ("五楼门禁刷卡失灵，进不去", True),
        ("茶水间没有纸杯", False),
        ("五楼门禁刷卡失灵", True),
    ):
        before = office.look("view", as_="U_WU")["view"]
        office.act("click", as_="U_WU", view_id=before["id"], action_id="title", value=typed)
        assert (first in office.form("U_WU")["text"]) == seen, typed
    assert office.form("U_WU")["title"]["state"]["value"] == "五楼门禁刷卡失灵", "what was typed stays"
    office.act("click", as_="U_WU", view_id=before["id"], action_id="title", value="五楼门禁刷卡失灵")
    updates = [call for call in office.look("log")["log"] if call["method"] == "views.update"]
    assert len(updates) == 3, "only where something else is to be said"
    assert office.submit("U_WU", description="刷了三次才开")["done"]
