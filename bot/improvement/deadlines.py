"""The deadlines of improvements and extension requests: who is reminded, which steps end them, who hears of delay."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.improvement.stages import CaseStage, ExtensionStage, MeasureStage, Stage
from bot.people.roles import (
    acceptor,
    author,
    extension_approver,
    mgmt_rep,
    owner,
    plan_approver,
    project_manager,
    qa,
    raiser,
    responsible,
    verifier,
)
from bot.people.separation import (
    author_or_left,
    not_author,
    not_implementer,
    not_in_responsible_department,
    not_owner,
    not_prior_approver,
    not_requester,
    not_submitter,
    outside_until_checked,
)
from bot.people.who import Case, Who
from bot.workflow import Scene

case_writer = (author | qa) & author_or_left
"""Goes on with a case: its author, or quality in the place of one who has left."""

case_reviewer = qa & not_author
independent_verifier = verifier & not_owner & not_implementer & not_in_responsible_department
independent_approver = extension_approver & not_owner & not_requester
plan_decider = plan_approver & not_owner & not_submitter & not_requester & not_prior_approver
"""Decides on a plan or charter, on a measure added later, and on the dropping of one."""

acceptance_decider = acceptor & not_owner & not_implementer & outside_until_checked

Levels = tuple[tuple[str, ...], tuple[str, ...]]
"""The offices told of a delay: first and second escalation."""

OFFICE_LEVELS: Mapping[str, Levels] = {
    "qa": (("qa_manager",), ("mgmt_rep",)),
    "qa_manager": (("mgmt_rep",), ("top_mgmt",)),
    "mgmt_rep": (("qa_manager",), ("top_mgmt",)),
    "top_mgmt": (("mgmt_rep", "qa_manager"), ()),
}
OWNER_LEVELS: Levels = (("dept_head", "qa"), ("mgmt_rep",))
RAISER_LEVELS: Levels = (("qa",), ())


@dataclass(frozen=True)
class DeadlineKind:
    """One kind of deadline.

    `holder` is reminded; `expects` are the steps offered with the reminder. `at_once` escalates on the first overdue
    day. One that is only a `mark` is never late: on its day a window opens. In the stages `quiet_in` it runs on without
    reminders: somebody else decides there.
    """

    name: str
    holder: Who
    expects: tuple[str, ...]
    extendable: bool = False
    at_once: bool = False
    mark: bool = False
    quiet_in: tuple[str, ...] = ()

    def levels(self, case: Case) -> Levels:
        """Whom a delay is passed up to, by the office that has to act; of people by name only a raiser is no owner."""
        office = self.holder.office(case)
        if office:
            return OFFICE_LEVELS[office]
        return RAISER_LEVELS if self.holder == raiser else OWNER_LEVELS


DEADLINES: Mapping[str, DeadlineKind] = {
    kind.name: kind
    for kind in (
        DeadlineKind("triage_due", qa, ("assess", "classify_daily", "ask_info")),
        DeadlineKind("info_due", raiser, ("answer_info",), at_once=True),
        DeadlineKind("appeal_due", mgmt_rep, ("overturn_decline", "uphold_decline")),
        DeadlineKind("action_due", owner, ("report_result",), extendable=True),
        DeadlineKind(
            "verify_due",
            independent_verifier,
            ("verify_daily_effective", "return_feedback", "verify_effective", "verify_ineffective"),
        ),
        DeadlineKind("check_date", independent_verifier, (), mark=True),
        DeadlineKind("analysis_due", owner, ("submit_plan",), extendable=True),
        DeadlineKind(
            "approval_due",
            plan_decider,
            (
                *("approve_plan", "reject_plan", "approve_measure", "reject_measure", "approve_drop", "reject_drop"),
                *("approve_charter_rep", "reject_charter_rep", "approve_charter_top", "reject_charter_top"),
            ),
        ),
        DeadlineKind(
            "measure_due",
            responsible,
            ("report_measure_done",),
            extendable=True,
            quiet_in=(MeasureStage.DROP_REVIEW,),
        ),
        DeadlineKind("charter_due", owner, ("submit_charter",), extendable=True),
        DeadlineKind("team_due", owner, ("form_team",)),
        DeadlineKind("report_due", project_manager, ("report_progress",)),
        DeadlineKind("redo_due", project_manager, ("apply_acceptance",)),
        DeadlineKind("resume_due", mgmt_rep, ("resume", "terminate")),
        DeadlineKind(
            "acceptance_due",
            acceptance_decider,
            ("record_acceptance_check", "pass_acceptance", "fail_acceptance"),
        ),
        DeadlineKind("consolidation_due", owner, ("submit_standardization",), extendable=True),
        DeadlineKind("standardize_due", owner, ("submit_standardization",), extendable=True),
        DeadlineKind("closing_due", independent_verifier, ("close", "conclude_effective", "return_standardization")),
        DeadlineKind("case_review_due", case_reviewer, ("publish_case", "return_case")),
        DeadlineKind("extension_due", independent_approver, ("approve_extension", "reject_extension")),
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
    Stage.PLAN_REVIEW: "approval_due",
    Stage.VERIFYING: "verify_due",
    Stage.CHARTER_DRAFT: "charter_due",
    Stage.REP_REVIEW: "approval_due",
    Stage.TOP_REVIEW: "approval_due",
    Stage.ESTABLISHED: "team_due",
    Stage.EXECUTING: "report_due",
    Stage.SUSPENDED: "resume_due",
    Stage.ACCEPTANCE: "acceptance_due",
    Stage.CONSOLIDATING: "consolidation_due",
    Stage.STANDARDIZING: "standardize_due",
    Stage.CLOSING: "closing_due",
    ExtensionStage.REQUESTED: "extension_due",
    MeasureStage.PROPOSED: "approval_due",
    MeasureStage.OPEN: "measure_due",
    MeasureStage.DROP_REVIEW: "approval_due",
    CaseStage.REVIEW: "case_review_due",
}
"""The deadline that a stage waits for, and by it the party it waits for; in some only while that deadline runs."""

WAITS_UNDATED: Mapping[str, Who] = {CaseStage.DRAFT: case_writer}
"""Whom a stage waits for in which nothing is due: a case takes the time it takes."""

REMINDED = tuple(name for name, kind in DEADLINES.items() if not kind.mark)
"""The deadlines that can be missed."""


def waits(here: Scene) -> bool:
    """Whether somebody has to act on a record now.

    A proposed measure waits for nobody while the plan is drafted, and a check for nobody before its day.
    """
    running = {deadline.name: deadline for deadline in here.running()}
    check = running.get("check_date")
    if here.record.stage in WAITS_UNDATED:
        return True
    return WAITS_FOR.get(here.record.stage) in running and (check is None or check.current_due <= here.today)
