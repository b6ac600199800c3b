"""The deadlines of improvements and extension requests: who is reminded, which steps end them, who hears of delay."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.improvement.stages import Stage
from bot.people.roles import extension_approver, mgmt_rep, owner, qa, raiser, verifier
from bot.people.separation import not_implementer, not_in_responsible_department, not_owner, not_requester
from bot.people.who import Who

independent_verifier = verifier & not_owner & not_implementer & not_in_responsible_department
independent_approver = extension_approver & not_owner & not_requester

OWNER_LEVELS = (("dept_head", "qa"), ("mgmt_rep",))
QA_LEVELS = (("qa_manager",), ("mgmt_rep",))
APPROVER_LEVELS = (("mgmt_rep",), ("top_mgmt",))
REP_LEVELS = (("qa_manager",), ("top_mgmt",))
RAISER_LEVELS = (("qa",), ())


@dataclass(frozen=True)
class DeadlineKind:
    """One kind of deadline.

    `holder` is reminded; `expects` are the steps offered with the reminder. `levels` are the roles told when it is
    late: first and second escalation. `at_once` escalates on the first overdue day.
    """

    name: str
    holder: Who
    expects: tuple[str, ...]
    levels: tuple[tuple[str, ...], tuple[str, ...]]
    extendable: bool = False
    at_once: bool = False


DEADLINES: Mapping[str, DeadlineKind] = {
    kind.name: kind
    for kind in (
        DeadlineKind("triage_due", qa, ("assess", "classify_daily", "ask_info"), QA_LEVELS),
        DeadlineKind("info_due", raiser, ("answer_info",), RAISER_LEVELS, at_once=True),
        DeadlineKind("appeal_due", mgmt_rep, ("overturn_decline", "uphold_decline"), REP_LEVELS),
        DeadlineKind("action_due", owner, ("report_result",), OWNER_LEVELS, extendable=True),
        DeadlineKind("verify_due", independent_verifier, ("verify_daily_effective", "return_feedback"), QA_LEVELS),
        DeadlineKind("analysis_due", owner, (), OWNER_LEVELS, extendable=True),
        DeadlineKind("charter_due", owner, (), OWNER_LEVELS, extendable=True),
        DeadlineKind("standardize_due", owner, ("submit_standardization",), OWNER_LEVELS, extendable=True),
        DeadlineKind("closing_due", independent_verifier, ("close", "return_standardization"), QA_LEVELS),
        DeadlineKind("extension_due", independent_approver, ("approve_extension", "reject_extension"), APPROVER_LEVELS),
    )
}

WAITS_FOR: Mapping[str, str] = {
    Stage.SUBMITTED: "triage_due",
    Stage.NEED_INFO: "info_due",
    Stage.APPEALED: "appeal_due",
    Stage.NOTIFIED: "action_due",
    Stage.IN_PROGRESS: "action_due",
    Stage.REPORTED: "verify_due",
    Stage.ANALYSIS: "analysis_due",
    Stage.CHARTER_DRAFT: "charter_due",
    Stage.STANDARDIZING: "standardize_due",
    Stage.CLOSING: "closing_due",
    "REQUESTED": "extension_due",
}
"""The deadline that a stage waits for, and by it the party it waits for."""
