"""The planned check of a CAPA's effect (验证): on its day, against the frozen criterion, by somebody who took no part.

What had no effect closes the round and opens the next one at the analysis; the earlier round is never changed again.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from bot.errors import Message
from bot.improvement import rounds
from bot.improvement.criterion import POSITIVE, Measured, agreed, in_words, met
from bot.improvement.deadlines import independent_verifier
from bot.improvement.forms import Evidence, PastDay
from bot.improvement.new_round import begin_round
from bot.improvement.presets import checked_today
from bot.improvement.report import plan_part
from bot.improvement.stages import Stage
from bot.improvement.vocabulary import CheckMethod, Conclusion, CriterionKind, FormCode, NotEffective
from bot.people.roles import dept_head
from bot.workflow import Change, Form, Guide, Nothing, Number, Scene, StepTable, Text

effect = StepTable("improvement")
FIGURES: Mapping[str, tuple[str, ...]] = {
    CriterionKind.RATE: ("measured_num", "measured_den"),
    CriterionKind.VALUE: ("measured_value",),
    CriterionKind.COUNT: ("measured_value",),
    CriterionKind.QUALITATIVE: (),
}


@effect.step(from_=[Stage.IMPLEMENTING], to=Stage.VERIFYING)
def begin_verification(change: Change, form: Nothing) -> None:
    """The last measure is settled: the effect is observed for as long as the criterion says, then checked."""
    done, aim = rounds.implemented_on(change.scene), agreed(change.scene)
    observed_until = (done or change.today) + timedelta(days=int(aim["check_delay_days"]))
    check = change.start_on("check_date", observed_until)
    counted_from = max(check.current_due, change.today)
    change.start("verify_due", working_days=change.profile.deadlines.verify_wd, after=counted_from)
    change.note(check_date=check.current_due.isoformat())
    if check.current_due <= change.today:
        _ask_for_check(change)
    else:
        change.tell(independent_verifier, "verification_begun", day=check.current_due)
        change.tell([change.record.owner], "verification_begun", day=check.current_due)


class Returned(Form):
    """The measure that was sent back."""

    measure: str


@effect.step(from_=[Stage.VERIFYING], to=Stage.IMPLEMENTING)
def resume_implementation(change: Change, form: Returned) -> None:
    """A measure was sent back (返回实施): the day of the check is counted anew when it is done."""
    change.stop("check_date", "verify_due")
    change.tell([change.record.owner], "implementation_resumed", number=form.measure)


@effect.step(from_=[Stage.VERIFYING])
def open_check(change: Change, form: Nothing) -> None:
    """The day of the check has come (到验证日): those who verify are asked for it."""
    _ask_for_check(change)


def _ask_for_check(change: Change) -> None:
    change.stop("check_date")
    due = change.scene.deadline("verify_due")
    change.tell(independent_verifier, "check_due", due=due.current_due if due else change.today)


class Check(Form):
    """《改进效果验证记录》 of a CAPA: what was measured, how, and what it shows."""

    verified_on: Annotated[date, PastDay]
    check_method: CheckMethod
    sample_size: Annotated[int, Number(places=0, least=Decimal(1), limit=Decimal(100_001))]
    finding: Annotated[str, Text(2000)]
    measured_num: Annotated[Decimal | None, Number()] = None
    measured_den: Annotated[Decimal | None, Number(least=POSITIVE)] = None
    measured_value: Annotated[Decimal | None, Number()] = None

    @property
    def measured(self) -> Measured:
        """The figures as they were measured."""
        return Measured(self.measured_num, self.measured_den, self.measured_value)


class EffectiveCheck(Check):
    """A check that found the effect; the proof is needed, and before its day a reason."""

    evidence: Annotated[str, Text(500)]
    early_reason: Annotated[str | None, Text(500)] = None


class IneffectiveCheck(Check):
    """A check that did not find it, or only in part. It may come before its day: bad news must not wait."""

    conclusion: NotEffective
    evidence: Evidence = None


def _what_was_agreed(scene: Scene) -> list[Message]:
    check = scene.deadline("check_date")
    day = [Message("criterion.check_date", {"day": check.current_due})] if check else []
    return [*in_words(agreed(scene)), *day]


@effect.step(
    from_=[Stage.VERIFYING],
    to=Stage.STANDARDIZING,
    who=independent_verifier,
    preset=checked_today(CheckMethod.DATA),
    guide=Guide(brief=_what_was_agreed),
    rank=10,
)
def verify_effective(change: Change, form: EffectiveCheck) -> None:
    """Effective (验证有效): only if the figures meet what was agreed, on its day or with a reason."""
    aim, faults = agreed(change.scene), _faults(change.scene, form)
    check = change.scene.deadline("check_date")
    if check and form.verified_on < check.current_due and not form.early_reason:
        faults["early_reason"] = Message("invalid.before_check_date", {"day": check.current_due})
    if form.sample_size < int(aim["sample_min"]):
        faults["sample_size"] = Message("invalid.sample_too_small", {"least": aim["sample_min"]})
    if not faults and not met(aim, form.measured):
        faults[FIGURES[aim["criterion_kind"]][0]] = Message("invalid.target_not_met", {"target": in_words(aim)[0]})
    change.reject(faults)
    change.stop("check_date", "verify_due")
    _file(change, form, Conclusion.EFFECTIVE)
    change.put(effective_in_round=change.record.round, verified_by=change.actor)
    change.start("standardize_due", working_days=change.profile.deadlines.standardize_wd)
    change.tell([change.record.owner], "capa_effective_owner", finding=form.finding)
    change.tell(dept_head, "capa_effective", finding=form.finding)
    change.tell([change.record.raiser], "capa_effective", finding=form.finding)


@effect.step(
    from_=[Stage.VERIFYING],
    to=Stage.ANALYSIS,
    who=independent_verifier,
    preset=checked_today(CheckMethod.DATA),
    guide=Guide(brief=_what_was_agreed),
    rank=15,
)
def verify_ineffective(change: Change, form: IneffectiveCheck) -> None:
    """Not effective (验证无效): the round is closed for good, and the next begins with the analysis."""
    change.reject(_faults(change.scene, form))
    change.stop("check_date", "verify_due")
    _file(change, form, Conclusion(form.conclusion))
    begin_round(change)
    change.tell([change.record.owner], "round_begun_owner", finding=form.finding)
    change.tell(dept_head, "round_begun", finding=form.finding)
    change.tell([change.record.raiser], "round_begun", finding=form.finding)


def _faults(scene: Scene, form: Check) -> dict[str, Message]:
    """Not before the last measure was done, and with exactly the figures that the criterion asks for."""
    aim, done = agreed(scene), rounds.implemented_on(scene)
    needed = FIGURES[aim["criterion_kind"]]
    faults = {name: Message("invalid.figure_needed") for name in needed if getattr(form, name) is None}
    given = [name for names in FIGURES.values() for name in names if getattr(form, name) is not None]
    faults |= {name: Message("invalid.figure_not_asked") for name in given if name not in needed}
    if done and form.verified_on < done:
        faults["verified_on"] = Message("invalid.before_completion", {"day": done})
    measured = form.measured
    if measured.num is not None and measured.den is not None:
        if measured.num > measured.den:
            faults.setdefault("measured_num", Message("invalid.part_over_whole"))
        if form.sample_size != measured.den:
            faults["sample_size"] = Message("invalid.sample_is_denominator")
    return faults


def _file(change: Change, form: Check, conclusion: Conclusion) -> None:
    """Keep the check with its round, and issue 《改进效果验证记录》 with the criterion as it was frozen."""
    check = change.scene.deadline("check_date")
    planned = check.current_due.isoformat() if check else None
    found = form.plain() | {"conclusion": conclusion, "check_date": planned, "verified_by": change.actor}
    change.append(rounds.CHECKS, found)
    change.fill(FormCode.CAPA_REPORT, plan_part(change.scene) | {"check": found})
    change.issue(FormCode.VERIFICATION, found | {"criterion": agreed(change.scene)}, counter=change.record.round)
