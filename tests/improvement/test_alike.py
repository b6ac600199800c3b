"""What was raised before in other words: shown, merged while it is open, linked when it was closed."""

from typing import Any

import pytest

from bot.errors import Refused
from bot.improvement import alike
from bot.improvement.advice import advise
from bot.workflow import Scene
from tests.support.company import DemoCompany, at

NOW, LATER = at("2026-03-02 10:00"), at("2026-03-16 10:00")
WORDS = {"title": "三楼打印机每天卡纸", "description": "三楼打印机每天都卡纸，值班员要等十分钟。"}
AGAIN = {"title": "三楼的打印机又夹纸了", "description": "三楼打印机这周又卡纸，每次等很久。"}


@pytest.fixture
def closed(company: DemoCompany) -> str:
    number = _raise(company, NOW, WORDS)
    company.classify_daily(number, NOW)
    company.report_result(number, NOW, by="U_ZHOU")
    company.verify_effective(number, NOW)
    return number


def test_an_open_one_is_offered_for_merging(company: DemoCompany) -> None:
    first, second = _raise(company, NOW, WORDS), _raise(company, NOW, AGAIN)
    here = company.scene(second, NOW)
    assert _sentences(here) == [("ui.alike_open", first)]
    merge = company.workflow.step_of("improvement", "merge")
    assert merge.presets(here, "U_LIU") == {"merge_into": first}
    with pytest.raises(Refused, match="nothing_alike"):
        company.do("link_recurrence", second, NOW, by="U_LIU", earlier_item=first)


def test_a_closed_one_has_happened_again_and_a_capa_is_advised(company: DemoCompany, closed: str) -> None:
    number = _raise(company, LATER, AGAIN)
    assert _sentences(company.scene(number, LATER)) == [("ui.alike_closed", closed)]
    company.do("link_recurrence", number, LATER, by="U_CHEN", earlier_item=closed)

    here = company.scene(number, LATER)
    advice = advise(here)
    assert here.record.recurrence_of == closed
    assert advice is not None
    assert (advice.class_, advice.reason) == ("CAPA", "recurrence")


def test_a_different_matter_resembles_nothing(company: DemoCompany, closed: str) -> None:
    other = {"title": "机房空调漏水", "description": "二号机房空调滴水到地板。"}
    assert _sentences(company.scene(_raise(company, LATER, other), LATER)) == []


def test_what_is_amended_is_looked_at_again(company: DemoCompany, closed: str) -> None:
    number = _raise(company, LATER, {"title": "机房空调漏水", "description": "二号机房空调滴水。"})
    company.do("amend_opportunity", number, LATER, by="U_CHEN", **AGAIN)
    assert _sentences(company.scene(number, LATER)) == [("ui.alike_closed", closed)]


def _raise(company: DemoCompany, now: Any, words: dict[str, str]) -> str:
    return company.raise_(now, words["title"], description=words["description"])


def _sentences(here: Scene) -> list[tuple[str, str]]:
    return [(message.msgid, message.params["number"]) for message in alike.in_words(here)]
