"""What a step changes can be found, or is found no more, as soon as the step is taken."""

from datetime import datetime

import pytest

import storage.search
from bot.errors import Refused
from bot.knowledge.cases import cases
from bot.knowledge.reindex import reindex
from bot.knowledge.similar import similar
from bot.knowledge.words import question
from tests.knowledge.test_reindex import contents, lived
from tests.support import capa, project
from tests.support.company import DemoCompany, at

NOW = at("2026-03-02 10:00")


def found(company: DemoCompany, words: str) -> list[str]:
    """Everything with these words, open or closed."""
    with company.database.reading() as session:
        asked = [[term] for term in question(words)]
        return [one.number for one in storage.search.find(session, asked, limit=10)]


def closed(company: DemoCompany, words: str) -> list[str]:
    """The closed items with these words."""
    with company.database.reading() as session:
        return cases(session, words).numbers


def test_an_item_is_found_from_the_raise_on_and_a_case_from_the_close(company: DemoCompany) -> None:
    number = company.daily(NOW, "打印机每天卡纸")
    assert (found(company, "打印机"), closed(company, "打印机")) == ([number], [])

    company.report_result(number, NOW, by="U_ZHOU", measure_taken="更换搓纸轮")
    assert found(company, "搓纸轮") == [number]

    company.verify_effective(number, NOW)
    assert closed(company, "搓纸轮") == closed(company, "打印设备") == [number]


def test_what_is_withdrawn_is_found_no_more(company: DemoCompany) -> None:
    number = company.raise_(NOW, "投影仪灯泡坏了")
    company.do("withdraw", number, NOW, by="U_CHEN", reason="已经有人提过")
    assert found(company, "投影仪") == []


def test_a_refused_step_changes_nothing(company: DemoCompany) -> None:
    number = company.daily(NOW, "打印机每天卡纸")
    before = contents(company.database)
    with pytest.raises(Refused):
        company.report_result(number, NOW, by="U_SUN", measure_taken="更换搓纸轮")
    assert contents(company.database) == before


def test_measures_are_found_under_their_item(company: DemoCompany) -> None:
    number = capa.planned(company, NOW)
    assert found(company, "关闭工单时校验解决代码") == [number]
    assert found(company, "已上线必填校验") == []
    capa.done(company, number, at("2026-03-10 10:00"))
    assert found(company, "已上线必填校验") == [number]


def test_what_a_project_was_for_reached_and_taught_is_found(company: DemoCompany) -> None:
    number = project.executing(company, NOW)
    assert found(company, "人工统计") == found(company, "时间缩短") == [number]
    project.accepted(company, number, NOW)
    capa.evaluated(company, number, NOW)
    company.do("conclude_effective", number, NOW, by="U_LIU", overall_conclusion="稳定", lessons="先谈妥厂商接口")
    for words in ("操作手册", "降到9.5分钟", "稳定", "谈妥厂商"):
        assert found(company, words) == [number], words


@pytest.mark.parametrize("now", [NOW])
def test_made_anew_the_index_is_what_the_steps_have_written(company: DemoCompany, now: datetime) -> None:
    lived(company, now)
    written = contents(company.database)
    assert len(written) == 3

    reindex(company.workflow, now)

    assert contents(company.database) == written


def test_a_recurrence_is_seen_while_the_first_is_closed(company: DemoCompany) -> None:
    number = company.daily(NOW, "三楼打印机每天卡纸")
    company.report_result(number, NOW, by="U_ZHOU")
    company.verify_effective(number, NOW)
    with company.database.reading() as session:
        again = similar(session, "打印设备老是夹纸", "复印机进纸不畅，月结时耽误打凭证")
    assert [(one.record.number, one.open) for one in again] == [(number, False)]
