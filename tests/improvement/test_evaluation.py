"""The evaluation in four dimensions: whose it is, what it computes, what it needs, and what its conclusion does."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest

import storage.form
from bot.errors import Invalid, Refused
from bot.improvement import IMPROVEMENT, dimensions
from bot.improvement.evaluation_forms import CostBenefit
from bot.improvement.stages import Stage
from bot.workflow.fields import Setting
from tests.support import capa, project
from tests.support.company import DemoCompany, at

NOW = at("2026-03-02 10:00")
LATER = at("2026-04-10 10:00")
QA = "U_LIU"
STEPS = {
    "set_evaluation_periods",
    "add_metric_comparison",
    "evaluate_feedback",
    "evaluate_cost_benefit",
    "evaluate_conformity",
    "skip_dimension",
    "conclude_effective",
    "conclude_ineffective",
}
ALL = [
    "missing.evaluation_periods",
    "missing.comparison",
    "missing.feedback",
    "missing.cost_benefit",
    "missing.conformity",
]
PERIODS = {
    "before_start": "2026-01-01",
    "before_end": "2026-01-31",
    "after_start": "2026-03-02",
    "after_end": "2026-03-02",
}


@pytest.mark.parametrize("person", ["U_ZHOU", "U_CHEN", "U_SMITH", "U_LIN", "U_MA", QA, "U_TANG"])
def test_only_quality_evaluates(company: DemoCompany, person: str) -> None:
    number = capa.effective(company, NOW)
    offered = {step.id for step in company.workflow.available(company.scene(number, NOW), person)}
    assert offered & STEPS == (STEPS if person in (QA, "U_TANG") else set())


def test_quality_is_led_through_it_where_the_close_waits_for_it(company: DemoCompany) -> None:
    major, minor = capa.effective(company, NOW, severity="MAJOR"), capa.effective(company, NOW)
    assert _first(company, major) == "set_evaluation_periods"
    assert _first(company, minor) not in STEPS
    capa.evaluated(company, major, NOW)
    assert _first(company, major) == "conclude_effective"


def test_a_daily_improvement_is_not_evaluated(company: DemoCompany) -> None:
    number = company.daily(NOW)
    company.report_result(number, NOW, by="U_ZHOU")
    company.verify_effective(number, NOW, doc_revision="TO_DO")
    with pytest.raises(Refused, match="no_evaluation"):
        company.do("evaluate_conformity", number, NOW, by=QA, **capa.CONFORMITY)


def test_what_is_missing_is_named_all_at_once(company: DemoCompany) -> None:
    number = capa.effective(company, NOW)
    assert _missing(company, number) == ALL
    company.do("skip_dimension", number, NOW, by=QA, dimension="FEEDBACK", na_reason="客户看不到")
    company.do("evaluate_conformity", number, NOW, by=QA, **capa.CONFORMITY)
    assert _missing(company, number) == [*ALL[:2], ALL[3]]


def test_at_least_one_dimension_remains(company: DemoCompany) -> None:
    number = capa.effective(company, NOW)
    for dimension in ("METRICS", "FEEDBACK", "CONFORMITY"):
        company.do("skip_dimension", number, NOW, by=QA, dimension=dimension, na_reason="不涉及")
    with pytest.raises(Invalid) as wrong:
        company.do("skip_dimension", number, NOW, by=QA, dimension="COST_BENEFIT", na_reason="不涉及")
    assert wrong.value.errors["dimension"].msgid == "invalid.last_dimension"
    company.do("add_metric_comparison", number, NOW, by=QA, **capa.COMPARISON)
    company.do("skip_dimension", number, NOW, by=QA, dimension="COST_BENEFIT", na_reason="不涉及")
    assert _missing(company, number) == [ALL[0]]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"before_end": "2025-12-31"}, "before_end"),
        ({"after_start": "2026-01-30"}, "after_start"),
        ({"after_start": "2026-03-01"}, "after_start"),
        ({"before_end": "2026-03-02"}, "after_start"),
        ({"after_end": "2026-03-03"}, "after_end"),
    ],
)
def test_the_periods_follow_each_other_and_the_last_measure(
    company: DemoCompany, changes: Mapping[str, str], fault: str
) -> None:
    number = capa.effective(company, NOW)
    with pytest.raises(Invalid) as wrong:
        company.do("set_evaluation_periods", number, NOW, by=QA, **{**PERIODS, **changes})
    assert wrong.value.errors.keys() == {fault}


def test_the_periods_of_a_later_round_follow_the_milestones_of_the_first(company: DemoCompany) -> None:
    number = project.executing(company, NOW)
    project.applied(company, number, NOW, value="12")
    project.checked(company, number, NOW, conclusion="PARTLY")
    project.failed(company, number, NOW, redo_by="2026-05-06")
    company.do("add_root_cause", number, NOW, by=project.MANAGER, **project.ROOT_CAUSE)
    project.accepted(company, number, LATER)
    for changes, refused in (({"after_start": "2026-03-01"}, True), ({}, False)):
        with pytest.raises(Invalid) if refused else nullcontext():
            company.do("set_evaluation_periods", number, LATER, by=QA, **{**PERIODS, **changes})


@pytest.mark.parametrize(
    ("reason", "tells"), [("-", False), ("……", False), ("无", True), ("N/A", True), ("ไม่มี", True), ("3", True)]
)
def test_why_not_is_said_with_letters(company: DemoCompany, reason: str, tells: bool) -> None:
    number = capa.effective(company, NOW)
    for step, by, what in (
        ("skip_dimension", QA, {"dimension": "FEEDBACK"}),
        ("mark_closing_na", "U_ZHOU", {"closing_item": "CASE"}),
    ):
        with nullcontext() if tells else pytest.raises(Invalid, match="na_reason"):
            company.do(step, number, NOW, by=by, **what, na_reason=reason)


@pytest.mark.parametrize(
    ("values", "target", "computed"),
    [
        (("85", "98.3"), ("GE", "98"), ("13.3", "true")),
        (("0.3", "0.1"), ("LE", "0.1"), ("-0.2", "true")),
        (("85", "97.9999"), ("GE", "98"), ("12.9999", "false")),
        (("5", "5"), (None, None), ("0", None)),
    ],
)
def test_change_and_target_are_computed_exactly(
    company: DemoCompany, values: Sequence[str], target: Sequence[str], computed: Sequence[str]
) -> None:
    number = capa.effective(company, NOW)
    names = ("value_before", "value_after", "target_op", "target_value")
    form = {"metric_name": "填写率", **dict(zip(names, [*values, *target], strict=True))}
    company.do("add_metric_comparison", number, NOW, by=QA, **form)
    line = company.scene(number, NOW).lines(dimensions.COMPARISONS)[0].values
    assert (line["change"], line.get("met")) == computed


def test_the_agreed_figure_is_offered_where_it_can_be_written_exactly(company: DemoCompany) -> None:
    number = capa.effective(company, NOW)
    preset = IMPROVEMENT.steps["add_metric_comparison"].presets(company.scene(number, NOW), QA)
    assert preset == {
        "metric_name": "解决代码填写率",
        "target_op": "GE",
        "target_value": "98",
        "value_before": "85.0000",
    }


@pytest.mark.parametrize(
    ("money", "benefit", "ratio"),
    [("400", "1000", "2.50"), ("3", "2", "0.67"), ("0", "1000", None), ("400", None, None)],
)
def test_the_ratio_needs_something_to_divide_and_to_divide_by(
    company: DemoCompany, money: str, benefit: str | None, ratio: str | None
) -> None:
    values = {"input_days": "1", "input_money": money, "benefit_text": "省时", "benefit_money": benefit}
    with company.database.reading() as session:
        directory = company.now(session).directory
    assert CostBenefit.read(values, Setting(date(2026, 3, 2), directory, {})).ratio == ratio


def test_no_data_is_said_where_there_is_no_ratio(company: DemoCompany) -> None:
    number = capa.effective(company, NOW)
    capa.evaluated(company, number, NOW)
    said = {m.msgid: m.params for m in dimensions.in_words(company.scene(number, NOW))}
    assert said["evaluation.cost_benefit"]["ratio"].msgid == "ui.no_data"
    assert said["evaluation.comparison"]["met"].msgid == "evaluation.met"
    assert said["evaluation.left_out"]["reason"] == "客户看不到工单代码"


def test_a_comparison_entered_by_mistake_is_struck_out(company: DemoCompany) -> None:
    number = capa.effective(company, NOW)
    with pytest.raises(Refused, match="nothing_entered"):
        company.do("remove_metric_comparison", number, NOW, by=QA, comparison_item="1")
    company.do("add_metric_comparison", number, NOW, by=QA, **capa.COMPARISON)
    company.do("remove_metric_comparison", number, NOW, by=QA, comparison_item="1")
    assert "missing.comparison" in _missing(company, number)


def test_effective_issues_the_report_and_ends_the_evaluation(company: DemoCompany) -> None:
    number = capa.effective(company, NOW)
    capa.evaluated(company, number, NOW)
    company.do("conclude_effective", number, NOW, by=QA, overall_conclusion="达到目标", lessons="先查系统校验")
    report = _report(company, number, "PG1")
    assert (report["conclusion"], report["evaluator"], report["lessons"]) == ("EFFECTIVE", QA, "先查系统校验")
    assert report["comparisons"][0]["change"] == "13.3"
    assert report["cost_benefit"][0]["benefit_ratio"] is None
    with pytest.raises(Refused, match="evaluated_before"):
        company.do("conclude_ineffective", number, NOW, by=QA, overall_conclusion="无效", reason="又出现")


@pytest.mark.parametrize("submitted", [False, True])
def test_ineffective_begins_the_next_round_at_the_analysis(company: DemoCompany, submitted: bool) -> None:
    number = capa.effective(company, NOW, severity="MAJOR")
    if submitted:
        capa.standardised(company, number, NOW)
    capa.evaluated(company, number, NOW)
    company.do("conclude_ineffective", number, NOW, by=QA, overall_conclusion="没有保持住", reason="又出现3次")
    here = company.scene(number, NOW)
    assert (here.record.stage, here.record.round) == (Stage.ANALYSIS, 2)
    assert [d.name for d in here.running()] == ["analysis_due"]
    assert _report(company, number, "PG1")["conclusion"] == "INEFFECTIVE"

    capa.planned_again(company, number, NOW)
    capa.done(company, number, NOW)
    capa.verified(company, number, NOW)
    assert _missing(company, number) == ALL
    capa.evaluated(company, number, NOW)
    company.do("conclude_effective", number, NOW, by=QA, overall_conclusion="达到目标")
    assert _report(company, number, "PG2")["conclusion"] == "EFFECTIVE"


def _first(company: DemoCompany, number: str) -> str:
    return company.workflow.available(company.scene(number, NOW), QA)[0].id


def _missing(company: DemoCompany, number: str) -> list[str]:
    with pytest.raises(Refused, match="evaluation_incomplete") as refused:
        company.do("conclude_effective", number, NOW, by=QA, overall_conclusion="达到目标")
    return [message.msgid for message in refused.value.message.params["missing"]]


def _report(company: DemoCompany, number: str, form: str) -> Mapping[str, Any]:
    with company.database.reading() as session:
        issued = storage.form.of_record(session, number)
    return next(one.values for one in issued if one.form_no == f"{number}-{form}")
