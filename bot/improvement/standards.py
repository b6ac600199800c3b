"""What keeps an effect (标准化): revised documents, trainings, the similar check, and what does not apply and why.

All of it belongs to a round, like the effect it keeps; of an earlier round it is only read.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any

from bot.errors import Message, Refused
from bot.improvement import rounds
from bot.improvement.forms import Evidence, PastDay, Reason, WhyNot
from bot.improvement.stages import Stage
from bot.improvement.vocabulary import ClosingItem, ImprovementClass, YesNo
from bot.people.roles import owner, project_manager, qa
from bot.workflow import Change, Form, Guide, Line, Member, Members, Pick, Scene, StepTable, Text
from bot.workflow.fields import Setting
from bot.workflow.step import Values

standardizing = StepTable("improvement")
KEEPING = (Stage.STANDARDIZING, Stage.CONSOLIDATING)
DOCUMENTS, TRAININGS, CASES = "documents", "trainings", "cases"
SIMILAR_CHECKS, NOT_APPLICABLE = "similar_checks", "not_applicable"
KEPT: Mapping[ClosingItem, tuple[str, Message]] = {
    ClosingItem.DOCUMENTS: (DOCUMENTS, Message("missing.document_change")),
    ClosingItem.TRAINING: (TRAININGS, Message("missing.training")),
    ClosingItem.CASE: (CASES, Message("missing.case")),
}
"""The list in which each item is found, and how it is called while it is missing."""


def there(scene: Scene, item: ClosingItem) -> bool:
    """Whether an item was really entered in this round."""
    return bool(rounds.lines(scene, KEPT[item][0]))


def unsettled(scene: Scene) -> list[ClosingItem]:
    """The items that are neither there nor declared not applicable; a daily improvement needs its document only."""
    if scene.item.class_ == ImprovementClass.DAILY:
        return [] if there(scene, ClosingItem.DOCUMENTS) else [ClosingItem.DOCUMENTS]
    waived = {line.values["closing_item"] for line in rounds.lines(scene, NOT_APPLICABLE)}
    return [item for item in ClosingItem if item not in waived and not there(scene, item)]


def missing(scene: Scene) -> list[Message]:
    """What is still to be settled before the close (`closing_complete`); not applicable is never said of everything."""
    left = unsettled(scene)
    found = [KEPT[item][1] for item in left]
    if _similar_unchecked(scene):
        found.append(Message("missing.similar_check"))
    if not left and not any(there(scene, item) for item in ClosingItem):
        found.append(Message("missing.something_real"))
    return found


def on_paper(scene: Scene) -> dict[str, Any]:
    """The last part of 《纠正与预防措施报告》: how the effect of this round is kept."""
    lists = (DOCUMENTS, TRAININGS, CASES, SIMILAR_CHECKS, NOT_APPLICABLE)
    values = {name: scene.item.values.get(name) for name in ("risk_update", "closing_note")}
    return {name: [line.values for line in rounds.lines(scene, name)] for name in lists} | values


def wanted(item: ClosingItem) -> Callable[[Scene], bool]:
    """Whether a step that settles this item is what comes next."""
    return lambda scene: scene.record.stage in KEEPING and item in unsettled(scene)


def _similar_unchecked(scene: Scene) -> bool:
    return scene.item.class_ != ImprovementClass.DAILY and not rounds.lines(scene, SIMILAR_CHECKS)


def enter(change: Change, item: ClosingItem, values: Mapping[str, Any]) -> None:
    """Enter it; that it did not apply is said no more."""
    change.append(KEPT[item][0], values)
    _withdraw_waiver(change, item)


def _withdraw_waiver(change: Change, item: ClosingItem) -> None:
    for line in rounds.lines(change.scene, NOT_APPLICABLE):
        if line.values["closing_item"] == item:
            change.strike(NOT_APPLICABLE, line.no)


class DocumentChange(Form):
    """One revised document of the management system."""

    doc_no: Annotated[str, Line(60)]
    doc_title: Annotated[str, Line(120)]
    new_version: Annotated[str, Line(20)]
    revised_on: Annotated[date, PastDay]
    old_version: Annotated[str | None, Line(20)] = None
    revision_summary: Annotated[str | None, Text(500)] = None

    def faults(self, setting: Setting) -> Mapping[str, Message]:
        """A revision has a new version."""
        same = self.new_version == self.old_version
        return {"new_version": Message("invalid.same_version")} if same else {}


def _revised_today(scene: Scene, _person: str) -> Values:
    return {"revised_on": scene.today.isoformat()}


@standardizing.step(
    from_=KEEPING,
    who=owner | project_manager,
    preset=_revised_today,
    guide=Guide(wanted=wanted(ClosingItem.DOCUMENTS)),
    rank=16,
)
def add_document_change(change: Change, form: DocumentChange) -> None:
    """Enter a revised document (添加文件修订)."""
    enter(change, ClosingItem.DOCUMENTS, form.plain())


def _has_documents(scene: Scene) -> None:
    if not rounds.lines(scene, DOCUMENTS):
        raise Refused("no_documents")


def _documents(scene: Scene) -> Mapping[str, Mapping[str, Message | str]]:
    lines = rounds.lines(scene, DOCUMENTS)
    return {"documents": {str(e.no): f"{e.values['doc_no']} {e.values['doc_title']}"[:75] for e in lines}}


class DocumentRemoval(Form):
    """Which entry was a mistake, and why."""

    doc_item: Annotated[str, Pick("documents")]
    reason: Reason


@standardizing.step(from_=KEEPING, who=owner | project_manager, when=_has_documents, choices=_documents, rank=35)
def remove_document_change(change: Change, form: DocumentRemoval) -> None:
    """Strike out a revision entered by mistake (删除文件修订)."""
    change.strike(DOCUMENTS, int(form.doc_item))


class Training(Form):
    """Who was made familiar with what, and when."""

    training_topic: Annotated[str, Line(120)]
    trained_on: Annotated[date, PastDay]
    attendees: Annotated[list[str], Members(50)]
    trainer: Annotated[str | None, Member()] = None
    evidence: Evidence = None


def _trained_today(scene: Scene, _person: str) -> Values:
    return {"trained_on": scene.today.isoformat()}


@standardizing.step(
    from_=KEEPING,
    who=owner | project_manager,
    preset=_trained_today,
    guide=Guide(wanted=wanted(ClosingItem.TRAINING)),
    rank=30,
)
def record_training(change: Change, form: Training) -> None:
    """Record a training (记录培训)."""
    enter(change, ClosingItem.TRAINING, form.plain())


class SimilarCheck(Form):
    """Where else the same could happen, and whether it does."""

    similar_scope: Annotated[str, Text(1000)]
    similar_found: YesNo
    similar_note: Annotated[str | None, Text(1000)] = None

    def faults(self, setting: Setting) -> Mapping[str, Message]:
        """What was found is told."""
        untold = self.similar_found is YesNo.YES and self.similar_note is None
        return {"similar_note": Message("invalid.similar_note_missing")} if untold else {}


@standardizing.step(from_=KEEPING, who=owner | project_manager, guide=Guide(wanted=_similar_unchecked), rank=31)
def record_similar_check(change: Change, form: SimilarCheck) -> None:
    """Look for the same elsewhere (举一反三); a later check takes the place of an earlier one."""
    rounds.replace(change, SIMILAR_CHECKS, form.plain())
    if form.similar_found is YesNo.YES:
        change.tell(qa, "similar_found", scope=form.similar_scope, note=form.similar_note or "")


class Waiver(Form):
    """What does not apply here, and why not."""

    closing_item: ClosingItem
    na_reason: WhyNot


def _something_may_be_waived(scene: Scene) -> bool:
    return scene.item.class_ != ImprovementClass.DAILY and bool(unsettled(scene))


@standardizing.step(from_=KEEPING, who=owner | project_manager, guide=Guide(wanted=_something_may_be_waived), rank=33)
def mark_closing_na(change: Change, form: Waiver) -> None:
    """Declare an item not applicable (标为不适用): a judgement with its reason, not an empty field."""
    if form.closing_item is ClosingItem.DOCUMENTS and change.scene.item.class_ == ImprovementClass.DAILY:
        change.invalid("closing_item", "document_needed")
    if there(change.scene, form.closing_item):
        change.invalid("closing_item", "is_there")
    _withdraw_waiver(change, form.closing_item)
    change.append(NOT_APPLICABLE, form.plain())
