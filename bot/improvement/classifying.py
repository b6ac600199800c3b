"""Quality decides the class, at first or again: daily improvement, CAPA or project."""

from typing import Any

from bot.errors import Mention, Message, Refused
from bot.improvement.advice import priority, suggested
from bot.improvement.charter import BASICS, RESOURCES
from bot.improvement.daily import set_aside
from bot.improvement.forms import (
    CapaClassification,
    CapaReclassification,
    Classification,
    DailyClassification,
    DailyReclassification,
    ProjectClassification,
    ProjectReclassification,
)
from bot.improvement.links import earlier_record
from bot.improvement.measures import void_unfinished
from bot.improvement.new_round import begin_round, open_analysis
from bot.improvement.presets import classification
from bot.improvement.stages import TRIAGE, Stage
from bot.improvement.vocabulary import FormCode, ImprovementClass
from bot.people.roles import dept_head, mgmt_rep, qa
from bot.profile import ACTION_WD
from bot.workflow import Change, Guide, Scene, StepTable

classifying = StepTable("improvement")
OF_A_CLASS = (
    *("daily_kind", "requirement", "capa_type", "severity", "origin", "clause_violated"),
    *BASICS,
    *RESOURCES,
)
"""What belongs to one class only, and does not follow an item into another."""

ADVISED = Guide(brief=suggested)


@classifying.step(from_=TRIAGE, to=Stage.NOTIFIED, who=qa, preset=classification, guide=ADVISED, rank=10)
def classify_daily(change: Change, form: DailyClassification) -> None:
    """A daily improvement (日常改进): a notice, and five working days to carry it out and report."""
    _classify(change, form, ImprovementClass.DAILY)
    _begin_daily(change, form)


@classifying.step(from_=TRIAGE, to=Stage.ANALYSIS, who=qa, preset=classification, guide=ADVISED, rank=40)
def classify_capa(change: Change, form: CapaClassification) -> None:
    """Corrective or preventive action (纠正与预防措施): begins with the analysis of causes."""
    _classify(change, form, ImprovementClass.CAPA)
    _begin_capa(change, form)


@classifying.step(from_=TRIAGE, to=Stage.CHARTER_DRAFT, who=qa, preset=classification, guide=ADVISED, rank=45)
def classify_project(change: Change, form: ProjectClassification) -> None:
    """An improvement project (重大改进项目): begins with its charter."""
    _classify(change, form, ImprovementClass.PROJECT)
    _begin_project(change)


def _light_enough(scene: Scene) -> None:
    if scene.record.round != 1 or scene.value("plan_version") or scene.value("charter_version"):
        raise Refused("too_far_for_smaller_class")


def _no_charter_yet(scene: Scene) -> None:
    if scene.value("charter_version"):
        raise Refused("charter_submitted_before")


@classifying.step(
    from_=[Stage.ANALYSIS, Stage.CHARTER_DRAFT],
    to=Stage.NOTIFIED,
    who=qa,
    when=_light_enough,
    preset=classification,
    rank=80,
)
def reclassify_to_daily(change: Change, form: DailyReclassification) -> None:
    """Change to a daily improvement (改为日常改进), only in round 1 and before any plan."""
    _reclassify(change, form, ImprovementClass.DAILY)
    _begin_daily(change, form)
    void_unfinished(change)


@classifying.step(
    from_=[Stage.NOTIFIED, Stage.IN_PROGRESS, Stage.REPORTED, Stage.CHARTER_DRAFT],
    to=Stage.ANALYSIS,
    who=qa,
    when=_no_charter_yet,
    preset=classification,
    rank=80,
)
def reclassify_to_capa(change: Change, form: CapaReclassification) -> None:
    """Change to CAPA (改为纠正预防) under the same number."""
    _reclassify(change, form, ImprovementClass.CAPA)
    _begin_capa(change, form)
    void_unfinished(change)


@classifying.step(
    from_=[Stage.NOTIFIED, Stage.IN_PROGRESS, Stage.REPORTED, Stage.ANALYSIS, Stage.IMPLEMENTING],
    to=Stage.CHARTER_DRAFT,
    who=qa,
    preset=classification,
    rank=85,
)
def reclassify_to_project(change: Change, form: ProjectReclassification) -> None:
    """Change to a project (改为改进项目) under the same number."""
    _reclassify(change, form, ImprovementClass.PROJECT)
    _begin_project(change)
    void_unfinished(change)


def hand_over(change: Change, department: str, person: str | None) -> str:
    """Give the record to a department and a person of it, its head if none is named; returns the owner."""
    heads = change.directory.heads(department)
    owner = person or (heads[0] if heads else None)
    if owner is None:
        change.invalid("owner", "no_head", department=department)
    if change.directory.department_of(owner) != department:
        change.invalid("owner", "not_in_department", person=Mention(owner), department=department)
    change.record.responsible_dept, change.record.owner = department, owner
    change.relate("owner", owner)
    return owner


def issue_notice(change: Change) -> None:
    """《改进措施通知单》 and its clock: five working days from the issue, the day of issue not counted."""
    due = change.start("action_due", working_days=ACTION_WD)
    counted = change.scene.company.calendar.add(change.today, ACTION_WD).counted
    record = change.record
    notice = {
        "title": record.title,
        "responsible_dept": record.responsible_dept,
        "owner": record.owner,
        "daily_kind": change.scene.value("daily_kind"),
        "requirement": change.scene.value("requirement"),
        "action_due": due.original_due.isoformat(),
        "counted_days": [day.isoformat() for day in counted],
    }
    change.issue(FormCode.NOTICE, notice)
    change.note(action_due=due.original_due.isoformat())


def _classify(change: Change, form: Classification, class_: ImprovementClass) -> None:
    record = change.record
    record.class_, record.round = class_, max(record.round, 1)
    if form.recurrence_of:
        record.recurrence_of = earlier_record(change, form.recurrence_of).number
    record.major_problem = form.major_problem
    record.priority = priority(
        impact=int(form.impact), urgency=int(form.urgency), resource_need=int(form.resource_need)
    )
    beside = {"responsible_dept", "owner", "major_problem", "recurrence_of", "reason"}
    change.put(**form.model_dump(mode="json", exclude_none=True, exclude=beside), classified_by=change.actor)
    hand_over(change, form.responsible_dept, form.owner)
    change.stop("triage_due", "info_due")
    change.note(owner=record.owner, priority=record.priority)


def _reclassify(change: Change, form: Any, class_: ImprovementClass) -> None:
    change.stop_all()
    change.withdraw_forms(FormCode.NOTICE, "VOID")
    for code in (FormCode.CAPA_REPORT, FormCode.CHARTER):
        change.withdraw_forms(code, "SUPERSEDED")
    reported = set_aside(change)
    if "measure_taken" in reported:
        change.append("set_aside", reported)
    change.put(**dict.fromkeys(OF_A_CLASS))
    _classify(change, form, class_)


def _begin_daily(change: Change, form: DailyClassification) -> None:
    issue_notice(change)
    _announce(change, "notice", requirement=form.requirement)


def _begin_capa(change: Change, form: CapaClassification) -> None:
    """What was planned and perhaps carried out once in this round stays as it was: then it goes on in the next."""
    if change.scene.value("submitted_in_round") == change.record.round:
        begin_round(change)
    else:
        open_analysis(change, form.plain())
    _announce(change, "capa_begun")


def _begin_project(change: Change) -> None:
    change.start("charter_due", working_days=change.profile.deadlines.charter_wd)
    _announce(change, "project_begun")
    change.tell(mgmt_rep, "project_begun_rep")


def _announce(change: Change, news: str, **params: str) -> None:
    """Owner, department head, raiser, and for a major problem top management, each once and in this order."""
    due = change.scene.running()[-1].current_due
    owner = Mention(change.record.owner or "")
    change.notify(change.record.owner, f"{news}_owner", due=due, **params)
    change.tell(dept_head, f"{news}_dept", owner=owner, due=due)
    if change.record.major_problem:
        change.tell(_top(change), "major_problem")
    change.tell([change.record.raiser], "classified", class_=Message(f"class.{change.record.class_}"))


def _top(change: Change) -> list[str]:
    return [*change.directory.holders("top_mgmt"), *change.directory.holders("mgmt_rep")]
