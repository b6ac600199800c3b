"""The document revision after an effective check, and the close."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from bot.errors import Mention, Message, Refused
from bot.improvement.deadlines import independent_verifier
from bot.improvement.forms import PastDay, Reason, WithReason
from bot.improvement.stages import Stage
from bot.improvement.vocabulary import FormCode
from bot.people.roles import improvement_lead, owner
from bot.workflow import Change, Form, Line, Pick, Scene, StepTable, Text
from bot.workflow.fields import Setting
from bot.workflow.step import Values

closing = StepTable("improvement")


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


@closing.step(from_=[Stage.STANDARDIZING], who=owner, preset=_revised_today, rank=10)
def add_document_change(change: Change, form: DocumentChange) -> None:
    """Enter a revised document (添加文件修订)."""
    change.append("documents", form.plain())


def _has_documents(scene: Scene) -> None:
    if not scene.lines("documents"):
        raise Refused("no_documents")


def _documents(scene: Scene) -> Mapping[str, Mapping[str, Message | str]]:
    lines = scene.lines("documents")
    return {"documents": {str(e.no): f"{e.values['doc_no']} {e.values['doc_title']}"[:75] for e in lines}}


class DocumentRemoval(Form):
    """Which entry was a mistake, and why."""

    doc_item: Annotated[str, Pick("documents")]
    reason: Reason


@closing.step(from_=[Stage.STANDARDIZING], who=owner, when=_has_documents, choices=_documents, rank=30)
def remove_document_change(change: Change, form: DocumentRemoval) -> None:
    """Strike out a revision entered by mistake (删除文件修订)."""
    change.strike("documents", int(form.doc_item))


class Standards(Form):
    """What the department adds when it submits."""

    note: Annotated[str | None, Text(1000)] = None
    risk_update: Annotated[str | None, Text(500)] = None


@closing.step(from_=[Stage.STANDARDIZING], to=Stage.CLOSING, who=owner, when=_has_documents, rank=15)
def submit_standardization(change: Change, form: Standards) -> None:
    """Submit the revised documents (提交标准化); quality closes."""
    change.put(**form.plain())
    change.stop("standardize_due")
    change.start("closing_due", working_days=change.profile.deadlines.closing_wd)
    change.tell(independent_verifier, "standards_submitted", by=Mention(change.actor))


@closing.step(from_=[Stage.CLOSING], to=Stage.STANDARDIZING, who=independent_verifier, rank=15)
def return_standardization(change: Change, form: WithReason) -> None:
    """Send the documents back (退回标准化); the time for them is counted anew."""
    change.stop("closing_due")
    change.start("standardize_due", working_days=change.profile.deadlines.standardize_wd)
    change.tell([change.record.owner], "standards_returned", reason=form.reason)


class ClosingNote(Form):
    """A closing opinion that may be given."""

    closing_note: Annotated[str | None, Text(1000)] = None


def _effective_and_documented(scene: Scene) -> None:
    if scene.value("effective_in_round") != scene.record.round:
        raise Refused("not_effective_yet")
    _has_documents(scene)


@closing.step(
    from_=[Stage.CLOSING], to=Stage.CLOSED, who=independent_verifier, when=_effective_and_documented, rank=10, ends=True
)
def close(change: Change, form: ClosingNote) -> None:
    """Close it (关闭): only after an effective verification in this round."""
    change.put(**form.plain())
    file_away(change)


def file_away(change: Change) -> None:
    """What every close does: all clocks stop, the notice is filed, everybody concerned hears of it."""
    change.stop_all()
    change.put(closed_by=change.actor, closed_on=change.today.isoformat())
    change.note(filed=FormCode.NOTICE)
    change.tell([change.record.owner], "closed", by=Mention(change.actor))
    change.tell([change.record.raiser], "closed_thanks", by=Mention(change.actor))
    change.tell(sorted(change.scene.case.lasting("watcher")), "closed", by=Mention(change.actor))
    change.tell(improvement_lead, "closed", by=Mention(change.actor))
