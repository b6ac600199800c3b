"""From the raising of an opportunity to the decision about it: ask, assess, decline, merge, withdraw, appeal."""

from datetime import date

import storage.record
from bot.errors import Mention, Message, Refused
from bot.improvement.advice import advise, priority
from bot.improvement.alike import look, still_open
from bot.improvement.forms import (
    Amendment,
    Answer,
    MayGiveReason,
    Merge,
    Opportunity,
    Question,
    Scores,
    WithReason,
)
from bot.improvement.links import earlier_record, existing_record
from bot.improvement.presets import kept, own_department
from bot.improvement.stages import OPEN, TRIAGE, Stage
from bot.improvement.vocabulary import FormCode
from bot.people.roles import mgmt_rep, qa, raiser, staff
from bot.people.separation import not_decider, not_raiser
from bot.workflow import Change, Form, Scene, StepTable

intake = StepTable("improvement")
AMENDABLE = tuple(Amendment.model_fields)
SCORES = tuple(Scores.model_fields)
appeal_judge = mgmt_rep & not_decider & not_raiser


@intake.step(to=Stage.SUBMITTED, who=staff, preset=own_department)
def raise_opportunity(change: Change, form: Opportunity) -> None:
    """Raise an opportunity (提出改进机会). Everybody may."""
    if form.recurrence_of:
        change.record.recurrence_of = earlier_record(change, form.recurrence_of).number
    change.record.title = form.title
    change.put(**form.model_dump(mode="json", exclude_none=True, exclude={"title", "recurrence_of"}))
    look(change)
    change.start("triage_due", working_days=change.profile.deadlines.triage_wd)
    change.issue(FormCode.OPPORTUNITY, form.plain(), counter=0)
    change.notify(change.actor, "raise_confirmed")
    change.post(change.profile.channels.quality, "raised", raiser=Mention(change.actor))


@intake.step(from_=TRIAGE, who=raiser, preset=kept(*AMENDABLE), about=AMENDABLE, rank=20)
def amend_opportunity(change: Change, form: Amendment) -> None:
    """Correct what was raised (修改内容); the old text stays in the history."""
    change.record.title = form.title
    change.put(**{name: getattr(form, name) for name in AMENDABLE if name != "title"})
    look(change)


@intake.step(from_=[Stage.SUBMITTED], to=Stage.NEED_INFO, who=qa, rank=15)
def ask_info(change: Change, form: Question) -> None:
    """Ask the raiser (要求补充); the triage clock waits for the answer."""
    change.put(question=form.question)
    change.pause("triage_due")
    change.start("info_due", working_days=change.profile.deadlines.info_wd)
    change.tell([change.record.raiser], "info_asked", question=form.question)


@intake.step(from_=[Stage.NEED_INFO], to=Stage.SUBMITTED, who=raiser, rank=10)
def answer_info(change: Change, form: Answer) -> None:
    """Answer quality's question (补充说明); the triage clock runs on."""
    change.put(answer=form.answer, evidence=form.evidence or change.scene.value("evidence"))
    change.stop("info_due")
    change.resume("triage_due")
    change.tell(qa, "info_answered", answer=form.answer)


@intake.step(from_=TRIAGE, who=qa, preset=kept(*SCORES), about=SCORES, rank=30)
def assess(change: Change, form: Scores) -> None:
    """Score it (评估); the suggested class and the priority are shown, nothing is decided."""
    change.put(**form.plain())
    score = priority(impact=int(form.impact), urgency=int(form.urgency), resource_need=int(form.resource_need))
    change.record.priority = score
    suggestion = advise(change.scene)
    if suggestion:
        change.note(suggested_class=suggestion.class_, priority=score)
        change.notify(
            change.actor,
            "assessed",
            class_=Message(f"class.{suggestion.class_}"),
            reason=Message(f"advice.{suggestion.reason}"),
            priority=f"{score / 100:.2f}",
        )


@intake.step(from_=TRIAGE, to=Stage.REJECTED, who=qa, rank=60)
def decline(change: Change, form: WithReason) -> None:
    """Do not adopt it (不采纳), with a reason the raiser reads and may appeal against."""
    change.put(declined_by=change.actor, declined_on=change.today.isoformat(), declined_because=form.reason)
    change.stop("triage_due", "info_due")
    change.tell([change.record.raiser], "declined", reason=form.reason)


@intake.step(from_=TRIAGE, to=Stage.MERGED, who=qa, preset=still_open, rank=65)
def merge(change: Change, form: Merge) -> None:
    """Merge it into an open record (合并); its people follow that one from now on."""
    target = existing_record(change, form.merge_into, "merge_into")
    if target.number == change.record.number:
        change.invalid("merge_into", "same_record")
    storage.record.lock(change.session, target.number)
    if target.ended_on is not None:
        change.invalid("merge_into", "record_ended", number=target.number)
    change.put(merged_into=target.number)
    change.stop("triage_due", "info_due")
    people = sorted({change.record.raiser} | change.scene.case.lasting("watcher"))
    change.cause("receive_merged", target, merged=change.record.number, people=people)
    change.tell(people, "merged", into=target.number, reason=form.reason)


class Merged(Form):
    """Which record was merged into this one, and who comes with it."""

    merged: str
    people: list[str]


@intake.step(from_=OPEN)
def receive_merged(change: Change, form: Merged) -> None:
    """Another record was merged into this one (并入): its people follow this one, and may read it."""
    for relation in ("watcher", "informed"):
        change.relate(relation, *form.people, lasting=True)


@intake.step(from_=TRIAGE, to=Stage.WITHDRAWN, who=raiser, rank=70)
def withdraw(change: Change, form: MayGiveReason) -> None:
    """Take it back (撤回)."""
    change.stop("triage_due", "info_due")
    change.tell(qa, "withdrawn", reason=form.reason or "")


def _may_still_appeal(scene: Scene) -> None:
    values, limit = scene.record.values, scene.company.profile.deadlines.appeal_window_wd
    if values.get("appealed"):
        raise Refused("appealed_before")
    passed = scene.company.calendar.between(date.fromisoformat(values["declined_on"]), scene.today)
    if passed > limit:
        raise Refused("appeal_too_late", days=limit)


@intake.step(from_=[Stage.REJECTED], to=Stage.APPEALED, who=raiser, when=_may_still_appeal, rank=10)
def appeal(change: Change, form: WithReason) -> None:
    """Appeal to the management representative (申诉), once."""
    change.put(appealed=True)
    change.start("appeal_due", working_days=change.profile.deadlines.appeal_wd)
    change.tell(appeal_judge, "appealed", reason=form.reason)


@intake.step(from_=[Stage.APPEALED], to=Stage.REJECTED, who=appeal_judge, rank=15)
def uphold_decline(change: Change, form: WithReason) -> None:
    """Stand by the decision (维持原决定); there is no second appeal."""
    change.stop("appeal_due")
    change.tell([change.record.raiser], "decline_upheld", reason=form.reason)
    change.tell(qa, "decline_upheld", reason=form.reason)


@intake.step(from_=[Stage.APPEALED], to=Stage.SUBMITTED, who=appeal_judge, rank=10)
def overturn_decline(change: Change, form: WithReason) -> None:
    """Have it taken up after all (改为受理)."""
    change.stop("appeal_due")
    change.start("triage_due", working_days=change.profile.deadlines.triage_wd)
    change.tell([change.record.raiser], "decline_overturned", reason=form.reason)
    change.tell(qa, "decline_overturned", reason=form.reason)
