"""What stands in which list of the digest of Monday 2025-05-12."""

from datetime import timedelta

from tests.digest.desk import Desk
from tests.support import capa
from tests.support.company import DemoCompany, at

MONDAY = "2025-05-12 09:00"
BEFORE_MAY = at("2025-04-29 14:00")  # five working days from here end on Friday 2025-05-09
LAST_WEEK = at("2025-05-07 10:00")  # five working days from here end on Wednesday 2025-05-14


def test_an_empty_week_still_has_its_figures(desk: Desk) -> None:
    digest = desk.digest(MONDAY)
    assert digest["week"] == "2025-W20"
    assert digest["counts"] == {"new": 0, "closed": 0, "overdue": 0, "due": 0}
    assert digest["open"] == {}


def test_the_figures(company: DemoCompany, desk: Desk) -> None:
    company.daily(BEFORE_MAY)
    company.daily(LAST_WEEK)
    company.raise_(LAST_WEEK)
    closed = company.daily(LAST_WEEK)
    company.report_result(closed, LAST_WEEK, by="U_ZHOU")
    company.verify_effective(closed, LAST_WEEK)
    digest = desk.digest(MONDAY)
    assert digest["counts"] == {"new": 3, "closed": 1, "overdue": 1, "due": 2}
    assert digest["open"] == {"": 1, "DAILY": 2}


def test_major_problems_stand_until_they_are_closed(company: DemoCompany, desk: Desk) -> None:
    number = company.daily(BEFORE_MAY, major_problem=True)
    company.daily(BEFORE_MAY)
    assert desk.lines(MONDAY, "major", "number", "stage", "age_wd") == [(number, "NOTIFIED", 6)]


def test_the_overdue_ones_with_their_holder_the_longest_first(company: DemoCompany, desk: Desk) -> None:
    slightly = company.daily(BEFORE_MAY, owner="U_CHEN")
    badly = company.daily(at("2025-04-22 10:00"), department="通信部")
    facts = ("number", "department", "holders", "overdue_wd", "very_late")
    assert desk.lines(MONDAY, "overdue", *facts) == [
        (badly, "通信部", ["U_HE"], 7, True),
        (slightly, "信息部", ["U_CHEN"], 1, False),
    ]


def test_what_is_due_from_today_to_sunday(company: DemoCompany, desk: Desk) -> None:
    wednesday = company.daily(LAST_WEEK)
    monday = company.daily(at("2025-05-02 10:00"))
    company.daily(at("2025-05-12 08:00"))  # due on Monday of next week
    assert desk.lines(MONDAY, "due", "number", "due") == [(monday, "2025-05-12"), (wednesday, "2025-05-14")]


def test_decisions_wait_for_whoever_has_to_decide(company: DemoCompany, desk: Desk) -> None:
    reported = company.daily(BEFORE_MAY)
    company.report_result(reported, at("2025-05-06 10:00"), by="U_ZHOU")
    asked = company.daily(LAST_WEEK, department="通信部")
    request = company.request_extension(asked, at("2025-05-09 10:00"), by="U_HE", new_due="2025-05-20")
    assert desk.lines(MONDAY, "decisions", "number", "stage", "waiting_wd", "holders") == [
        (reported, "REPORTED", 4, ["U_LIU", "U_TANG"]),
        (request, "REQUESTED", 1, ["U_TANG"]),
    ]


def test_what_awaits_triage_the_oldest_first(company: DemoCompany, desk: Desk) -> None:
    asked = company.raise_(BEFORE_MAY)
    company.ask_info(asked, LAST_WEEK)
    submitted = company.raise_(LAST_WEEK)
    company.daily(LAST_WEEK)
    assert desk.lines(MONDAY, "triage", "number", "stage", "age_wd") == [
        (asked, "NEED_INFO", 6),
        (submitted, "SUBMITTED", 3),
    ]


def test_the_news_of_the_window_only(company: DemoCompany, desk: Desk) -> None:
    company.raise_(at(MONDAY) - timedelta(days=8))
    number = company.raise_(at(MONDAY) - timedelta(minutes=2), by="U_WU")
    assert desk.lines(MONDAY, "new", "number", "raiser", "source") == [(number, "U_WU", "STAFF_SUGGESTION")]
    company.raise_(at(MONDAY) + timedelta(minutes=1), by="U_SUN")
    assert desk.lines("2025-05-19 09:00", "new", "raiser") == ["U_SUN"]


def test_what_was_in_flight_at_the_digest_is_news_of_the_next(company: DemoCompany, desk: Desk) -> None:
    """A step that began before the digest and was committed after it."""
    assert desk.lines(MONDAY, "new", "number") == []
    number = company.raise_(at(MONDAY) - timedelta(seconds=59))
    assert desk.lines("2025-05-19 09:00", "new", "number") == [number]


def test_what_is_news_of_the_next_digest_is_not_news_of_this_one(company: DemoCompany, desk: Desk) -> None:
    number = company.raise_(at(MONDAY) - timedelta(seconds=59))
    assert desk.lines(MONDAY, "new", "number") == []
    assert desk.lines("2025-05-19 09:00", "new", "number") == [number]


def test_closed_with_the_rounds_it_took(company: DemoCompany, desk: Desk) -> None:
    number = company.daily(LAST_WEEK)
    company.report_result(number, LAST_WEEK, by="U_ZHOU")
    company.verify_effective(number, LAST_WEEK)
    assert desk.lines(MONDAY, "closed", "number", "result", "rounds") == [(number, "EFFECTIVE", 1)]


def test_no_effect_and_recurrences(company: DemoCompany, desk: Desk) -> None:
    first = company.daily(at("2025-04-21 10:00"))
    company.report_result(first, LAST_WEEK, by="U_ZHOU")
    company.verify_ineffective(first, LAST_WEEK)
    company.raise_(at("2025-04-22 10:00"), recurrence_of=first)
    again = company.raise_(LAST_WEEK, recurrence_of=first)
    found = desk.digest(MONDAY)["lists"]["ineffective"]["lines"]
    assert [(f["what"], f["number"]) for f in found] == [("ineffective", first), ("recurrence", again)]
    assert (found[1]["of"], found[1]["times"]) == (first, 2)


def test_an_evaluation_that_finds_no_effect(company: DemoCompany, desk: Desk) -> None:
    number = capa.effective(company, LAST_WEEK, severity="MAJOR")
    capa.evaluated(company, number, LAST_WEEK)
    company.do("conclude_ineffective", number, LAST_WEEK, by="U_LIU", overall_conclusion="没有保持住", reason="又出现")
    assert desk.lines(MONDAY, "ineffective", "number") == [number]


def test_extensions_granted_with_both_dates(company: DemoCompany, desk: Desk) -> None:
    number = company.daily(BEFORE_MAY)
    request = company.request_extension(number, LAST_WEEK, by="U_ZHOU", new_due="2025-05-16")
    company.approve_extension(request, LAST_WEEK)
    facts = ("number", "original_due", "new_due")
    assert desk.lines(MONDAY, "extensions", *facts) == [(number, "2025-05-09", "2025-05-16")]


def test_what_nobody_can_act_on(company: DemoCompany, desk: Desk) -> None:
    """The owner of one item has left; of those who might verify the other, nobody is far enough from it."""
    orphan = company.daily(LAST_WEEK, owner="U_CHEN")
    judged = company.daily(LAST_WEEK, department="通信部")
    company.report_result(judged, LAST_WEEK, by="U_HE", executors=["U_LIU", "U_TANG", "U_MA", "U_GUO"])
    company.deactivate("U_CHEN")
    assert desk.lines(MONDAY, "nobody", "number", "why") == [(orphan, "owner_left"), (judged, "nobody")]


def test_thanks_to_everybody_who_raised_something_once(company: DemoCompany, desk: Desk) -> None:
    for person in ("U_WU", "U_CHEN", "U_WU"):
        company.raise_(LAST_WEEK, by=person)
    assert desk.lines(MONDAY, "thanks", "person") == ["U_WU", "U_CHEN"]  # 吴 stands before 陈 in the code table


def test_lists_are_cut_but_counted(company: DemoCompany, desk: Desk) -> None:
    for _ in range(12):
        company.raise_(LAST_WEEK)
    new = desk.digest(MONDAY)["lists"]["new"]
    assert (len(new["lines"]), new["total"]) == (10, 12)
