"""How a case begins from a project: what it was for, what was done in all its rounds, what came of it."""

from bot.improvement.learned import begun, learned
from tests.support import capa, project
from tests.support.company import DemoCompany, at
from tests.support.project import MANAGER

NOW = at("2026-03-02 10:00")
LATER = at("2026-04-10 10:00")


def _in_second_round(company: DemoCompany) -> str:
    number = project.executing(company, NOW)
    project.applied(company, number, NOW, value="12")
    project.checked(company, number, NOW, conclusion="PARTLY")
    project.failed(company, number, NOW, redo_by="2026-05-06")
    company.do("add_root_cause", number, LATER, by=MANAGER, **project.ROOT_CAUSE)
    project.accepted(company, number, LATER)
    return number


def test_a_case_of_a_second_round_without_new_milestones_has_those_of_the_first(company: DemoCompany) -> None:
    number = _in_second_round(company)
    assert begun(company.scene(number, LATER), MANAGER) == {
        "case_title": "值班电话与工单系统集成",
        "case_problem": project.BASICS["background"],
        "case_cause": project.ROOT_CAUSE["root_cause"],
        "case_practice": "完成接口开发",
        "case_result": project.APPLICATION["result_summary"],
    }


def test_what_the_evaluation_taught_belongs_to_the_result(company: DemoCompany) -> None:
    number = _in_second_round(company)
    capa.evaluated(company, number, LATER)
    company.do("conclude_effective", number, LATER, by="U_LIU", overall_conclusion="稳定", lessons="先谈妥厂商接口")
    assert learned(company.scene(number, LATER)).result == "首次响应时间降到9.5分钟；先谈妥厂商接口"
