"""What those who decide on a charter again are told of its changes: figures, dates and people, before and after."""

import pytest

from bot.improvement.charter_versions import BRIEFLY, changes, since_last_version
from bot.render import Phrasebook
from tests.support import project
from tests.support.company import ZONE, DemoCompany, at
from tests.support.project import OWNER, REP

NOW = at("2026-03-02 10:00")
LONG = "值班电话与工单分开登记，" * 20


def _told(company: DemoCompany, number: str) -> list[str]:
    words = Phrasebook(ZONE).words("zh_CN")
    return [words.say(sentence) for sentence in since_last_version(company.scene(number, NOW))]


@pytest.fixture
def number(company: DemoCompany) -> str:
    """A charter that was sent back."""
    number = project.submitted(company, NOW)
    company.do("reject_charter_rep", number, NOW, by=REP, reason="目标与时间不现实")
    return number


def test_an_objective_is_told_with_its_figures(company: DemoCompany, number: str) -> None:
    company.do("remove_objective", number, NOW, by=OWNER, objective_item="1")
    easier = project.OBJECTIVE | {"target_value": "17", "reach_by": "2026-12-01"}
    company.do("add_objective", number, NOW, by=OWNER, **easier)
    company.do("submit_charter", number, NOW, by=OWNER)
    assert _told(company, number)[1:] == [
        "➕ O2 首次响应时间缩短：首次响应时间 18分钟，目标 ≤ 17分钟，最迟 2026年12月1日 周二 达成",
        "➖ O1 首次响应时间缩短：首次响应时间 18分钟，目标 ≤ 10分钟，最迟 2026年6月1日 周一 达成",
    ]


def test_of_a_milestone_each_field_that_changed_is_told(company: DemoCompany, number: str) -> None:
    later = {"measure": "完成接口开发", "responsible": "U_WU", "due_on": "2026-11-30", "involves_change": "false"}
    company.do("edit_measure", f"{number}-M1", NOW, by=OWNER, **later)
    project.milestone(company, number, NOW, measure="值班演练")
    company.do("submit_charter", number, NOW, by=OWNER)
    assert _told(company, number)[1:] == [
        "✏️ M1 措施责任人：@U_CHEN → @U_WU",
        "✏️ M1 完成时限：2026年4月1日 周三 → 2026年11月30日 周一",
        "➕ M2 值班演练 · @U_CHEN · 最迟 2026年4月1日 周三",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{LONG}甲", f"{LONG}乙"),
        (f"甲{LONG}", f"乙{LONG}"),
        (f"{LONG}甲{LONG}", f"{LONG}乙{LONG}"),
        (LONG, f"{LONG}乙"),
        (f"{LONG}甲", LONG),
        ("甲", f"乙{LONG}"),
    ],
)
def test_of_a_long_text_the_part_is_told_that_differs(before: str, after: str) -> None:
    said = changes(_charter(before), _charter(after))[1].params
    old, new = said["before"], said["after"]
    assert old != new
    assert max(len(old), len(new)) <= BRIEFLY + len("……")
    for text, whole, mark in ((old, before, "甲"), (new, after, "乙")):
        assert text.strip("…") in whole
        assert (mark in text) is (mark in whole)


def test_other_spacing_is_no_change() -> None:
    assert [m.msgid for m in changes(_charter("甲 乙"), _charter("甲\n 乙"))] == ["charter.since", "charter.unchanged"]


def _charter(background: str) -> dict[str, object]:
    return {"version": 1, "background": background, "objectives": [], "milestones": []}
