"""What will count as effective (有效性准则): written before anything is done, frozen when the plan is approved.

A rate is compared unrounded, numerator times a hundred against target times denominator; and nothing is computed
in floating point.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from operator import eq, ge, le
from typing import Annotated, Any

from bot.errors import Message
from bot.improvement import rounds
from bot.improvement.stages import Stage
from bot.improvement.vocabulary import CriterionKind, TargetOp
from bot.people.roles import owner
from bot.workflow import Change, Form, Guide, Line, Number, Pick, Scene, StepTable, Text
from bot.workflow.fields import Setting
from bot.workflow.step import Values

criterion = StepTable("improvement")
POSITIVE = Decimal("0.0001")
COMPARE: Mapping[TargetOp, Callable[[Any, Any], bool]] = {TargetOp.GE: ge, TargetOp.LE: le, TargetOp.EQ: eq}
OF_RATE, OF_FIGURE = ("baseline_num", "baseline_den"), ("baseline_value",)
TARGET = ("target_op", "target_value")
FIGURES: Mapping[CriterionKind, tuple[str, ...]] = {
    CriterionKind.RATE: (*OF_RATE, *TARGET),
    CriterionKind.VALUE: (*OF_FIGURE, *TARGET),
    CriterionKind.COUNT: (*OF_FIGURE, *TARGET),
    CriterionKind.QUALITATIVE: (),
}
"""The figures that each kind of criterion has; it must not be given any of the others."""


class EffectCriterion(Form):
    """Which figure, from where to where, how it is checked, and how long after the last measure."""

    criterion_kind: CriterionKind
    metric_name: Annotated[str, Line(80)]
    sample_min: Annotated[int, Number(places=0, least=Decimal(1), limit=Decimal(100_001))]
    check_procedure: Annotated[str, Text(500)]
    check_delay_days: Annotated[str, Pick("delays")]
    baseline_num: Annotated[Decimal | None, Number()] = None
    baseline_den: Annotated[Decimal | None, Number(least=POSITIVE)] = None
    baseline_value: Annotated[Decimal | None, Number()] = None
    target_op: TargetOp | None = None
    target_value: Annotated[Decimal | None, Number()] = None
    unit: Annotated[str | None, Line(20)] = None

    @property
    def baseline(self) -> Fraction | None:
        """Where it starts from: a percentage for a rate; None for a judgement without figures."""
        if self.criterion_kind is CriterionKind.RATE and self.baseline_num is not None and self.baseline_den:
            return Fraction(self.baseline_num) * 100 / Fraction(self.baseline_den)
        return Fraction(self.baseline_value) if self.baseline_value is not None else None

    def faults(self, setting: Setting) -> Mapping[str, Message]:
        """Each kind has its own figures, all of them; and the target is not where it stands already."""
        kind = Message(f"choice.CriterionKind.{self.criterion_kind}")
        needed = FIGURES[self.criterion_kind]
        given = {name for names in FIGURES.values() for name in names if getattr(self, name) is not None}
        faults = {name: Message("invalid.figure_missing", {"kind": kind}) for name in needed if name not in given}
        faults |= {name: Message("invalid.figure_of_other_kind", {"kind": kind}) for name in given - {*needed}}
        if self.criterion_kind is CriterionKind.RATE:
            faults |= self._rate_faults()
        if self.target_value is not None and self.baseline == Fraction(self.target_value):
            faults.setdefault("target_value", Message("invalid.target_is_baseline"))
        return faults

    def _rate_faults(self) -> dict[str, Message]:
        faults = {}
        if self.target_value is not None and self.target_value > 100:
            faults["target_value"] = Message("invalid.over_hundred")
        if None not in (self.baseline_num, self.baseline_den) and self.baseline_num > self.baseline_den:  # type: ignore[operator]
            faults["baseline_num"] = Message("invalid.part_over_whole")
        return faults


def _delays(scene: Scene) -> Mapping[str, Mapping[str, Message | str]]:
    choices = scene.company.profile.deadlines.check_delay_choices
    return {"delays": {str(days): Message("ui.days", {"n": days}) for days in choices}}


def _criterion_so_far(scene: Scene, _person: str) -> Values:
    """The criterion in force; a new round begins with that of the round before."""
    found = scene.lines(rounds.CRITERIA)
    kept = (
        {name: found[-1].values[name] for name in EffectCriterion.model_fields if name in found[-1].values}
        if found
        else {}
    )
    return {"check_delay_days": str(scene.company.profile.deadlines.check_delay_days)} | kept


def _not_agreed(scene: Scene) -> bool:
    return bool(rounds.lines(scene, rounds.ROOT_CAUSES)) and rounds.newest(scene, rounds.CRITERIA) is None


@criterion.step(
    from_=[Stage.ANALYSIS],
    who=owner,
    choices=_delays,
    preset=_criterion_so_far,
    about=(rounds.CRITERIA,),
    guide=Guide(wanted=_not_agreed),
    rank=34,
)
def set_criterion(change: Change, form: EffectCriterion) -> None:
    """Say beforehand what will count as effective (设定有效性准则); one a round, replaced until it is approved."""
    rounds.replace(change, rounds.CRITERIA, form.plain())


def agreed(scene: Scene) -> Mapping[str, Any]:
    """The criterion of the round: a draft until the plan is approved, frozen from then on."""
    aim = rounds.newest(scene, rounds.CRITERIA)
    return aim.values if aim else {}


def in_words(aim: Mapping[str, Any]) -> list[Message]:
    """A criterion as sentences: what, from where to where, with which sample, checked how."""
    if not aim:
        return []
    figures = Message(f"criterion.{aim['criterion_kind']}", _figures(aim))
    how = {"n": aim["sample_min"], "how": aim["check_procedure"], "days": aim["check_delay_days"]}
    return [
        Message("criterion.what", {"metric": aim["metric_name"], "figures": figures}),
        Message("criterion.how", how),
    ]


def _figures(aim: Mapping[str, Any]) -> dict[str, Any]:
    names = ("baseline_num", "baseline_den", "baseline_value", "target_value")
    op = {"op": Message(f"choice.TargetOp.{aim['target_op']}")} if "target_op" in aim else {}
    return {name: aim.get(name, "") for name in names} | {"unit": aim.get("unit", "")} | op


@dataclass(frozen=True)
class Measured:
    """What a check found: numerator and denominator for a rate, else a value."""

    num: Decimal | None = None
    den: Decimal | None = None
    value: Decimal | None = None

    @property
    def figure(self) -> Fraction | None:
        """The figure that is compared, unrounded; None where there is none."""
        if self.num is not None and self.den:
            return Fraction(self.num) * 100 / Fraction(self.den)
        return Fraction(self.value) if self.value is not None else None


def figure_in(values: Mapping[str, Any], of: str) -> Fraction | None:
    """The figure that a line of a list gives as its `baseline` or as `measured`; None where there is none."""
    given = (values.get(f"{of}_{part}") for part in ("num", "den", "value"))
    return Measured(*(None if part is None else Decimal(part) for part in given)).figure


def met(frozen: Mapping[str, Any], measured: Measured) -> bool:
    """Whether a measured figure satisfies a frozen criterion; a judgement without figures is the verifier's own."""
    if frozen["criterion_kind"] == CriterionKind.QUALITATIVE:
        return True
    if measured.figure is None:
        return False
    return COMPARE[TargetOp(frozen["target_op"])](measured.figure, Fraction(frozen["target_value"]))
