"""The grammar of /improve, in both languages."""

import pytest

from handlers.command import Parsed, Verb, parse, prefill
from handlers.lists import page_number
from handlers.spoken import typed


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("", Parsed(Verb.RAISE)),
        ("  打印机坏了 ", Parsed(Verb.RAISE, "打印机坏了")),
        ("The night shift is not told", Parsed(Verb.RAISE, "The night shift is not told")),
        ("我的", Parsed(Verb.MINE)),
        ("MINE", Parsed(Verb.MINE)),
        ("我的 打印机坏了", Parsed(Verb.RAISE, "我的 打印机坏了")),
        ("列表", Parsed(Verb.LIST)),
        ("list 2", Parsed(Verb.LIST, "2")),
        ("查看 12", Parsed(Verb.SHOW, "12")),
        ("show IMP-2026-0012", Parsed(Verb.SHOW, "IMP-2026-0012")),
        ("cases", Parsed(Verb.CASES)),
        ("案例 打印机", Parsed(Verb.CASES, "打印机")),
        ("Cases  printer jam", Parsed(Verb.CASES, "printer jam")),
        ("案例\u3000打印机\n卡纸", Parsed(Verb.CASES, "打印机\n卡纸")),
        ("案例库没人更新", Parsed(Verb.RAISE, "案例库没人更新")),
        ("casework is slow", Parsed(Verb.RAISE, "casework is slow")),
        ("帮助", Parsed(Verb.HELP)),
        ("？", Parsed(Verb.HELP)),
        ("lst", Parsed(Verb.UNKNOWN, "lst", "list")),
        ("查看 CAS-2026-0001", Parsed(Verb.SHOW, "CAS-2026-0001")),
        ("shwo 12", Parsed(Verb.UNKNOWN, "shwo 12", "show")),
        ("我地", Parsed(Verb.UNKNOWN, "我地", "我的")),
        ("列表格式不统一", Parsed(Verb.RAISE, "列表格式不统一")),
        ("列表 里缺少备件", Parsed(Verb.RAISE, "列表 里缺少备件")),
        ("list of servers is outdated", Parsed(Verb.RAISE, "list of servers is outdated")),
        ("show me the door", Parsed(Verb.RAISE, "show me the door")),
        ("查看一下门禁", Parsed(Verb.RAISE, "查看一下门禁")),
        ("查看\u300012", Parsed(Verb.SHOW, "12")),
        ("查看12", Parsed(Verb.SHOW, "12")),
        ("show12", Parsed(Verb.SHOW, "12")),
        ("Show 2026-12", Parsed(Verb.SHOW, "2026-12")),
        ("查看imp-2026-0012-e1", Parsed(Verb.SHOW, "imp-2026-0012-e1")),
        ("show", Parsed(Verb.SHOW)),
        ("mine 2", Parsed(Verb.MINE, "2")),
        ("列表２", Parsed(Verb.LIST, "２")),
        ("list 99999999999999999999", Parsed(Verb.LIST, "99999999999999999999")),
    ],
)
def test_what_a_line_means(text: str, parsed: Parsed) -> None:
    assert parse(text) == parsed


def test_any_number_is_a_page() -> None:
    assert [page_number(digits) for digits in ("2", "２", "0")] == [2, 2, 1]
    assert page_number("9" * 5000) > 10**6


def test_a_line_too_long_for_a_title_loses_nothing() -> None:
    line = "值班记录" * 30
    filled = prefill(line)
    assert filled["description"] == line
    assert len(filled["title"]) == 80
    assert prefill("打印机坏了") == {"title": "打印机坏了"}
    assert prefill("") == {}
    assert prefill("打印机坏了\n三楼") == {"title": "打印机坏了", "description": "打印机坏了\n三楼"}


@pytest.mark.parametrize(
    ("mrkdwn", "text"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("问 <@U_ZHOU|zhoulan> 和 <#C_WEEKLY|部门例会>", "问 @zhoulan 和 #部门例会"),
        ("见 <https://example.com/a|手册>，<https://example.com/b>", "见 手册，https://example.com/b"),
        ("&lt;!channel&gt;", "<!channel>"),
    ],
)
def test_what_slack_hands_over_becomes_what_was_typed(mrkdwn: str, text: str) -> None:
    assert typed(mrkdwn) == text
