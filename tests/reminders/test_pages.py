"""What is due is read page by page, in the order of its dates; every deadline stands on one page."""

import storage.deadline
from bot.improvement.deadlines import REMINDED
from storage.deadline import Due
from tests.support.company import DemoCompany, at


def test_every_deadline_stands_on_one_page(company: DemoCompany) -> None:
    begun = ["2025-04-23 10:00", "2025-04-22 10:00", "2025-04-22 11:00", "2025-04-22 12:00"]
    numbers = [company.daily(at(moment)) for moment in begun]
    closed = company.daily(at("2025-04-21 10:00"))
    company.report_result(closed, at("2025-04-22 10:00"), by="U_ZHOU")
    company.verify_effective(closed, at("2025-04-22 10:00"))
    company.daily(at("2025-05-09 10:00"))  # not due yet
    found = [due.record.number for due in _in_pages_of_one(company)]
    assert found == [*numbers[1:], numbers[0]]


def _in_pages_of_one(company: DemoCompany) -> list[Due]:
    found: list[Due] = []
    with company.database.reading() as session:
        day = at("2025-05-12 09:00").date()
        while page := storage.deadline.due_until(
            session, day, names=REMINDED, limit=1, after=found[-1] if found else None
        ):
            found += page
    return found
