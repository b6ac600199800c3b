"""The case library (改进案例库): written by somebody, reviewed by somebody else, read by everybody (D-46).

What was published stays readable as it was while its revision is written.
"""

from datetime import date
from typing import Annotated

import storage.record
from bot.errors import Mention
from bot.improvement.case_text import TEXT, CaseText
from bot.improvement.deadlines import case_reviewer, case_writer
from bot.improvement.forms import PastDay, WithReason
from bot.improvement.presets import kept
from bot.improvement.stages import OPEN, CaseStage
from bot.people.roles import author, dept_head, qa, staff
from bot.people.separation import not_author
from bot.people.visibility import not_thanked
from bot.workflow import Change, Form, Line, Members, Nothing, Scene, StepTable, Text
from bot.workflow.step import Values
from storage.record import Record

cases = StepTable("case")
PUBLICATIONS, TRAININGS = "publications", "trainings"


class CaseBeginning(CaseText):
    """A case and where it comes from; filled by the system."""

    source_improvement: str
    responsible_dept: str | None = None


@cases.step(to=CaseStage.DRAFT)
def begin_case(change: Change, form: CaseBeginning) -> None:
    """The case begins: its author gets it, with the buttons to go on writing and to submit."""
    change.record.responsible_dept = form.responsible_dept
    change.record.title = form.case_title
    change.put(**form.model_dump(mode="json", exclude_none=True, exclude={"responsible_dept"}))
    change.notify(change.record.raiser, "case_begun")


@cases.step(from_=[CaseStage.DRAFT], who=author | qa, preset=kept(*TEXT), about=TEXT, rank=15)
def edit_case(change: Change, form: CaseText) -> None:
    """Write on (修改案例); what it said stays in the history, and whoever wrote a part of it does not review it."""
    change.relate("author", change.actor, lasting=True)
    change.put(**form.model_dump(mode="json"))
    if not change.scene.lines(PUBLICATIONS):
        change.record.title = form.case_title


class Submission(Form):
    """What the reviewer should know besides."""

    note: Annotated[str | None, Text(1000)] = None


@cases.step(from_=[CaseStage.DRAFT], to=CaseStage.REVIEW, who=case_writer, rank=10)
def submit_case(change: Change, form: Submission) -> None:
    """Submit it for review (提交案例); from now on the improvement has its case."""
    change.start("case_review_due", working_days=change.profile.deadlines.case_review_wd)
    change.tell(case_reviewer, "case_submitted", by=Mention(change.actor), note=form.note or "")
    _tell_source(change, "note_case")


class Release(Form):
    """An opinion, and whether it sets an example."""

    opinion: Annotated[str | None, Text(1000)] = None
    best_practice: bool = False


@cases.step(from_=[CaseStage.REVIEW], to=CaseStage.PUBLISHED, who=case_reviewer, about=TEXT, rank=10)
def publish_case(change: Change, form: Release) -> None:
    """Publish it (发布案例): every employee may read it."""
    change.stop("case_review_due")
    change.record.title = change.record.values["case_title"]
    change.put(opinion=form.opinion, best_practice=form.best_practice or None)
    change.append(PUBLICATIONS, kept(*TEXT, "best_practice")(change.scene, change.actor))
    change.tell([change.record.raiser], "case_published", opinion=form.opinion or "")
    source = _source(change)
    change.tell([source.owner], "case_published_source", number=source.number)
    if change.profile.channels.knowledge:
        change.post(change.profile.channels.knowledge, "case_for_all", author=Mention(change.record.raiser))


@cases.step(from_=[CaseStage.REVIEW], to=CaseStage.DRAFT, who=case_reviewer, about=TEXT, rank=15)
def return_case(change: Change, form: WithReason) -> None:
    """Send it back (退回案例); until it is submitted again the improvement has no case."""
    change.stop("case_review_due")
    change.tell(case_writer, "case_returned", reason=form.reason)
    _tell_source(change, "unnote_case")


@cases.step(from_=[CaseStage.PUBLISHED], to=CaseStage.DRAFT, who=author | qa, rank=60)
def revise_case(change: Change, form: WithReason) -> None:
    """Write it anew (修订案例); until then everybody reads it as it was published."""
    change.tell(case_writer, "case_to_revise", reason=form.reason)
    _tell_source(change, "unnote_case")


@cases.step(from_=[CaseStage.PUBLISHED], who=staff & not_author & not_thanked, rank=10)
def mark_useful(change: Change, form: Nothing) -> None:
    """Say that it helped (有用), once."""
    change.relate("helped", change.actor, lasting=True)
    change.put(useful=len(change.scene.case.lasting("helped")))


class CaseTraining(Form):
    """Who was taught with the case, and when."""

    training_topic: Annotated[str, Line(120)]
    trained_on: Annotated[date, PastDay]
    attendees: Annotated[list[str], Members(50)]


def _taught_today(scene: Scene, _person: str) -> Values:
    return {"training_topic": scene.record.title, "trained_on": scene.today.isoformat()}


@cases.step(from_=[CaseStage.PUBLISHED], who=qa | dept_head | author, preset=_taught_today, rank=40)
def record_case_training(change: Change, form: CaseTraining) -> None:
    """Record that people were taught with it (记录培训)."""
    change.append(TRAININGS, form.plain())


@cases.step(from_=[CaseStage.DRAFT, CaseStage.PUBLISHED], to=CaseStage.RETIRED, who=qa, rank=70, ends=True)
def retire_case(change: Change, form: WithReason) -> None:
    """Use it no longer (停用案例)."""
    change.tell([change.record.raiser], "case_retired", reason=form.reason)
    _tell_source(change, "unnote_case")


def _source(change: Change) -> Record:
    """The improvement it comes from, locked: always after the case, so that nobody waits for the other."""
    number = change.record.values["source_improvement"]
    return storage.record.lock(change.session, number) or change.refuse("no_record", number=number)


def _tell_source(change: Change, step: str) -> None:
    """Let the improvement know, as long as it is not over."""
    source = _source(change)
    if source.stage in OPEN:
        change.cause(step, source, case=change.record.number)
