"""Asking for a later due date (延期申请): in time, with a reason, once, decided by somebody else."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from sqlmodel import Session

import storage.register
from bot.errors import Mention, Message, Refused
from bot.improvement.deadlines import DEADLINES, independent_approver
from bot.improvement.forms import Reason, WithOpinion, WithReason
from bot.improvement.stages import OPEN, ExtensionStage, MeasureStage
from bot.people.roles import dept_head, owner, requester, responsible
from bot.workdays import DueDate
from bot.workflow import Change, Day, Form, Nothing, Pick, Scene, StepTable
from bot.workflow.step import Values
from storage.deadline import Deadline
from storage.record import Record

asking = StepTable("improvement")
asking_for_measure = StepTable("measure")
extension = StepTable("extension")


class ExtensionWish(Form):
    """Which date, to when, and why."""

    deadline_item: Annotated[str, Pick("deadlines")]
    new_due: Annotated[date, Day(past=False)]
    reason: Reason


def _extendable(scene: Scene) -> list[Deadline]:
    limit = scene.company.profile.extensions.max_per_deadline
    return [
        d
        for d in scene.running()
        if DEADLINES[d.name].extendable and scene.today <= d.current_due and d.extended < limit
    ]


def pending_request(scene: Scene, *deadlines: Deadline) -> Record | None:
    """The request about one of these deadlines that nobody has decided yet."""
    wanted = {deadline.id for deadline in deadlines}
    undecided = (r for r in scene.whole.pending("extension") if "decided_by" not in r.values)
    return next((r for r in undecided if r.values.get("deadline_id") in wanted), None)


def undecided(session: Session) -> frozenset[int]:
    """The deadlines about which somebody has asked and nobody has decided yet, by their ids."""
    found = storage.register.undecided(session, extension.kind, ExtensionStage.REQUESTED)
    return frozenset(request.values["deadline_id"] for request in found)


def _may_ask(scene: Scene) -> None:
    if pending_request(scene, *scene.deadlines):
        raise Refused("extension_pending")
    running = [d for d in scene.running() if DEADLINES[d.name].extendable]
    if running and not _extendable(scene):
        limit = scene.company.profile.extensions.max_per_deadline
        raise Refused("extension_used_up" if running[0].extended >= limit else "extension_too_late")
    if not running:
        raise Refused("nothing_to_extend")


def _offered(scene: Scene) -> Mapping[str, Mapping[str, Message | str]]:
    return {"deadlines": {d.name: Message(f"deadline.{d.name}") for d in _extendable(scene)}}


def _only_one(scene: Scene, _person: str) -> Values:
    offered = _extendable(scene)
    return {"deadline_item": offered[0].name} if len(offered) == 1 else {}


@asking_for_measure.step(
    from_=[MeasureStage.OPEN], who=responsible, when=_may_ask, choices=_offered, preset=_only_one, rank=25
)
@asking.step(from_=OPEN, who=owner, when=_may_ask, choices=_offered, preset=_only_one, rank=25)
def request_extension(change: Change, form: ExtensionWish) -> None:
    """Ask for a later due date (申请延期), on or before it; the original date is kept for ever."""
    deadline = next(d for d in _extendable(change.scene) if d.name == form.deadline_item)
    due = _effective(change, deadline, form.new_due)
    request = change.begin("extension")
    change.cause(
        "begin_extension",
        request,
        deadline_item=deadline.name,
        deadline_id=deadline.id,
        deadline_of=change.record.number,
        wished=form.new_due.isoformat(),
        current_due=deadline.current_due.isoformat(),
        new_due=due.day.isoformat(),
        provisional=due.provisional,
        reason=form.reason,
        granted_before=deadline.extended,
    )
    change.note(request=request.number)


def _effective(change: Change, deadline: Deadline, wished: date) -> DueDate:
    calendar, limit = change.scene.company.calendar, change.profile.extensions.max_wd
    due = calendar.roll_forward(wished)
    if due.day <= deadline.current_due:
        change.invalid("new_due", "not_later", day=deadline.current_due)
    latest = calendar.add(deadline.current_due, limit).day
    if due.day > latest:
        change.invalid("new_due", "too_much_later", day=latest, limit=limit)
    return due


class ExtensionTerms(Form):
    """The request as it begins; filled by the system from the wish."""

    deadline_item: str
    deadline_id: int
    deadline_of: str
    wished: date
    current_due: date
    new_due: date
    provisional: bool
    reason: Reason
    granted_before: int


@extension.step(to=ExtensionStage.REQUESTED)
def begin_extension(change: Change, form: ExtensionTerms) -> None:
    """The request begins: its approver is told, with buttons; whoever asked can withdraw it."""
    change.put(**form.plain())
    change.start("extension_due", working_days=change.profile.deadlines.extension_wd)
    change.tell(
        independent_approver,
        "extension_requested",
        by=Mention(change.record.raiser),
        deadline=Message(f"deadline.{form.deadline_item}"),
        before=form.current_due,
        due=form.new_due,
        n=change.scene.company.calendar.between(form.current_due, form.new_due),
        reason=form.reason,
    )
    change.tell([change.record.raiser], "extension_asked")


def _still_runs(scene: Scene) -> None:
    wanted, new_due = scene.value("deadline_id"), date.fromisoformat(scene.value("new_due"))
    of = scene.of(_holder(scene))
    if not any(d.id == wanted and d.runs and d.current_due < new_due for d in of.deadlines):
        raise Refused("deadline_stopped")


def _holder(scene: Scene) -> Record:
    """The improvement or the measure whose deadline the request is about."""
    number = scene.record.values["deadline_of"]
    return next(record for record in (scene.item, *scene.whole.parts) if record.number == number)


@extension.step(
    from_=[ExtensionStage.REQUESTED],
    to=ExtensionStage.APPROVED,
    who=independent_approver,
    when=_still_runs,
    rank=10,
)
def approve_extension(change: Change, form: WithOpinion) -> None:
    """Grant it (批准延期): the current date moves, the original stays."""
    change.stop("extension_due")
    change.put(decided_by=change.actor, **form.plain())
    names = ("deadline_item", "deadline_id", "new_due", "provisional")
    granted = {name: change.record.values[name] for name in names}
    change.cause("extend_deadline", _holder(change.scene), request=change.record.number, **granted)
    holders = [change.record.raiser, _holder(change.scene).owner, change.scene.item.owner]
    change.tell(holders, "extension_approved", opinion=form.opinion or "")
    change.tell(dept_head, "extension_approved", opinion=form.opinion or "")


@extension.step(from_=[ExtensionStage.REQUESTED], to=ExtensionStage.REJECTED, who=independent_approver, rank=15)
def reject_extension(change: Change, form: WithReason) -> None:
    """Do not grant it (不批准延期); the date stands."""
    change.stop("extension_due")
    change.put(decided_by=change.actor)
    change.tell([change.record.raiser], "extension_rejected", reason=form.reason)


@extension.step(from_=[ExtensionStage.REQUESTED], to=ExtensionStage.WITHDRAWN, who=requester, rank=10)
def withdraw_extension(change: Change, form: Nothing) -> None:
    """Take the request back (撤回申请)."""
    change.stop("extension_due")


@extension.step(from_=[ExtensionStage.REQUESTED], to=ExtensionStage.LAPSED)
def lapse_extension(change: Change, form: Nothing) -> None:
    """The deadline stopped before anybody decided, or moved as far as was asked for (申请失效)."""
    change.stop("extension_due")
    change.tell([change.record.raiser], "extension_lapsed")


class NewDue(Form):
    """The date that was granted."""

    request: str
    deadline_item: str
    deadline_id: int
    new_due: date
    provisional: bool


@asking_for_measure.step(from_=[MeasureStage.OPEN, MeasureStage.DROP_REVIEW])
@asking.step(from_=OPEN)
def extend_deadline(change: Change, form: NewDue) -> None:
    """Move the current due date to what was granted; the original is never overwritten."""
    for deadline in change.scene.running():
        if deadline.id == form.deadline_id:
            moved = {"original_due": deadline.original_due, "before": deadline.current_due}
            change.append("extensions", form.plain() | {k: day.isoformat() for k, day in moved.items()})
            deadline.current_due, deadline.extended = form.new_due, deadline.extended + 1
            deadline.provisional = form.provisional
            change.session.add(deadline)


def lapse_needless(change: Change) -> None:
    """Let requests lapse whose deadline of this record has stopped for good, or lies as late as they ask for."""
    for deadline in change.scene.deadlines:
        request = pending_request(change.scene, deadline)
        if request and (deadline.stopped_on or deadline.current_due.isoformat() >= request.values["new_due"]):
            change.cause("lapse_extension", request)
