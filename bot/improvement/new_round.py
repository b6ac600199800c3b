"""A round begins: the analysis of a CAPA, at first or because the last round had no effect; a project goes on."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.errors import Message
from bot.improvement.reports import expect_report, first_month
from bot.improvement.similar import closed_like
from bot.improvement.vocabulary import FormCode
from bot.people.roles import mgmt_rep
from bot.workflow import Change

OF_A_ROUND = (
    "submitted_by",
    "submitted_in_round",
    "plan_note",
    "plan_approved_by",
    "plan_approved_on",
    "opinion",
    "resources_ok",
    "resources_note",
    "effective_in_round",
    "verified_by",
    "evaluated_in_round",
    "note",
    "risk_update",
)
"""What is said of one round only, and begins anew with the next; it stays readable in the reports and the history."""

OF_A_PROJECT_ROUND = (
    *("acceptance_conclusion", "effective_in_round", "verified_by", "evaluated_in_round", "opinion"),
    *("note", "risk_update", "resources_ok", "resources_note"),
)
"""The same of a project, whose charter and plan stay approved."""


def open_analysis(change: Change, header: Mapping[str, Any]) -> None:
    """Start the owner's clock, open 《纠正与预防措施报告》 of the round, and look for similar closed items."""
    change.start("analysis_due", working_days=change.profile.deadlines.analysis_wd)
    change.issue(FormCode.CAPA_REPORT, {**header, **whose(change)}, counter=change.record.round)
    look_for_similar(change)


def look_for_similar(change: Change) -> None:
    """Keep what the department learned from similar items; of another department's nothing is shown."""
    similar = closed_like(change.session, change.scene)
    change.put(similar=similar or None)
    change.note(similar=[found["number"] for found in similar])


def whose(change: Change) -> dict[str, Any]:
    """Who answers for it, as the report says."""
    return {"responsible_dept": change.record.responsible_dept, "owner": change.record.owner}


def begin_round(change: Change) -> None:
    """Open the next round; a stubborn problem is told to the management representative."""
    record = change.record
    record.round += 1
    change.put(**dict.fromkeys(OF_A_ROUND))
    change.relate("owner", *filter(None, [record.owner]))
    names = ("capa_type", "severity", "origin", "clause_violated")
    open_analysis(change, {name: change.scene.value(name) for name in names})
    if record.round >= change.profile.capa.mgmt_rep_from_round:
        change.tell(mgmt_rep, "stubborn", round=Message("ui.round", {"n": record.round}))


def begin_project_round(change: Change, redo_by: date) -> None:
    """Let a project go on until a date, with the same people; why it failed is to be analysed first (D-26)."""
    record, scene = change.record, change.scene
    record.round += 1
    change.put(**dict.fromkeys(OF_A_PROJECT_ROUND))
    change.relate("owner", *filter(None, [record.owner]))
    change.relate("member", scene.value("project_manager"), *scene.value("members"))
    change.start_on("redo_due", redo_by)
    expect_report(change, first_month(scene, change.today))
