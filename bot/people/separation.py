"""The separations of duties: who must not judge what. Checked when a button is drawn and again when it is pressed."""

from bot.people.who import Case, Separation


def _not_owner(person: str, case: Case) -> bool:
    return person != case.item.owner and person not in case.in_round("owner")


def _not_implementer(person: str, case: Case) -> bool:
    return person not in case.in_round("executor") | case.in_round("responsible") | case.in_round("member")


def _not_in_responsible_department(person: str, case: Case) -> bool:
    department = case.directory.department_of(person)
    return department is None or department != case.item.responsible_dept


def _outside_until_checked(person: str, case: Case) -> bool:
    checked = case.item.values.get("acceptance_conclusion") is not None
    return checked or _not_in_responsible_department(person, case)


def _not_prior_approver(person: str, case: Case) -> bool:
    return person != case.item.values.get("first_approved_by")


def _not_author(person: str, case: Case) -> bool:
    return person != case.record.raiser and person not in case.lasting("author")


def _author_or_left(person: str, case: Case) -> bool:
    return person == case.record.raiser or not case.directory.is_active(case.record.raiser)


def _not_decider(person: str, case: Case) -> bool:
    return person != case.item.values.get("declined_by")


not_owner = Separation("not_owner", _not_owner)
not_implementer = Separation("not_implementer", _not_implementer)
not_in_responsible_department = Separation("not_in_responsible_department", _not_in_responsible_department)
outside_until_checked = Separation("not_in_responsible_department", _outside_until_checked)
not_prior_approver = Separation("not_prior_approver", _not_prior_approver)
not_requester = Separation("not_requester", lambda person, case: person != case.requester)
not_submitter = Separation("not_submitter", lambda person, case: person != case.submitter)
not_author = Separation("not_author", _not_author)
author_or_left = Separation("author_is_here", _author_or_left)
not_raiser = Separation("not_raiser", lambda person, case: person != case.item.raiser)
not_decider = Separation("not_decider", _not_decider)
