"""A project pauses, goes on, or ends before its time (暂停、恢复、终止); the management representative decides (D-23).

While it is suspended nobody is reminded of anything but the day on which it is to go on: every clock keeps the working
days that it had left (T11).
"""

from datetime import date
from typing import Annotated

from bot.errors import Mention
from bot.improvement.extension import extension
from bot.improvement.forms import Note, Reason, WithReason
from bot.improvement.measures import measures, void_unfinished
from bot.improvement.stages import ExtensionStage, MeasureStage, Stage
from bot.improvement.team import everybody
from bot.people.roles import mgmt_rep, top_mgmt
from bot.people.separation import not_owner
from bot.workflow import Change, Day, Form, Nothing, StepTable
from storage.record import Record

halting = StepTable("improvement")
PAUSED = ("report_due", "redo_due")
UNFINISHED = (MeasureStage.PROPOSED, MeasureStage.OPEN, MeasureStage.DROP_REVIEW)


class Suspension(Form):
    """Why it pauses, and until when that is thought to last."""

    reason: Reason
    resume_by: Annotated[date, Day(past=False)]


@halting.step(from_=[Stage.EXECUTING], to=Stage.SUSPENDED, who=mgmt_rep, rank=80)
def suspend(change: Change, form: Suspension) -> None:
    """Suspend it (暂停项目): its clocks stand still, and those of its milestones and of requests for more time."""
    for name in PAUSED:
        change.pause(name)
    for part in _unfinished(change):
        change.cause("pause_clocks", part)
    due = change.start_on("resume_due", form.resume_by)
    told = {"by": Mention(change.actor), "reason": form.reason, "due": due.current_due}
    change.tell([*everybody(change.scene), *_responsible(change)], "suspended", **told)


class Resumption(Form):
    """What there is to say to those who go on."""

    note: Note = None


@halting.step(from_=[Stage.SUSPENDED], to=Stage.EXECUTING, who=mgmt_rep, rank=10)
def resume(change: Change, form: Resumption) -> None:
    """Let it go on (恢复项目): each clock with the working days it had left, at least one."""
    change.stop("resume_due")
    change.put(resumed_on=change.today.isoformat())
    for name in PAUSED:
        change.resume(name)
    for part in _unfinished(change):
        change.cause("resume_clocks", part)
    change.tell([*everybody(change.scene), *_responsible(change)], "resumed", note=form.note or "")


@halting.step(
    from_=[Stage.ESTABLISHED, Stage.EXECUTING, Stage.SUSPENDED, Stage.ACCEPTANCE],
    to=Stage.TERMINATED,
    who=mgmt_rep & not_owner,
    rank=90,
    ends=True,
)
def terminate(change: Change, form: WithReason) -> None:
    """End it for good (终止项目); what is unfinished of its milestones is void."""
    change.stop_all()
    told = {"by": Mention(change.actor), "reason": form.reason}
    change.tell([*everybody(change.scene), change.record.raiser], "terminated", **told)
    change.tell(top_mgmt, "terminated", **told)
    void_unfinished(change)


def _unfinished(change: Change) -> list[Record]:
    # A milestone that goes on may make a request needless, so requests come first.
    return [*change.scene.pending("extension"), *change.scene.pending("measure")]


def _responsible(change: Change) -> list[str | None]:
    return [measure.owner for measure in change.scene.pending("measure")]


@extension.step(from_=[ExtensionStage.REQUESTED])
@measures.step(from_=UNFINISHED)
def pause_clocks(change: Change, form: Nothing) -> None:
    """The project is suspended (暂停计时): the clocks of its parts stand still."""
    for deadline in change.scene.running():
        change.pause(deadline.name)


@extension.step(from_=[ExtensionStage.REQUESTED])
@measures.step(from_=UNFINISHED)
def resume_clocks(change: Change, form: Nothing) -> None:
    """The project goes on (恢复计时), and with it the clocks of its parts."""
    for deadline in change.scene.deadlines:
        if deadline.stopped_on is None:
            change.resume(deadline.name)
