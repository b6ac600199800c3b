"""What may be agreed as a criterion, and what satisfies it: compared exactly, never rounded."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.errors import Invalid
from bot.improvement.criterion import EffectCriterion, Measured, met
from bot.workflow.fields import Setting

TODAY = date(2026, 3, 2)
COMMON = {"metric_name": "填写率", "sample_min": "50", "check_procedure": "抽查", "check_delay_days": "30"}
RATE = {
    "criterion_kind": "RATE",
    "baseline_num": "34",
    "baseline_den": "40",
    "target_op": "GE",
    "target_value": "98",
}
COUNT = {"criterion_kind": "COUNT", "baseline_value": "6", "target_op": "LE", "target_value": "1"}


class Nobody:
    """A company without people; a criterion names none."""

    def is_active(self, person: str) -> bool:
        return False

    def has_department(self, name: str) -> bool:
        return False


def agreed(**values: Any) -> EffectCriterion:
    return EffectCriterion.read(COMMON | values, Setting(TODAY, Nobody(), {"delays": frozenset({"30", "60"})}))


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, {}),
        ({"target_value": "85"}, {"target_value": "target_is_baseline"}),
        ({"baseline_num": "1", "baseline_den": "3", "target_value": "33.3333"}, {}),
        ({"target_value": "100.5"}, {"target_value": "over_hundred"}),
        ({"baseline_num": "41"}, {"baseline_num": "part_over_whole"}),
        ({"baseline_den": "0"}, {"baseline_den": "too_small"}),
        ({"baseline_den": None}, {"baseline_den": "figure_missing"}),
        ({"target_op": None, "target_value": None}, {"target_op": "figure_missing", "target_value": "figure_missing"}),
        ({"baseline_value": "3"}, {"baseline_value": "figure_of_other_kind"}),
        ({"sample_min": "0"}, {"sample_min": "too_small"}),
        ({"check_delay_days": "31"}, {"check_delay_days": "not_offered"}),
    ],
)
def test_a_rate_has_numerator_denominator_and_another_target(changes: dict[str, Any], faults: dict[str, str]) -> None:
    assert _faults(**(RATE | changes)) == faults


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        (COUNT, {}),
        (COUNT | {"target_value": "6"}, {"target_value": "target_is_baseline"}),
        (COUNT | {"baseline_value": None}, {"baseline_value": "figure_missing"}),
        (COUNT | {"baseline_num": "1"}, {"baseline_num": "figure_of_other_kind"}),
        ({"criterion_kind": "QUALITATIVE"}, {}),
        ({"criterion_kind": "QUALITATIVE", "target_value": "1"}, {"target_value": "figure_of_other_kind"}),
    ],
)
def test_other_kinds_have_a_value_or_no_figure_at_all(values: dict[str, Any], faults: dict[str, str]) -> None:
    assert _faults(**values) == faults


@pytest.mark.parametrize(
    ("op", "target", "num", "den", "expected"),
    [
        ("GE", "98", "59", "60", True),  # 98.33 %
        ("GE", "98", "58", "60", False),  # 96.67 %
        ("GE", "98", "49", "50", True),  # exactly 98 %
        ("GE", "33.3333", "1", "3", True),
        ("GE", "66.67", "2", "3", False),  # 66.666… is shown as 66.67 and is less
        ("LE", "5", "1", "20", True),
        ("LE", "5", "1001", "20000", False),  # 5.005 %
        ("EQ", "100", "60", "60", True),
        ("EQ", "100", "59", "60", False),
    ],
)
def test_a_rate_is_compared_unrounded(op: str, target: str, num: str, den: str, expected: bool) -> None:
    frozen = RATE | {"target_op": op, "target_value": target}
    assert met(frozen, Measured(num=Decimal(num), den=Decimal(den))) is expected


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        (Measured(value=Decimal(0)), True),
        (Measured(value=Decimal(1)), True),
        (Measured(value=Decimal("1.0001")), False),
        (Measured(), False),
    ],
)
def test_without_a_figure_no_figure_is_met(measured: Measured, expected: bool) -> None:
    assert met(COUNT, measured) is expected


def test_a_judgement_is_the_verifiers_own() -> None:
    assert met({"criterion_kind": "QUALITATIVE"}, Measured())


def _faults(**values: Any) -> dict[str, str]:
    try:
        agreed(**values)
    except Invalid as invalid:
        return {name: message.msgid.removeprefix("invalid.") for name, message in invalid.errors.items()}
    return {}
