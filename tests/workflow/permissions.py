"""The table of who may do what from where, written down by hand from the regulations, not derived from the code."""

from collections.abc import Collection

from bot.improvement.stages import FINAL, Stage

OPEN = frozenset(Stage) - FINAL
TRIAGE = {Stage.SUBMITTED, Stage.NEED_INFO}
REASSIGNABLE = {
    Stage.NOTIFIED,
    Stage.IN_PROGRESS,
    Stage.ANALYSIS,
    Stage.IMPLEMENTING,
    Stage.CHARTER_DRAFT,
    Stage.ESTABLISHED,
    Stage.EXECUTING,
    Stage.CONSOLIDATING,
    Stage.STANDARDIZING,
}
CANCELLABLE = {
    Stage.NOTIFIED,
    Stage.IN_PROGRESS,
    Stage.REPORTED,
    Stage.ANALYSIS,
    Stage.PLAN_REVIEW,
    Stage.IMPLEMENTING,
    Stage.VERIFYING,
    Stage.CHARTER_DRAFT,
    Stage.REP_REVIEW,
    Stage.TOP_REVIEW,
}
RESOURCED = {
    Stage.PLAN_REVIEW,
    Stage.IMPLEMENTING,
    Stage.REP_REVIEW,
    Stage.TOP_REVIEW,
    Stage.ESTABLISHED,
    Stage.EXECUTING,
}
DISPUTABLE = {Stage.NOTIFIED, Stage.ANALYSIS, Stage.CHARTER_DRAFT}
KEPT = {Stage.STANDARDIZING, Stage.CONSOLIDATING, Stage.CLOSING}
KEEPING = {Stage.STANDARDIZING, Stage.CONSOLIDATING}
ANALYSED = {Stage.ANALYSIS, Stage.EXECUTING}
DRAFT = {Stage.CHARTER_DRAFT}
WORKED_ON = {Stage.NOTIFIED, Stage.IN_PROGRESS}

ALL = frozenset(
    {"raiser", "owner", "leader", "executor", "head", "qa", "qa_manager", "manager", "rep", "top", "admin", "other"}
)
QA = {"qa", "qa_manager"}
INVOLVED = {"raiser", "owner", "leader", "executor", "head", "qa", "qa_manager", "manager", "rep", "top"}
"""The raiser, the project's leader, everybody of the responsible department, and those who oversee improvement."""

PERMITTED: dict[str, tuple[Collection[str], Collection[str]]] = {
    "raise_opportunity": (frozenset(), set()),
    "amend_opportunity": (TRIAGE, {"raiser"}),
    "ask_info": ({Stage.SUBMITTED}, QA),
    "answer_info": ({Stage.NEED_INFO}, {"raiser"}),
    "assess": (TRIAGE, QA),
    "classify_daily": (TRIAGE, QA),
    "classify_capa": (TRIAGE, QA),
    "classify_project": (TRIAGE, QA),
    "decline": (TRIAGE, QA),
    "merge": (TRIAGE, QA),
    "link_recurrence": (TRIAGE, QA | {"raiser"}),
    "withdraw": (TRIAGE, {"raiser"}),
    "appeal": ({Stage.REJECTED}, {"raiser"}),
    "uphold_decline": ({Stage.APPEALED}, {"rep"}),
    "overturn_decline": ({Stage.APPEALED}, {"rep"}),
    "reassign_owner": (REASSIGNABLE, {"owner", "head"} | QA),
    "dispute_routing": (DISPUTABLE, {"owner", "head"}),
    "reroute": (WORKED_ON | {Stage.ANALYSIS, Stage.CHARTER_DRAFT}, QA),
    "reclassify_to_daily": ({Stage.ANALYSIS, Stage.CHARTER_DRAFT}, QA),
    "reclassify_to_capa": (WORKED_ON | {Stage.REPORTED, Stage.CHARTER_DRAFT}, QA),
    "reclassify_to_project": (WORKED_ON | {Stage.REPORTED, Stage.ANALYSIS, Stage.IMPLEMENTING}, QA),
    "urge": (OPEN, QA | {"rep"}),
    "cancel": (CANCELLABLE, {"qa_manager"}),
    "confirm_resources": (RESOURCED, {"qa_manager"}),
    "record_monitoring": ({Stage.IN_PROGRESS, Stage.IMPLEMENTING, Stage.EXECUTING}, QA | {"manager"}),
    "accept": ({Stage.NOTIFIED}, {"owner"}),
    "report_result": (WORKED_ON, {"owner"}),
    "return_feedback": ({Stage.REPORTED}, QA),
    "amend_capa_header": ({Stage.ANALYSIS}, QA),
    "describe_problem": ({Stage.ANALYSIS}, {"owner"}),
    "record_containment": ({Stage.ANALYSIS, Stage.IMPLEMENTING}, {"owner"}),
    "add_why": (ANALYSED, {"owner", "leader"}),
    "remove_why": (ANALYSED, {"owner", "leader"}),
    "add_cause": (ANALYSED, {"owner", "leader"}),
    "remove_cause": (ANALYSED, {"owner", "leader"}),
    "add_root_cause": (ANALYSED, {"owner", "leader"}),
    "remove_root_cause": (ANALYSED, {"owner", "leader"}),
    "set_criterion": ({Stage.ANALYSIS}, {"owner"}),
    "add_measure": (ANALYSED | DRAFT | {Stage.IMPLEMENTING}, {"owner", "leader"}),
    "submit_plan": ({Stage.ANALYSIS}, {"owner"}),
    "recall_plan": ({Stage.PLAN_REVIEW}, {"owner"}),
    "approve_plan": ({Stage.PLAN_REVIEW}, {"qa_manager"}),
    "reject_plan": ({Stage.PLAN_REVIEW}, {"qa_manager"}),
    "verify_effective": ({Stage.VERIFYING}, QA),
    "verify_ineffective": ({Stage.VERIFYING}, QA),
    "verify_daily_effective": ({Stage.REPORTED}, QA),
    "verify_daily_ineffective": ({Stage.REPORTED}, QA),
    "add_document_change": (KEEPING, {"owner", "leader"}),
    "remove_document_change": (KEEPING, {"owner", "leader"}),
    "record_training": (KEEPING, {"owner", "leader"}),
    "record_similar_check": (KEEPING, {"owner", "leader"}),
    "mark_closing_na": (KEEPING, {"owner", "leader"}),
    "set_evaluation_periods": (KEPT, set()),
    "add_metric_comparison": (KEPT, set()),
    "remove_metric_comparison": (KEPT, set()),
    "evaluate_feedback": (KEPT, set()),
    "evaluate_cost_benefit": (KEPT, set()),
    "evaluate_conformity": (KEPT, set()),
    "skip_dimension": (KEPT, set()),
    "conclude_effective": (KEPT, set()),
    "conclude_ineffective": (KEPT, set()),
    "draft_case": (KEPT | {Stage.CLOSED}, INVOLVED),
    "edit_charter_basics": (DRAFT, {"owner"}),
    "edit_charter_resources": (DRAFT, {"owner"}),
    "add_objective": (DRAFT, {"owner"}),
    "remove_objective": (DRAFT, {"owner"}),
    "submit_charter": (DRAFT, {"owner"}),
    "recall_charter": ({Stage.REP_REVIEW}, {"owner"}),
    "approve_charter_rep": ({Stage.REP_REVIEW}, {"rep"}),
    "reject_charter_rep": ({Stage.REP_REVIEW}, {"rep"}),
    "approve_charter_top": ({Stage.TOP_REVIEW}, {"top"}),
    "reject_charter_top": ({Stage.TOP_REVIEW}, {"top"}),
    "form_team": ({Stage.ESTABLISHED}, {"owner", "rep"}),
    "change_team": ({Stage.EXECUTING}, {"owner", "leader", "rep"}),
    "report_progress": ({Stage.EXECUTING}, {"leader"}),
    "record_objective_result": ({Stage.EXECUTING, Stage.ACCEPTANCE}, {"leader"}),
    "apply_acceptance": ({Stage.EXECUTING}, {"leader"}),
    "record_acceptance_check": ({Stage.ACCEPTANCE}, QA),
    "pass_acceptance": ({Stage.ACCEPTANCE}, {"rep"}),
    "fail_acceptance": ({Stage.ACCEPTANCE}, {"rep"}),
    "suspend": ({Stage.EXECUTING}, {"rep"}),
    "resume": ({Stage.SUSPENDED}, {"rep"}),
    "terminate": ({Stage.ESTABLISHED, Stage.EXECUTING, Stage.SUSPENDED, Stage.ACCEPTANCE}, {"rep"}),
    "submit_standardization": (KEEPING, {"owner", "leader"}),
    "return_standardization": ({Stage.CLOSING}, QA),
    "close": ({Stage.CLOSING}, QA),
    "request_extension": (OPEN, {"owner"}),
    "add_comment": (frozenset(Stage), INVOLVED),
    "watch": (frozenset(Stage), ALL - {"raiser", "owner"}),
    "unwatch": (frozenset(Stage), set()),
    "extend_deadline": (frozenset(), set()),
    "receive_merged": (frozenset(), set()),
    "begin_verification": (frozenset(), set()),
    "resume_implementation": (frozenset(), set()),
    "open_check": (frozenset(), set()),
    "revise_plan": (frozenset(), set()),
    "recount_due": (frozenset(), set()),
    "escalate": (frozenset(), set()),
    "note_case": (frozenset(), set()),
    "unnote_case": (frozenset(), set()),
}
"""For each step of an improvement: the stages it may start from, and who may take it. The demo company's QA manager is
its improvement lead too. What is walked through here is no CAPA, so nobody evaluates it (see test_evaluation)."""
