"""The workspace's page with the running bot behind it, played in Chromium at the width of a desk and of a phone."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support import road
from tests.support.chromium import DESKTOP, PHONE, NewPage, chromium, new_page
from tests.support.player import Player
from tests.support.town import Town, town

__all__ = ["chromium", "new_page"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Town]:
    """One bot for all of them; the page does not know what database is behind it."""
    file = tmp_path_factory.mktemp("page") / "improve.db"
    shutil.copyfile(sqlite_template, file)
    with town(f"sqlite:///{file}", forked=True) as running:
        yield running


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def player(office: Town, new_page: NewPage, request: pytest.FixtureRequest) -> Player:
    return Player(new_page(request.param), office.sandbox.url)


def test_a_daily_improvement_from_the_first_word_to_the_close(office: Town, player: Player) -> None:
    player.be("U_CHEN")
    player.say("/improve 打印机每天卡纸")
    player.fill(现状与问题="三楼打印机每天卡纸三次")
    player.hears("已收到，谢谢您")
    number = office.register.newest()

    player.be("U_LIU", "C_QUALITY")
    player.hears(number)
    player.nothing_sticks_out()
    player.press("定为日常改进", number)
    choices = {"影响范围": "低", "资源需求": "低", "紧急程度": "中", "改进类型": "工作环境改善", "责任人": "周岚"}
    player.fill(**choices, 改进要求="更换进纸辊并登记", 分类理由="轻微，部门内可解决")
    player.hears("已通知")

    player.be("U_ZHOU")
    player.hears(number)
    player.press("反馈结果", number)
    player.nothing_sticks_out()
    player.fill(采取的措施="更换进纸辊", 结果="连续三天未卡纸", 是否涉及变更="否")
    player.hears("已反馈")

    player.be("U_LIU")
    player.press("验证有效", number, sure=True)
    player.hears("已关闭")
    player.be("U_CHEN")
    player.hears("感谢您让服务变得更好")
    assert office.register.stage(number) == "CLOSED"


def test_a_plan_is_approved_after_a_look_at_its_picture(office: Town, player: Player) -> None:
    number = road.capa(office)
    road.analyse(office, number)
    road.measure(office, number, due_on="2026-04-30")
    office.take("U_ZHOU", "submit_plan", number)
    assert office.register.stage(number) == "PLAN_REVIEW"
    player.be("U_TANG")
    player.hears(number)
    player.nothing_sticks_out()
    player.sees_a_picture_in_the_thread()
    player.press("批准方案", number)
    player.hears("实施中")
    assert office.register.stage(number) == "IMPLEMENTING"


def test_home_says_what_waits_and_lets_go_of_it(office: Town, player: Player) -> None:
    number = office.daily(title="机房门禁刷卡失灵")
    player.be("U_ZHOU", "home")
    player.hears(number)
    player.nothing_sticks_out()
    player.press("接单", number)
    player.hears("实施中")
    assert office.register.stage(number) == "IN_PROGRESS"


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(player: Player) -> None:
    player.be("U_CHEN")
    player.say("/improve")
    player.fill(标题="门")
    player.is_told("请填写")
    player.fill(现状与问题="五楼门禁刷卡没有反应")
    player.hears("已收到，谢谢您")


def test_what_resembles_it_appears_while_it_is_typed_and_no_letter_is_lost(office: Town, player: Player) -> None:
    first = office.raise_(title="五楼门禁刷卡失灵", description="五楼东侧门禁刷卡没有反应")
    player.be("U_WU")
    player.say("/improve")
    player.types_slowly("标题", "五楼门禁刷卡失灵，进不去")
    player.is_told(first)
    player.has_typed("标题", "五楼门禁刷卡失灵，进不去")
    player.fill(现状与问题="刷了三次才开")
    player.hears("已收到，谢谢您")


def test_the_clock_runs_on_and_the_reminder_comes_without_a_reload(office: Town, player: Player) -> None:
    number = office.daily(owner="U_HE", title="备件台账不准", responsible_dept="通信部")
    player.be("U_HE")
    player.hears(number)
    player.wait_until(f"{office.now.date() + timedelta(days=7)}T09:30")
    player.hears(f"⏳ {number}")
