"""What the steps of an evaluation ask for, and what follows from the figures; exactly, never in floating point."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated

from bot.errors import Message
from bot.figures import half_up
from bot.improvement.criterion import COMPARE
from bot.improvement.forms import Evidence, PastDay, WhyNot
from bot.improvement.vocabulary import CheckMethod, Dimension, TargetOp, YesNo
from bot.workflow import Form, Line, Number, Pick, Text
from bot.workflow.fields import Setting


class Periods(Form):
    """Which time is compared with which."""

    before_start: Annotated[date, PastDay]
    before_end: Annotated[date, PastDay]
    after_start: Annotated[date, PastDay]
    after_end: Annotated[date, PastDay]

    def faults(self, setting: Setting) -> Mapping[str, Message]:
        """One after the other, and no day in both."""
        pairs = pairwise(self.model_dump().items())
        early = {name: before for (_, before), (name, day) in pairs if day < before}
        faults = {name: Message("invalid.not_in_order", {"day": before}) for name, before in early.items()}
        in_both = {"after_start": Message("invalid.in_both_periods")} if self.after_start == self.before_end else {}
        return in_both | faults


class Comparison(Form):
    """One figure before and after."""

    metric_name: Annotated[str, Line(80)]
    value_before: Annotated[Decimal, Number()]
    value_after: Annotated[Decimal, Number()]
    target_op: TargetOp | None = None
    target_value: Annotated[Decimal | None, Number()] = None
    unit: Annotated[str | None, Line(20)] = None

    def faults(self, setting: Setting) -> Mapping[str, Message]:
        """A target is a figure and on which side of it to be."""
        needed = {"target_op": self.target_op, "target_value": self.target_value}
        lacking = {name: Message("invalid.target_incomplete") for name, value in needed.items() if value is None}
        return lacking if len(lacking) == 1 else {}

    @property
    def met(self) -> YesNo | None:
        """Whether the figure after meets the target; None if there is none."""
        if self.target_op is None or self.target_value is None:
            return None
        return YesNo.YES if COMPARE[self.target_op](self.value_after, self.target_value) else YesNo.NO


class ComparisonRemoval(Form):
    """The comparison that was a mistake."""

    comparison_item: Annotated[str, Pick("comparisons")]


class Feedback(Form):
    """What customers notice of it."""

    feedback_method: CheckMethod
    feedback_sample: Annotated[int, Number(places=0, least=Decimal(1), limit=Decimal(100_001))]
    feedback_finding: Annotated[str, Text(2000)]
    evidence: Evidence = None


class CostBenefit(Form):
    """What it cost and what it brought."""

    input_days: Annotated[Decimal, Number()]
    input_money: Annotated[Decimal, Number()]
    benefit_text: Annotated[str, Text(1000)]
    benefit_money: Annotated[Decimal | None, Number()] = None

    @property
    def ratio(self) -> str | None:
        """Benefit by money spent, as people read it; None where there is nothing to divide by, or nothing to divide."""
        if self.benefit_money is None or not self.input_money:
            return None
        return half_up(Fraction(self.benefit_money) / Fraction(self.input_money))


class Conformity(Form):
    """How well a requirement was met before, and how well now."""

    conformity_clause: Annotated[str, Line(200)]
    conformity_before: Annotated[str, Text(1000)]
    conformity_after: Annotated[str, Text(1000)]


class Omission(Form):
    """Which dimension says nothing here, and why."""

    dimension: Dimension
    na_reason: WhyNot
