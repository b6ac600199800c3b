"""What Monday's digest says of projects: where they stand, how far they are, which reports and decisions are due."""

from tests.digest.desk import Desk
from tests.digest.test_message import paragraphs
from tests.support import capa, project
from tests.support.company import DemoCompany, at

BEGUN = at("2026-03-02 10:00")
MONDAY = "2026-03-30 09:00"


OPEN_TO_ALL = '[visibility]\ndetails = "all"'


def test_how_many_stand_in_each_stage_and_how_far_they_are(company: DemoCompany, desk: Desk) -> None:
    company.change_profile(OPEN_TO_ALL)
    project.classified(company, BEGUN)
    number, quiet = project.executing(company, BEGUN), project.executing(company, BEGUN)
    project.reported(company, number, at("2026-03-20 10:00"), pct="30")
    lists = desk.digest(MONDAY)["lists"]
    assert [*lists["project"]["lines"][0]["stages"].items()] == [("CHARTER_DRAFT", 1), ("EXECUTING", 2)]
    assert [(line["number"], line["trend"], line["manager"]) for line in lists["projects"]["lines"]] == [
        (number, "30%", "U_SMITH"),
        (quiet, "", "U_SMITH"),
    ]
    assert [(line["number"], line["month"], line["due"]) for line in lists["reports"]["lines"]] == [
        (quiet, "2026-03", "2026-03-31")
    ]


def test_charters_and_acceptances_await_a_decision(company: DemoCompany, desk: Desk) -> None:
    first, second = project.submitted(company, BEGUN), project.submitted(company, BEGUN)
    company.do("approve_charter_rep", second, BEGUN, by="U_MA")
    third = project.executing(company, BEGUN)
    project.applied(company, third, BEGUN)
    assert desk.lines("2026-03-09 09:00", "decisions", "number", "holders") == [
        (first, ["U_MA"]),
        (second, ["U_GUO"]),
        (third, ["U_LIU", "U_TANG"]),
    ]


def test_how_it_reads(company: DemoCompany, desk: Desk) -> None:
    company.change_profile(OPEN_TO_ALL)
    number = project.executing(company, BEGUN)
    text = "\n".join(paragraphs(company, desk, MONDAY))
    assert f"{number} 值班电话与工单系统集成 · 实施中 · 还没有报告 · 项目经理 Alex Smith" in text
    assert f"{number} 值班电话与工单系统集成 · 2026-03 · " in text


def test_how_far_it_is_stays_among_those_who_may_see_details(company: DemoCompany, desk: Desk) -> None:
    number = project.executing(company, BEGUN)
    project.reported(company, number, at("2026-03-20 10:00"), pct="30")
    text = "\n".join(paragraphs(company, desk, MONDAY))
    assert f"{number} 值班电话与工单系统集成 · 实施中 · 项目经理 Alex Smith" in text
    assert "30%" not in text


def test_late_milestones_are_no_measures_of_a_capa(company: DemoCompany, desk: Desk) -> None:
    project.executing(company, BEGUN)
    capa.classified(company, BEGUN)
    assert desk.lines("2026-04-13 09:00", "capa", "late") == [0]
