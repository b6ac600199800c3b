"""The guided tour: short, in both languages, and about what is really there."""

import re
from zoneinfo import ZoneInfo

from bot.demo.company import workspace
from bot.demo.tour import TOUR
from bot.render import Phrasebook


def test_every_step_speaks_both_languages() -> None:
    assert 5 <= len(TOUR) <= 7
    assert {frozenset(words) for _, words in TOUR} == {frozenset({"zh", "en"})}


def test_buttons_and_channels_it_names_exist() -> None:
    chinese = Phrasebook(ZoneInfo("Asia/Shanghai")).words("zh_CN")
    steps = ("classify_daily", "accept", "report_result", "verify_daily_effective")
    labels = {chinese.say(f"step.{step}") for step in steps}
    text = "".join(words["zh"] for _, words in TOUR)
    assert labels <= set(re.findall("「(.+?)」", text))
    assert set(re.findall(r"<#(\w+)>", text)) <= {channel.id for channel in workspace().channels}
