"""What can be done to an item at any time: comment and follow; and what the clock does to it."""

from datetime import date
from typing import Annotated

from bot.errors import Mention, Message
from bot.improvement.deadlines import DEADLINES
from bot.improvement.extension import extension
from bot.improvement.forms import Evidence
from bot.improvement.stages import CaseStage, ExtensionStage, MeasureStage, Stage
from bot.people.roles import staff, watcher
from bot.people.visibility import may_see, not_watching, sees_details
from bot.workflow import Change, Form, Nothing, StepTable, Text
from storage.deadline import Deadline

shared = StepTable("improvement")
shared_by_measures = StepTable("measure")
shared_by_cases = StepTable("case")
ANY = tuple(Stage)


class Comment(Form):
    """What there is to say."""

    comment: Annotated[str, Text(2000)]
    evidence: Evidence = None


@shared.step(from_=ANY, who=staff & may_see, rank=95)
def add_comment(change: Change, form: Comment) -> None:
    """Say something about it (评论); owner and followers are told."""
    change.append("comments", form.plain() | {"by": change.actor, "on": change.today.isoformat()})
    followers = sorted(change.scene.case.lasting("watcher"))
    readers = [person for person in followers if sees_details(person, change.scene.case)]
    change.tell([change.record.owner, *readers], "commented", by=Mention(change.actor), comment=form.comment)
    change.tell(followers, "commented_unseen", by=Mention(change.actor))


@shared.step(from_=ANY, who=staff & not_watching, rank=96)
def watch(change: Change, form: Nothing) -> None:
    """Follow it (关注)."""
    change.relate("watcher", change.actor, lasting=True)


@shared.step(from_=ANY, who=watcher, rank=96)
def unwatch(change: Change, form: Nothing) -> None:
    """Follow it no longer (取消关注)."""
    change.unrelate("watcher", change.actor)


class Recount(Form):
    """A due date counted again by another calendar: where it was, and where it lies now.

    With the day of a check goes the time for it, which is counted from that day.
    """

    deadline: str
    instance: str = ""
    before: date
    new_due: date
    new_original: date
    provisional: bool
    verify_due: date | None = None
    verify_original: date | None = None
    verify_provisional: bool = False


@extension.step(from_=[ExtensionStage.REQUESTED])
@shared_by_measures.step(from_=tuple(MeasureStage))
@shared_by_cases.step(from_=tuple(CaseStage))
@shared.step(from_=ANY)
def recount_due(change: Change, form: Recount) -> None:
    """The calendar was published or changed (重新计算期限): the date moves, and whoever holds it is told if it did."""
    named = (form.deadline, form.instance, form.before)
    running = (d for d in change.scene.running() if (d.name, d.instance, d.current_due) == named)
    deadline = next(running, None) or change.refuse("deadline_stopped")
    _move(change, deadline, form.new_due, form.new_original, form.provisional)
    verification = next((d for d in change.scene.running() if d.name == "verify_due"), None)
    if verification and form.verify_due and form.verify_original:
        verification.counted_from = form.new_due
        _move(change, verification, form.verify_due, form.verify_original, form.verify_provisional)
    if form.new_due != form.before:
        name = Message(f"deadline.{form.deadline}")
        holder = DEADLINES[form.deadline].holder
        change.tell(holder, "due_recounted", deadline=name, before=form.before, due=form.new_due)


def _move(change: Change, deadline: Deadline, due: date, original: date, provisional: bool) -> None:
    deadline.current_due, deadline.original_due, deadline.provisional = due, original, provisional
    deadline.calendar = change.scene.company.calendar.version
    change.session.add(deadline)


class Escalation(Form):
    """Which deadline is late, by how much, and to which level it goes."""

    deadline: str
    rung: str
    overdue_wd: int


@shared_by_cases.step(from_=tuple(CaseStage))
@shared.step(from_=ANY)
def escalate(change: Change, form: Escalation) -> None:
    """The clock passes a late item up; the reminder itself goes with the day's bundle."""
