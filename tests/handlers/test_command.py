"""The grammar of /improve, in both languages."""

import pytest

from handlers.command import Parsed, Verb, parse, prefill
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
        ("帮助", Parsed(Verb.HELP)),
        ("？", Parsed(Verb.HELP)),
        ("lst", Parsed(Verb.UNKNOWN, "lst", "list")),
        ("shwo 12", Parsed(Verb.UNKNOWN, "shwo 12", "show")),
        ("我地", Parsed(Verb.UNKNOWN, "我地", "我的")),
        ("列表格式不统一", Parsed(Verb.RAISE, "列表格式不统一")),
    ],
)
def test_what_a_line_means(text: str, parsed: Parsed) -> None:
    assert parse(text) == parsed


def test_a_line_too_long_for_a_title_loses_nothing() -> None:
    line = "值班记录" * 30
    filled = prefill(line)
    assert filled["description"] == line
    assert len(filled["title"]) == 80
    assert prefill("打印机坏了") == {"title": "打印机坏了"}
    assert prefill("") == {}


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
