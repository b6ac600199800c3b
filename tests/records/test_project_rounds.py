"""A project as it is read round by round: what was applied for, what was decided and why, what is to be rectified."""

import pytest

from bot.records.dossier import EVALUATED, paragraphs
from bot.records.facts import COMPUTED, FIELDS
from bot.render import Words
from handlers import project as card
from tests.records.test_dossier import UNSAID
from tests.support import capa, project
from tests.support.company import DemoCompany, at
from tests.support.project import MANAGER
from tests.support.words import phrasebook

NOW = at("2026-03-02 10:00")
LISTS = ("applications", "verdicts", "checks", "results")


@pytest.fixture
def words() -> Words:
    return phrasebook().words("zh_CN")


@pytest.fixture
def number(company: DemoCompany) -> str:
    """A project at the beginning of its second round."""
    number = project.executing(company, NOW)
    project.applied(company, number, NOW, value="12")
    project.checked(company, number, NOW, conclusion="INEFFECTIVE")
    project.failed(company, number, NOW, redo_by="2026-05-06")
    return number


def read(company: DemoCompany, number: str, round_: int, words: Words) -> dict[str, list[str]]:
    found = paragraphs(company.scene(number, NOW), round_)
    return {words.say(p.title): [" · ".join(map(words.say, line)) for line in p.lines] for p in found}


def shown(company: DemoCompany, number: str, words: Words) -> str:
    return "\n".join(card.lines(company.scene(number, NOW), words, counted=False))


def accepted_again(company: DemoCompany, number: str) -> None:
    company.do("add_root_cause", number, NOW, by=MANAGER, **project.ROOT_CAUSE)
    project.accepted(company, number, NOW)


def test_a_failed_round_keeps_its_application_and_why_it_failed(
    company: DemoCompany, number: str, words: Words
) -> None:
    accepted_again(company, number)
    first = read(company, number, 1, words)
    assert first["验收申请"] == [
        "交付成果：集成接口、操作手册",
        "成果总结：首次响应时间降到9.5分钟",
        "申请人：Alex Smith",
        "日期：2026年3月2日 周一",
    ]
    assert first["验收决定"] == [
        "理由：夜班未达标",
        "整改清单：夜班转接",
        "整改期限：2026年5月6日 周三",
        "审批人：马骏",
        "决定：不通过",
        "日期：2026年3月2日 周一",
    ]
    assert "决定：通过" in read(company, number, 2, words)["验收决定"]


def test_what_is_to_be_rectified_is_that_of_the_round_before(company: DemoCompany, number: str, words: Words) -> None:
    assert "整改清单：夜班转接" in shown(company, number, words)
    accepted_again(company, number)
    capa.evaluated(company, number, NOW)
    found = {"overall_conclusion": "没有保持", "reason": "又超过十分钟", "redo_by": "2026-05-20"}
    company.do("conclude_ineffective", number, NOW, by="U_LIU", **found)
    assert company.scene(number, NOW).record.round == 3
    assert "整改清单" not in shown(company, number, words)
    assert "夜班转接" in str(read(company, number, 1, words))


def test_it_speaks_of_a_project_and_not_of_a_plan(company: DemoCompany, number: str, words: Words) -> None:
    accepted_again(company, number)
    besides = read(company, number, 2, words)["其他"]
    assert {"提交人：周岚", "批准人：郭强", "预算：50,000"} <= {*besides}
    assert read(company, number, 1, words)["方案版本"] == ["第1版 · 2026年3月2日 周一 · 项目立项 · 措施1项"]


def test_its_parts_are_milestones(company: DemoCompany, number: str, words: Words) -> None:
    assert "里程碑 M1 · 已完成" in read(company, number, 1, words)


def test_an_evaluation_says_who_evaluated(company: DemoCompany, number: str, words: Words) -> None:
    accepted_again(company, number)
    capa.evaluated(company, number, NOW)
    company.do("conclude_effective", number, NOW, by="U_LIU", overall_conclusion="达到目标")
    (evaluation,) = read(company, number, 2, words)["评估结论"]
    assert "评估人：刘芳" in evaluation
    kept = {name for entry in company.scene(number, NOW).entries if entry.list in EVALUATED for name in entry.values}
    assert kept - {*FIELDS, *COMPUTED, *UNSAID} == set()


def test_nothing_of_an_acceptance_is_without_a_name(company: DemoCompany, number: str) -> None:
    entries = [entry for entry in company.scene(number, NOW).entries if entry.list in LISTS]
    assert {entry.list for entry in entries} == {*LISTS}
    kept = {name for entry in entries for name in entry.values}
    assert kept - {*FIELDS, *COMPUTED, *UNSAID} == set()
