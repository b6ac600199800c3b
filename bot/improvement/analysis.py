"""The analysis of a CAPA (原因分析) begins with its header, the problem, and what was done at once."""

from datetime import date
from typing import Annotated

from bot.improvement import rounds
from bot.improvement.forms import Evidence, PastDay, Reason
from bot.improvement.presets import kept
from bot.improvement.stages import Stage
from bot.improvement.vocabulary import CapaOrigin, CapaType, FormCode, Severity
from bot.people.roles import owner, qa
from bot.workflow import Change, Form, Guide, Line, Member, Members, Scene, StepTable, Text
from bot.workflow.step import Values

analysis = StepTable("improvement")
HEADER = ("capa_type", "severity", "origin", "clause_violated")


class CapaHeader(Form):
    """What kind of CAPA it is, and why that changes."""

    capa_type: CapaType
    severity: Severity
    origin: CapaOrigin
    reason: Reason
    clause_violated: Annotated[str | None, Line(200)] = None


@analysis.step(from_=[Stage.ANALYSIS], who=qa, preset=kept(*HEADER), about=HEADER, rank=70)
def amend_capa_header(change: Change, form: CapaHeader) -> None:
    """Correct type, severity or origin (修改类别信息); what failed once is not made lighter."""
    lowered = change.scene.value("severity") == Severity.MAJOR and form.severity is Severity.MINOR
    if lowered and change.record.round > 1:
        change.invalid("severity", "severity_lowered")
    header = dict.fromkeys(HEADER) | form.model_dump(mode="json", include=set(HEADER))
    change.put(**header)
    change.fill(FormCode.CAPA_REPORT, header)
    change.tell([change.record.owner], "header_amended", reason=form.reason)


class Problem(Form):
    """Part 1 of the report: what happened, how far it reaches, and what it does."""

    phenomenon: Annotated[str, Text(2000)]
    scope: Annotated[str, Text(1000)]
    impact_description: Annotated[str, Text(1000)]
    found_on: Annotated[date, PastDay]
    found_by: Annotated[str, Member()]
    team: Annotated[list[str] | None, Members(10)] = None


def _problem_so_far(scene: Scene, _person: str) -> Values:
    """The description in force; before there is one, what was said when it was raised."""
    described = rounds.problem(scene)
    if described:
        return {name: described.values[name] for name in Problem.model_fields if name in described.values}
    record = scene.record
    begun = {
        "phenomenon": (scene.value("description") or "")[:2000],
        "scope": scene.value("affected"),
        "impact_description": scene.value("business_impact"),
        "found_on": scene.value("occurred_on") or record.created_on.isoformat(),
        "found_by": record.raiser if scene.company.directory.is_active(record.raiser) else None,
    }
    return {name: value for name, value in begun.items() if value}


def _undescribed(scene: Scene) -> bool:
    return rounds.problem(scene) is None


@analysis.step(
    from_=[Stage.ANALYSIS],
    who=owner,
    preset=_problem_so_far,
    about=(rounds.PROBLEMS,),
    guide=Guide(wanted=_undescribed),
    rank=30,
)
def describe_problem(change: Change, form: Problem) -> None:
    """Describe the problem (问题描述); an earlier description of the round stays readable."""
    rounds.replace(change, rounds.PROBLEMS, form.plain())
    change.relate("team", *(form.team or ()))


class Containment(Form):
    """What was done at once, before any cause was known."""

    containment: Annotated[str, Text(1000)]
    containment_on: Annotated[date, PastDay]
    evidence: Evidence = None


def _contained_today(scene: Scene, _person: str) -> Values:
    return {"containment_on": scene.today.isoformat()}


@analysis.step(from_=[Stage.ANALYSIS, Stage.IMPLEMENTING], who=owner, preset=_contained_today, rank=44)
def record_containment(change: Change, form: Containment) -> None:
    """Record what was done at once (应急处置)."""
    change.append(rounds.CONTAINMENTS, form.plain())
