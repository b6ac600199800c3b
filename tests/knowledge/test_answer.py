"""`/improve cases` as it is answered: ranked, with what this reader may see of each, a page at a time."""

from typing import Any, cast

import pytest
from slack_bolt import Args
from slack_sdk import WebClient

from bot.clock import SystemClock
from bot.context import Context
from bot.errors import UserError
from bot.sandbox import check_payload
from handlers import knowledge
from handlers.hearing import Hearing
from tests.support import capa
from tests.support.company import DemoCompany, at
from tests.support.screen import text_of
from tests.support.words import phrasebook

NOW, LATER = at("2026-03-02 10:00"), at("2026-04-20 10:00")
DRAFT = {
    "case_title": "解决代码必填",
    "case_problem": "工单没有解决代码",
    "case_cause": "上线时没有设为必填",
    "case_practice": "关闭时校验",
    "case_result": "填写率98%",
}


def hears(company: DemoCompany, person: str, language: str = "zh_CN") -> Hearing:
    """A request by somebody. Nothing of what Slack sends besides is looked at."""
    book = phrasebook()
    client = WebClient(token="xoxb-none")
    context = Context(company.database, company.companies, company.workflow, book, SystemClock(), client)
    with company.database.reading() as session:
        now = company.now(session)
    return Hearing(context, cast(Args, None), person, LATER, now, book.words(language))


def shown(company: DemoCompany, person: str, words: str, page: int = 1, language: str = "zh_CN") -> str:
    """What a person reads; what Slack would refuse fails."""
    text, blocks = knowledge.answer(hears(company, person, language), words, page=page)
    assert check_payload("message", {"text": text, "blocks": blocks}) == []
    return text_of(blocks)


def closed(company: DemoCompany, title: str = "打印机每天卡纸", **values: Any) -> str:
    """A daily improvement of the 信息部 that was closed."""
    number = company.daily(NOW, title)
    company.report_result(number, NOW, by="U_ZHOU", **({"measure_taken": "更换搓纸轮"} | values))
    company.verify_effective(number, NOW)
    return number


def test_a_case_is_shown_with_number_measure_and_result(company: DemoCompany) -> None:
    number = closed(company, result="一周没有卡纸 <@U_CHEN> & *好*")

    said = shown(company, "U_LIU", "打印设备 夹纸")
    assert all(part in said for part in (number, "打印机每天卡纸", "信息部", "更换搓纸轮", "一周没有卡纸"))
    assert "&lt;@U_CHEN&gt;" in said


def test_who_may_not_read_it_sees_only_what_everybody_sees(company: DemoCompany) -> None:
    number = closed(company)

    said = shown(company, "U_SUN", "打印机")
    assert number in said
    assert "信息部" in said
    assert "搓纸轮" not in said


def test_a_published_case_is_for_everybody(company: DemoCompany) -> None:
    number = capa.effective(company, NOW)
    company.do("draft_case", number, NOW, by="U_ZHOU", **DRAFT)
    case = company.scene(number, NOW).record.values["case"]
    company.do("submit_case", case, NOW, by="U_ZHOU")
    assert case not in shown(company, "U_SUN", "必填")

    company.do("publish_case", case, NOW, by="U_LIU")
    said = shown(company, "U_SUN", "必填")
    assert all(part in said for part in (case, "解决代码必填", "上线时没有设为必填", "关闭时校验", "填写率98%"))

    company.do("revise_case", case, NOW, by="U_ZHOU", reason="补充")
    assert "填写率98%" in shown(company, "U_SUN", "必填")

    company.do("retire_case", case, NOW, by="U_LIU", reason="已过时")
    assert case not in shown(company, "U_SUN", "必填")


def test_the_pages_are_turned_over(company: DemoCompany) -> None:
    numbers = [closed(company) for _ in range(6)]

    first, second = (shown(company, "U_LIU", "打印机", page) for page in (1, 2))
    assert [(number in first) + (number in second) for number in numbers] == [1] * 6
    blocks = knowledge.answer(hears(company, "U_LIU"), "打印机")[1]
    assert [button["value"] for button in blocks[-1]["elements"]] == ["2 打印机"]
    blocks = knowledge.answer(hears(company, "U_LIU"), "打印机", page=2)[1]
    assert [button["value"] for button in blocks[-1]["elements"]] == ["1 打印机"]


@pytest.mark.parametrize(
    ("words", "said"),
    [("投影仪", "没有找到含“投影仪”的案例"), ("打印机 投影仪", "没有案例同时含"), ("打印机", "含“打印机”的案例")],
)
def test_the_headline_says_what_was_found(company: DemoCompany, words: str, said: str) -> None:
    closed(company)
    assert said in shown(company, "U_LIU", words)


def test_it_is_for_employees_and_wants_words(company: DemoCompany) -> None:
    with pytest.raises(UserError, match=r"ui\.cases_what"):
        shown(company, "U_LIU", "  ")
    with pytest.raises(UserError, match="not_staff"):
        shown(company, "U_STRANGER", "打印机")


def test_everything_as_long_as_it_may_be(company: DemoCompany) -> None:
    for _ in range(6):
        closed(company, "长" * 80, measure_taken="措" * 1500, result="果" * 1500)
    assert "长" * 80 in shown(company, "U_LIU", "长" * 4000, language="en")
    assert "\n" not in knowledge.answer(hears(company, "U_LIU"), "a\nb")[0]
