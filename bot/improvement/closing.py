"""The department submits what keeps the effect, quality closes (D-20)."""

from collections.abc import Mapping
from typing import Annotated

from bot.errors import Mention, Refused
from bot.improvement import rounds, standards
from bot.improvement.deadlines import independent_verifier
from bot.improvement.dimensions import evaluation_due
from bot.improvement.forms import WithReason
from bot.improvement.stages import Stage
from bot.improvement.vocabulary import FormCode, ImprovementClass
from bot.people.roles import improvement_lead, owner, project_manager
from bot.workflow import Change, Form, Guide, Scene, StepTable, Text

closing = StepTable("improvement")


class Standards(Form):
    """What the department adds when it submits."""

    note: Annotated[str | None, Text(1000)] = None
    risk_update: Annotated[str | None, Text(500)] = None


def _complete(scene: Scene) -> bool:
    return not standards.missing(scene)


@closing.step(
    from_=standards.KEEPING,
    to=Stage.CLOSING,
    who=owner | project_manager,
    guide=Guide(wanted=_complete),
    rank=18,
)
def submit_standardization(change: Change, form: Standards) -> None:
    """Submit it (提交标准化); what is missing is named, all of it at once."""
    lacking = standards.missing(change.scene)
    if lacking:
        change.refuse("standards_incomplete", missing=lacking)
    change.put(**form.model_dump())
    change.stop("standardize_due", "consolidation_due")
    lengths, evaluated_first = change.profile.deadlines, evaluation_due(change.scene)
    change.start("closing_due", working_days=lengths.evaluation_wd if evaluated_first else lengths.closing_wd)
    news = "standards_then_evaluation" if evaluated_first else "standards_submitted"
    change.tell(independent_verifier, news, by=Mention(change.actor))


@closing.step(from_=[Stage.CLOSING], to=standards.KEEPING, who=independent_verifier, rank=15)
def return_standardization(change: Change, form: WithReason) -> None:
    """Send it back (退回标准化); the time for it is counted anew."""
    change.stop("closing_due")
    lengths = change.profile.deadlines
    if change.record.class_ == ImprovementClass.PROJECT:
        change.go(Stage.CONSOLIDATING)
        change.start("consolidation_due", working_days=lengths.consolidation_wd)
    else:
        change.go(Stage.STANDARDIZING)
        change.start("standardize_due", working_days=lengths.standardize_wd)
    change.tell(rounds.in_charge(change.scene), "standards_returned", reason=form.reason)


class ClosingNote(Form):
    """A closing opinion that may be given."""

    closing_note: Annotated[str | None, Text(1000)] = None


def _effective_and_kept(scene: Scene) -> None:
    if scene.value("effective_in_round") != scene.record.round:
        raise Refused("not_effective_yet")
    if evaluation_due(scene):
        raise Refused("not_evaluated_yet")
    lacking = standards.missing(scene)
    if lacking:
        raise Refused("standards_incomplete", missing=lacking)


@closing.step(
    from_=[Stage.CLOSING], to=Stage.CLOSED, who=independent_verifier, when=_effective_and_kept, rank=10, ends=True
)
def close(change: Change, form: ClosingNote) -> None:
    """Close it (关闭): only what was found effective in this round and is kept; a grave one also evaluated."""
    change.put(**form.plain())
    if change.record.class_ == ImprovementClass.CAPA:
        change.fill(FormCode.CAPA_REPORT, standards.on_paper(change.scene))
    file_away(change)


FILED: Mapping[str, FormCode] = {
    ImprovementClass.DAILY: FormCode.NOTICE,
    ImprovementClass.CAPA: FormCode.CAPA_REPORT,
    ImprovementClass.PROJECT: FormCode.CHARTER,
}
"""The paper under which an item of each class is filed."""


def file_away(change: Change) -> None:
    """What every close does: all clocks stop, the paper is filed, everybody concerned hears of it."""
    change.stop_all()
    change.put(closed_by=change.actor, closed_on=change.today.isoformat())
    change.note(filed=FILED[change.record.class_ or ""])
    # First: people hear once of a step, and whoever raised it is thanked, even where it was theirs to do.
    change.tell([change.record.raiser], "closed_thanks", by=Mention(change.actor))
    change.tell(rounds.in_charge(change.scene), "closed", by=Mention(change.actor))
    change.tell(sorted(change.scene.case.lasting("watcher")), "closed", by=Mention(change.actor))
    change.tell(improvement_lead, "closed", by=Mention(change.actor))
