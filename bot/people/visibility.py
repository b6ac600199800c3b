"""Who sees what. Number, title, class, stage, department and due date are for every employee; the rest is not.

A case of the library is for every employee once it is published.
"""

from bot.people.who import Case, Separation

INVOLVED = ("owner", "executor", "responsible", "member", "team", "informed")
"""`informed` are those whom quality brought in, by a merge; following by oneself opens nothing."""

OVERSIGHT = ("qa", "improvement_lead", "improvement_manager", "mgmt_rep", "top_mgmt")


READ_BY_ALL = ("PUBLISHED", "RETIRED")
"""Where every employee reads a case."""


def sees_details(person: str, case: Case) -> bool:
    """Whether a person may read more of the item than every employee may."""
    directory, item = case.directory, case.item
    if directory.profile.visibility.details == "all":
        return True
    if item.kind == "case":
        return item.stage in READ_BY_ALL or person == item.raiser or _oversees(person, case)
    if person in (item.raiser, item.owner) or directory.department_of(person) == item.responsible_dept is not None:
        return True
    if _oversees(person, case):
        return True
    return any(r.person == person and r.relation in INVOLVED for r in case.relations)


def _oversees(person: str, case: Case) -> bool:
    return any(person in case.directory.holders(role) for role in OVERSIGHT)


def _is_not_told_anyway(person: str, case: Case) -> bool:
    return person not in case.lasting("watcher") | {case.item.raiser, case.item.owner}


may_see = Separation("not_visible", sees_details)
not_thanked = Separation("thanked_before", lambda person, case: person not in case.lasting("helped"))
not_watching = Separation("already_watching", _is_not_told_anyway)
