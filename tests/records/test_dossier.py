"""An item as it is read: which paragraphs there are, in which round, and what they say."""

from collections.abc import Iterator

import pytest

from bot.records.dossier import paragraphs, rounds_of
from bot.records.facts import COMPUTED, FIELDS
from bot.render import Words
from bot.workflow import Scene
from tests.calendar.register import Register, at
from tests.records import capa
from tests.support.words import phrasebook

UNSAID = {
    *("deadline_id", "title", "root_cause_item", "level", "code", "plan_version", "submitted_in_round"),
    *("late_wd_original", "on_time", "similar", "original_due", "priority", "effective_in_round", "version"),
}
"""What a reader of the dossier is told in another way, or not at all."""


@pytest.fixture
def words() -> Words:
    return phrasebook().words("zh_CN")


@pytest.fixture
def number(register: Register) -> str:
    """A CAPA at the beginning of its second round."""
    number = capa.implementing(register)
    capa.second_round(register, number)
    register.take("add_comment", "U_ZHOU", "2026-03-20", number, comment="重新分析")
    return number


def scene(register: Register, number: str) -> Scene:
    with register.database.reading() as session:
        return register.workflow.find(session, number, at("2026-03-20", 18))


def read(here: Scene, round_: int, words: Words) -> dict[str, str]:
    found = paragraphs(here, round_)
    return {words.say(p.title): "\n".join(" · ".join(map(words.say, line)) for line in p.lines) for p in found}


def test_an_earlier_round_has_its_reports_and_nothing_else(register: Register, number: str, words: Words) -> None:
    here = scene(register, number)
    assert rounds_of(here) == [2, 1]
    assert [*read(here, 1, words)] == [
        "问题描述",
        "鱼骨图 · 法",
        "根本原因",
        "有效性准则",
        "措施 M1 · 已完成",
        "措施 M2 · 已取消",
        "措施 M3 · 已完成",
        "方案版本",
        "效果验证",
    ]


def test_the_current_round_comes_with_what_belongs_to_no_round(register: Register, number: str, words: Words) -> None:
    assert [*read(scene(register, number), 2, words)] == ["提出", "评估与分类", "评论"]


def test_each_version_says_what_it_changed(register: Register, number: str, words: Words) -> None:
    assert read(scene(register, number), 1, words)["方案版本"].splitlines() == [
        "第1版 · 2026年3月3日 周二 · 提交方案 · 措施2项",
        "第2版 · 2026年3月5日 周四 · 同意取消 · 取消 M2",
        "第3版 · 2026年3月6日 周五 · 批准措施 · 新增 M3",
    ]


def test_the_check_has_its_figures_its_conclusion_and_its_verifier(
    register: Register, number: str, words: Words
) -> None:
    check = read(scene(register, number), 1, words)["效果验证"].splitlines()
    assert check[0] == "实测：2/3 = 66.67%"
    assert {"结论：部分有效", "验证人：U_LIU", "验证日期：2026年3月20日 周五"} <= {*check}


def test_a_measure_is_read_with_all_that_was_reported(register: Register, number: str, words: Words) -> None:
    whole = read(scene(register, f"{number}-M1"), 1, words)["详情"].splitlines()
    assert whole[:3] == ["措施：增加签字栏", "针对的根本原因：C1 表格设计1", "措施责任人：U_CHEN"]
    assert {"实施情况：已加签字栏", "完成日期：2026年3月12日 周四", "证据：共享盘"} <= {*whole}
    assert any("表格已改" in line for line in whole)


def test_main_causes_are_marked(register: Register, number: str, words: Words) -> None:
    assert read(scene(register, number), 1, words)["鱼骨图 · 法"] == "★ 表格没有签字栏（主要原因）"


def test_nothing_that_steps_keep_is_without_a_name(register: Register, number: str) -> None:
    here = scene(register, number)
    assert {*_kept(here)} - {*FIELDS, *COMPUTED, *UNSAID} == set()


def _kept(here: Scene) -> Iterator[str]:
    for record in (here.record, *here.parts):
        yield from record.values
    for of in (here, *map(here.of, here.parts)):
        for entry in of.entries:
            if entry.list != "plans":
                yield from entry.values
