"""The grants of the domain: company-wide roles, relations to a record, and roles computed from it."""

from bot.people.who import STAFF, Case, computed, relation, role

__all__ = [
    "acceptor",
    "author",
    "canceller",
    "dept_head",
    "extension_approver",
    "improvement_lead",
    "improvement_manager",
    "mgmt_rep",
    "owner",
    "plan_approver",
    "project_manager",
    "qa",
    "raiser",
    "requester",
    "responsible",
    "staff",
    "submitter",
    "top_mgmt",
    "verifier",
    "watcher",
]

staff = STAFF
qa = role("qa")
mgmt_rep = role("mgmt_rep")
top_mgmt = role("top_mgmt")
improvement_lead = role("improvement_lead")
improvement_manager = role("improvement_manager")

raiser = relation("raiser", lambda case: [case.item.raiser])
author = relation("author", lambda case: [case.record.raiser])
owner = relation("owner", lambda case: [case.item.owner])
project_manager = relation("project_manager", lambda case: [case.item.values.get("project_manager")])
responsible = relation("responsible", lambda case: [case.record.owner])
requester = relation("requester", lambda case: [case.requester])
submitter = relation("submitter", lambda case: [case.submitter])
dept_head = relation("dept_head", lambda case: case.directory.heads(case.item.responsible_dept))
watcher = relation("watcher", lambda case: sorted(case.lasting("watcher")))


def _quality_is_responsible(case: Case) -> bool:
    return case.item.responsible_dept == case.directory.profile.company.qa_department


def _canceller(case: Case) -> str:
    values = case.item.values
    serious = (
        case.item.class_ == "PROJECT"
        or values.get("severity") == "MAJOR"
        or values.get("origin") in ("AUDIT", "COMPLAINT")
        or values.get("source") == "INTERNAL_AUDIT"
    )
    return "mgmt_rep" if serious or _quality_is_responsible(case) else "qa_manager"


def _extension_approver(case: Case) -> str:
    if case.record.values.get("granted_before", 0):
        return case.directory.profile.extensions.second_role
    return "mgmt_rep" if case.item.class_ == "PROJECT" or _quality_is_responsible(case) else "qa_manager"


def _plan_approver(case: Case) -> str:
    if case.item.stage == "TOP_REVIEW":
        return "top_mgmt"
    return "mgmt_rep" if case.item.class_ == "PROJECT" or _quality_is_responsible(case) else "qa_manager"


def _verifier(case: Case) -> str:
    return "mgmt_rep" if _quality_is_responsible(case) else "qa"


def _acceptor(case: Case) -> str:
    return "mgmt_rep" if case.item.values.get("acceptance_conclusion") else _verifier(case)


plan_approver = computed("plan_approver", _plan_approver)
verifier = computed("verifier", _verifier)
acceptor = computed("acceptor", _acceptor)
"""Who is waited for in an acceptance: whoever checks, then whoever decides."""

canceller = computed("canceller", _canceller)
extension_approver = computed("extension_approver", _extension_approver)
