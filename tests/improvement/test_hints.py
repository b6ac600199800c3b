"""Advice on the quality of an analysis: when it is given, and that it never stands in the way."""

from collections.abc import Sequence

import pytest

from bot.errors import Message
from bot.improvement import hints
from bot.workflow import Scene
from tests.support.company import DemoCompany, at

NOW = at("2025-06-17 10:00")
OWNER = "U_ZHOU"
HEADER = {"capa_type": "CORRECTIVE", "severity": "MINOR", "origin": "MONITORING"}
CLASS = {
    "impact": "2",
    "resource_need": "1",
    "urgency": "2",
    "responsible_dept": "信息部",
    "decision_reason": "不合格",
}


@pytest.fixture
def number(company: DemoCompany) -> str:
    raised = company.raise_(at("2025-06-16 09:00"))
    company.do("classify_capa", raised, at("2025-06-16 10:00"), by="U_LIU", **CLASS, **HEADER)
    return raised


def test_a_chain_of_two_levels_is_thin_and_one_of_three_is_not(company: DemoCompany, number: str) -> None:
    _why(company, number, "系统不校验", "上线时漏了")
    assert _ids(hints.before_root_cause(_look(company, number))) == ["advice.chain_short"]
    _why(company, number, "没有上线检查单")
    assert _ids(hints.before_root_cause(_look(company, number))) == []


@pytest.mark.parametrize(
    ("cause", "blames"),
    [
        ("值班人员疏忽", True),
        ("员工责任心不强", True),
        ("人为失误", True),
        ("质量意识淡薄", True),
        ("The operator was careless", True),
        ("Human error", True),
        ("工单系统不校验解决代码", False),
        ("值班人员没有权限查看配置", False),
        ("No check list for going live", False),
    ],
)
def test_a_cause_that_only_blames_somebody_is_pointed_out(
    company: DemoCompany, number: str, cause: str, blames: bool
) -> None:
    _cause(company, number, cause)
    assert _ids(hints.before_plan(_look(company, number))) == ["advice.cause_blames"] * blames


def test_training_alone_is_pointed_out_until_something_lasting_is_planned(company: DemoCompany, number: str) -> None:
    _cause(company, number, "系统不校验")
    _measure(company, number, "对三个班组宣贯", root_cause_item="1")
    assert "advice.only_training" in _ids(hints.before_plan(_look(company, number)))
    _measure(company, number, "关闭工单时校验", root_cause_item="1")
    assert "advice.only_training" not in _ids(hints.before_plan(_look(company, number)))


def test_a_measure_that_is_aimed_at_nothing_is_pointed_out(company: DemoCompany, number: str) -> None:
    _cause(company, number, "系统不校验")
    _measure(company, number, "关闭工单时校验")
    here = _look(company, number)
    assert _ids(hints.before_plan(here)) == ["advice.aimless_measure"]
    assert _ids(hints.before_measure(here)) == ["advice.unaddressed"]


def test_with_a_hint_a_click_opens_the_form_and_without_it_submits(company: DemoCompany, number: str) -> None:
    _cause(company, number, "值班人员疏忽")
    submit = company.workflow.step_of("improvement", "submit_plan")
    assert not submit.acts_on_click(_look(company, number), OWNER)
    company.do("remove_root_cause", number, NOW, by=OWNER, root_cause_item="1")
    assert submit.acts_on_click(_look(company, number), OWNER)


def test_similar_closed_items_of_the_department_come_with_what_was_done(company: DemoCompany) -> None:
    for title, department in (("工单缺少解决代码", "信息部"), ("机房空调漏水", "信息部"), ("工单缺解决代码", "通信部")):
        closed = company.daily(at("2025-05-06 09:00"), title, department=department)
        owner = company.scene(closed, NOW).record.owner or ""
        company.report_result(closed, at("2025-05-07 09:00"), by=owner, measure_taken=f"处理了{title}")
        company.verify_effective(closed, at("2025-05-08 09:00"))
    number = company.raise_(at("2025-06-16 09:00"), "工单缺解决代码")
    company.do("classify_capa", number, at("2025-06-16 10:00"), by="U_LIU", **CLASS, **HEADER)

    found = hints.similar_items(_look(company, number))
    assert [(m.params["title"], m.params["measure"]) for m in found][:1] == [
        ("工单缺少解决代码", "处理了工单缺少解决代码")
    ]
    assert "工单缺解决代码" not in [m.params["title"] for m in found]


def _look(company: DemoCompany, number: str) -> Scene:
    return company.scene(number, NOW)


def _why(company: DemoCompany, number: str, *answers: str) -> None:
    for answer in answers:
        company.do("add_why", number, NOW, by=OWNER, chain_no="1", why_question="为什么？", why_answer=answer)


def _cause(company: DemoCompany, number: str, text: str) -> None:
    form = {"root_cause": text, "root_cause_category": "METHOD", "rca_method": "OTHER"}
    company.do("add_root_cause", number, NOW, by=OWNER, **form)


def _measure(company: DemoCompany, number: str, text: str, **aim: str) -> None:
    form = {"measure": text, "responsible": "U_CHEN", "due_on": "2025-07-09", "involves_change": "false"}
    company.do("add_measure", number, NOW, by=OWNER, **form, **aim)


def _ids(messages: Sequence[Message]) -> list[str]:
    return [message.msgid for message in messages]
