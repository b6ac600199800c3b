"""What the steps of intake, classification and routing ask for. Required fields stand first."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Protocol

from pydantic import model_validator

from bot.errors import Message
from bot.improvement.vocabulary import (
    DETAILS,
    CapaOrigin,
    CapaType,
    ChangeState,
    DailyKind,
    Level,
    Nature,
    ObjectKind,
    Severity,
    Source,
    SourceDetail,
    YesNo,
)
from bot.workflow import Day, Department, Form, Grouped, Line, Member, RecordNumber, Text
from bot.workflow.fields import Setting

Reason = Annotated[str, Text(1000)]
DecisionReason = Annotated[str, Text(1000)]
WhyNot = Annotated[str, Text(500, telling=True)]
Note = Annotated[str | None, Text(1000)]
Evidence = Annotated[str | None, Text(500)]
PastDay = Day(future=False)


class Opportunity(Form):
    """《改进机会识别记录》: what was seen, where, and what it is about."""

    title: Annotated[str, Line(80)]
    description: Annotated[str, Text(3000)]
    source: Source
    source_detail: Annotated[SourceDetail | None, Grouped("source", DETAILS)] = None
    raising_dept: Annotated[str, Department()]
    suggestion: Annotated[str | None, Text(2000)] = None
    affected: Annotated[str | None, Line(200)] = None
    object_kind: ObjectKind | None = None
    occurred_on: Annotated[date | None, PastDay] = None
    expected_benefit: Annotated[str | None, Text(1000)] = None
    related_ref: Annotated[str | None, Line(120)] = None
    recurrence_of: Annotated[str | None, RecordNumber()] = None
    evidence: Evidence = None

    @model_validator(mode="before")
    @classmethod
    def _forget_detail_of_plain_source(cls, data: Any) -> Any:
        """The form opens with a detail chosen; whoever then picks a source without any need not clear it."""
        if data.get("source") not in set(Source) - dict(DETAILS).keys():
            return data
        return {name: value for name, value in data.items() if name != "source_detail"}

    def faults(self, setting: Setting) -> Mapping[str, Message]:
        """A source with details needs one of its own."""
        details = dict(DETAILS).get(self.source, ())
        source = {"source": Message(f"choice.Source.{self.source}")}
        if details and self.source_detail is None:
            return {"source_detail": Message("invalid.detail_missing", source)}
        if self.source_detail and self.source_detail not in details:
            return {"source_detail": Message("invalid.detail_of_other_source", source)}
        return {}


class Amendment(Form):
    """What the raiser may still correct."""

    title: Annotated[str, Line(80)]
    description: Annotated[str, Text(3000)]
    affected: Annotated[str | None, Line(200)] = None
    suggestion: Annotated[str | None, Text(2000)] = None
    expected_benefit: Annotated[str | None, Text(1000)] = None
    evidence: Evidence = None


class Question(Form):
    """What quality needs to know before it can decide."""

    question: Annotated[str, Text(1000)]


class Answer(Form):
    """The raiser's answer."""

    answer: Annotated[str, Text(2000)]
    evidence: Evidence = None


class Scores(Form):
    """The assessment."""

    nature: Nature
    impact: Level
    resource_need: Level
    urgency: Level


class Classification(Form):
    """What every class asks for. Left empty, the owner is the head of the department."""

    impact: Level
    resource_need: Level
    urgency: Level
    responsible_dept: Annotated[str, Department()]
    owner: Annotated[str | None, Member()] = None
    nature: Nature | None = None
    business_impact: Annotated[str | None, Text(1000)] = None
    major_problem: bool = False
    recurrence_of: Annotated[str | None, RecordNumber()] = None


class DailyClassification(Classification):
    """The light class, with the notice's requirement."""

    daily_kind: DailyKind
    requirement: Annotated[str, Text(2000)]
    decision_reason: DecisionReason


class CapaClassification(Classification):
    """Corrective and preventive action."""

    capa_type: CapaType
    severity: Severity
    origin: CapaOrigin
    decision_reason: DecisionReason
    clause_violated: Annotated[str | None, Line(200)] = None


class ProjectClassification(Classification):
    """An improvement project."""

    decision_reason: DecisionReason


class DailyReclassification(DailyClassification):
    """The light class, and why it changes."""

    reason: Reason


class CapaReclassification(CapaClassification):
    """CAPA, and why it changes."""

    reason: Reason


class ProjectReclassification(ProjectClassification):
    """A project, and why it changes."""

    reason: Reason


class WithReason(Form):
    """A reason that must be given."""

    reason: Reason


class MayGiveReason(Form):
    """A reason that may be given."""

    reason: Annotated[str | None, Text(1000)] = None


class WithOpinion(Form):
    """An opinion that may be given."""

    opinion: Annotated[str | None, Text(1000)] = None


class Merge(Form):
    """The open record that goes on for both."""

    merge_into: Annotated[str, RecordNumber()]
    reason: Reason


class NewOwner(Form):
    """Who takes over."""

    new_owner: Annotated[str, Member()]
    reason: Annotated[str | None, Text(1000)] = None


class Reroute(Form):
    """The department that takes over; left empty, its head is the owner."""

    responsible_dept: Annotated[str, Department()]
    owner: Annotated[str | None, Member()] = None
    reason: Reason


class Implementation(Protocol):
    """What every record of something carried out says."""

    @property
    def started_on(self) -> date: ...

    @property
    def completed_on(self) -> date: ...

    @property
    def involves_change(self) -> YesNo: ...

    @property
    def change_no(self) -> str | None: ...

    @property
    def change_state(self) -> ChangeState | None: ...


def implementation_faults(form: Implementation) -> Mapping[str, Message]:
    """Dates in order; a change has its number and was not rolled back (guards `dates_in_order`, `change_recorded`)."""
    faults = {}
    if form.started_on > form.completed_on:
        faults["completed_on"] = Message("invalid.before_start", {"day": form.started_on})
    if form.involves_change is YesNo.YES and not form.change_no:
        faults["change_no"] = Message("invalid.change_no_missing")
    if form.involves_change is YesNo.YES and form.change_state is ChangeState.ROLLED_BACK:
        faults["change_state"] = Message("invalid.change_rolled_back")
    return faults
