"""Slack's ways of writing as HTML: mrkdwn, rich text, markdown and dates, and hostile texts in them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sandbox import Company
from bot.sandbox.page.date_tokens import date_text
from bot.sandbox.page.markdown import markdown_html
from bot.sandbox.page.mrkdwn import to_html
from bot.sandbox.page.references import References
from bot.sandbox.page.rich_text import rich_html, rich_words
from bot.sandbox.state import Workspace
from tests.sandbox.conftest import START

AT = int(datetime(2026, 2, 10, 1, 0, tzinfo=UTC).timestamp())
DAY = 24 * 60 * 60


@pytest.fixture
def workspace(company: Company) -> Workspace:
    return Workspace(company, START)


@pytest.mark.parametrize(
    ("mrkdwn", "html"),
    [
        ("a &lt; b &amp; c", "a &lt; b &amp; c"),
        ("<script>", "&lt;script&gt;"),
        ("*bold* _it_ ~no~ `x`", "<strong>bold</strong> <em>it</em> <s>no</s> <code>x</code>"),
        ("*a _b ~c~_*", "<strong>a <em>b <s>c</s></em></strong>"),
        ("_*a*_", "<em><strong>a</strong></em>"),
        ("*状态*：好", "<strong>状态</strong>：好"),
        ("状态*好*了", "状态*好*了"),
        ("snake_case_name 2*3*4", "snake_case_name 2*3*4"),
        ("*open _and_ never closed", "*open <em>and</em> never closed"),
        ("*a*b c*", "<strong>a*b c</strong>"),
        ("*a _b* c_", "<strong>a _b</strong> c_"),
        ("* a * ** _ _", "* a * ** _ _"),
        ("*one\ntwo*", "*one<br>two*"),
        ("`*x* <y :+1:`", "<code>*x* &lt;y :+1:</code>"),
        ("*<https://a.cn|b>*", '<strong><a href="https://a.cn" rel="noreferrer" target="_blank">b</a></strong>'),
        ("<@U_ZHOU>", '<span class="mention">@周岚</span>'),
        ("<@U_CHEN>", '<span class="mention mine">@陈晓</span>'),
        ("<@U_GONE|old>", '<span class="mention">@old</span>'),
        ("<#C_QUALITY>", '<span class="mention">#quality</span>'),
        ("<!here> <!subteam^S1|@quality>", '<span class="mention">@here</span> <span class="mention">@quality</span>'),
        ("<!date^1770685200^{date_num} {time}|then>", "2026-02-10 09:00"),
        ("<!date^x^{date}|then &lt;>", "then &lt;"),
        (
            "<!date^1770685200^{date_num}^https://a.cn|x>",
            '<a href="https://a.cn" rel="noreferrer" target="_blank">2026-02-10</a>',
        ),
        ("<javascript:alert(1)|x>", "&lt;javascript:alert(1)|x&gt;"),
        (
            '<https://example.com/?a="b&amp;c|site>',
            '<a href="https://example.com/?a=&#34;b&amp;c" rel="noreferrer" target="_blank">site</a>',
        ),
        (":white_check_mark: :red_circle: :large_green_circle:", "✅ 🔴 🟢"),
        (":wave::skin-tone-3:", "👋🏼"),
        (":nobody_knows: 10:30:45", ":nobody_knows: 10:30:45"),
        ("one\ntwo", "one<br>two"),
        ("&gt; a\n&gt;b\nc", "<blockquote>a<br>b</blockquote>c"),
        ("a\n&gt;&gt;&gt; b\nc", "a<blockquote>b<br>c</blockquote>"),
        ("> > a", "<blockquote>&gt; a</blockquote>"),
        ("• a\n• *b*\n  ◦ c\nd", '<ul><li>a</li><li><strong>b</strong></li><li class="deep">c</li></ul>d'),
        ("- a\n-b", "<ul><li>a</li></ul>-b"),
        ("a\n```\n*x* <\n y```\nb", "a<pre>*x* &lt;\n y</pre>b"),
        ("```open", "```open"),
    ],
)
def test_mrkdwn(workspace: Workspace, mrkdwn: str, html: str) -> None:
    assert to_html(mrkdwn, workspace, workspace.users["U_CHEN"]) == html


@pytest.mark.parametrize("piece", ["*", "*a ", "_a*b~", "`", "```", "<", "<!date^", ":", ":a", "> ", "• ", "&gt;"])
def test_a_hostile_text_takes_no_longer_than_its_length(workspace: Workspace, piece: str) -> None:
    """A pattern that tries again from every mark would not come back from this for minutes."""
    text = piece * 40_000
    html = to_html(text, workspace, workspace.users["U_CHEN"])
    assert "<script" not in html


@pytest.mark.parametrize(
    ("shape", "chinese", "english"),
    [
        ("{date_num}", "2026-02-10", "2026-02-10"),
        ("{date}", "2月10日", "February 10th"),
        ("{date_short}", "2月10日", "Feb 10"),
        ("{date_long}", "2月10日星期二", "Tuesday, February 10th"),
        ("{date_slash}", "2026/2/10", "2/10/2026"),
        ("{date_pretty}", "今天", "today"),
        ("{date_short_pretty} {time}", "今天 09:00", "today 1:00 AM"),
        ("{time_secs}", "09:00:00", "1:00:00 AM"),
        ("{other} {", "{other} {", "{other} {"),
    ],
)
def test_date_tokens(workspace: Workspace, shape: str, chinese: str, english: str) -> None:
    """In the zone and the language of whoever reads: Shanghai and London."""
    assert date_text(AT, shape, START, workspace.users["U_CHEN"]) == chinese
    assert date_text(AT, shape, START, workspace.users["U_SMITH"]).replace("\u202f", " ") == english


@pytest.mark.parametrize(
    ("days", "shape", "chinese", "english"),
    [
        (1, "{date_pretty}", "明天", "tomorrow"),
        (-1, "{date_long_pretty}", "昨天", "yesterday"),
        (2, "{date_pretty}", "2月12日", "February 12th"),
        (-3, "{ago}", "3天前", "3 days ago"),
        (300, "{date}", "2026年12月7日", "December 7th, 2026"),
        (-10, "{date}", "1月31日", "January 31st"),
        (-8, "{date}", "2月2日", "February 2nd"),
        (-7, "{date}", "2月3日", "February 3rd"),
        (1, "{date}", "2月11日", "February 11th"),
    ],
)
def test_days_around(workspace: Workspace, days: int, shape: str, chinese: str, english: str) -> None:
    assert date_text(AT + days * DAY, shape, START, workspace.users["U_CHEN"]) == chinese
    assert date_text(AT + days * DAY, shape, START, workspace.users["U_SMITH"]) == english


def test_today_is_the_readers_own_day(workspace: Workspace) -> None:
    """23:30 in London is already tomorrow in Shanghai, for the instant and for now."""
    late = int(datetime(2026, 2, 9, 23, 30, tzinfo=UTC).timestamp())
    assert date_text(late, "{date_pretty}", START, workspace.users["U_CHEN"]) == "今天"
    assert date_text(late, "{date_pretty}", START, workspace.users["U_SMITH"]) == "yesterday"
    tokyo = replace(workspace.users["U_CHEN"], tz="Asia/Tokyo")
    assert date_text(late, "{time}", START, tokyo) == "08:30"


def text(words: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": words, "style": style}


def section(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


RICH: list[tuple[str, dict[str, Any], str]] = [
    ("styles", section(text("a", bold=True, italic=True)), '<div class="plain"><em><strong>a</strong></em></div>'),
    ("strike", section(text("a", strike=True), text("b", code=True)), "<s>a</s><code>b</code>"),
    ("person", section({"type": "user", "user_id": "U_ZHOU"}), "@周岚"),
    ("channel", section({"type": "channel", "channel_id": "C_QUALITY"}), "#quality"),
    ("broadcast", section({"type": "broadcast", "range": "here"}), "@here"),
    ("link", section({"type": "link", "url": "https://a.cn", "text": "b"}), '<a href="https://a.cn"'),
    ("bad link", section({"type": "link", "url": "javascript:x", "text": "b"}), '<div class="plain">b</div>'),
    ("emoji", section({"type": "emoji", "name": "tada"}), "🎉"),
    ("unknown emoji", section({"type": "emoji", "name": "ours"}), ":ours:"),
    ("date", section({"type": "date", "timestamp": AT, "format": "{date_num}", "fallback": "x"}), "2026-02-10"),
    ("no date", section({"type": "date", "format": "{date_num}", "fallback": "x"}), '<div class="plain">x</div>'),
    ("unknown", section({"type": "canvas"}), '<span class="unknown">[canvas]</span>'),
    ("unknown part", {"type": "rich_text_poll"}, '<span class="unknown">[rich_text_poll]</span>'),
    ("quote", {"type": "rich_text_quote", "elements": [text("a\nb")]}, '<blockquote class="plain">a\nb</blockquote>'),
    ("code", {"type": "rich_text_preformatted", "elements": [text("<a>")]}, "<pre>&lt;a&gt;</pre>"),
    (
        "list",
        {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [section(text("a"))]},
        '<ul class="depth-1"><li class="plain">a</li></ul>',
    ),
    (
        "list that goes on",
        {"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": [section(text("a"))]},
        '<ol class="depth-0" start="3"><li class="plain">a</li></ol>',
    ),
]


@pytest.mark.parametrize(("part", "html"), [case[1:] for case in RICH], ids=[case[0] for case in RICH])
def test_rich_text(workspace: Workspace, part: dict[str, Any], html: str) -> None:
    references = References(workspace, workspace.users["U_CHEN"])
    assert html in rich_html({"type": "rich_text", "elements": [part]}, references)


def test_rich_text_as_it_was_typed() -> None:
    items = {"type": "rich_text_list", "elements": [section(text("b")), section(text("c"))]}
    assert rich_words({"type": "rich_text", "elements": [section(text("a")), items]}) == "a\nb\nc"
    assert rich_words(None) == ""


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("# 标题\n\n**粗** ~~删~~ :rocket:", "<h1>标题</h1>\n<p><strong>粗</strong> <s>删</s> 🚀</p>\n"),
        ("<b>x</b> & y", "<p>&lt;b&gt;x&lt;/b&gt; &amp; y</p>\n"),
        ("[a](https://a.cn)", '<p><a href="https://a.cn" rel="noreferrer" target="_blank">a</a></p>\n'),
        ("[a](javascript:x)", "<p>[a](javascript:x)</p>\n"),
        ("- a\n  - b", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>\n"),
        ("`:rocket:`", "<p><code>:rocket:</code></p>\n"),
    ],
)
def test_markdown(markdown: str, html: str) -> None:
    assert markdown_html(markdown) == html


def test_a_markdown_table_is_aligned_without_inline_style() -> None:
    html = markdown_html("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert '<td class="right">2</td>' in html
    assert "style=" not in html
