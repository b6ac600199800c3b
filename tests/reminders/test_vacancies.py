"""Nobody may act on a record: the administrator is told once, and nobody is made less strict with."""

from tests.reminders.desk import Desk
from tests.support import capa
from tests.support.company import DemoCompany, at

QUALITY = ["U_LIU", "U_TANG", "U_MA", "U_GUO"]


def reported(company: DemoCompany, executors: list[str]) -> str:
    """An item that waits for its verification; the executors must not verify it."""
    number = company.daily(at("2025-05-06 10:00"), department="通信部")
    company.report_result(number, at("2025-05-06 11:00"), by="U_HE", executors=executors)
    return number


def test_the_administrator_is_asked_once_to_appoint_somebody(company: DemoCompany, desk: Desk) -> None:
    number = reported(company, QUALITY)
    for day in ("2025-05-07", "2025-05-08"):
        desk.run(f"{day} 09:00")
    assert [(row.target, row.record, row.data["news"]) for row in desk.notes] == [("U_LIN", number, "nobody_can_act")]


def test_as_long_as_somebody_up_the_chain_may_act_nobody_is_disturbed(company: DemoCompany, desk: Desk) -> None:
    reported(company, QUALITY[:-1])
    desk.run("2025-05-07 09:00")
    assert desk.notes == []


def test_a_check_that_nobody_may_make_is_reported_once_while_its_day_is_still_to_come(
    company: DemoCompany, desk: Desk
) -> None:
    number = capa.planned(company, at("2025-05-06 10:00"))
    form = capa.REPORT | {"executors": QUALITY, "started_on": "2025-05-06", "completed_on": "2025-05-06"}
    company.do("report_measure_done", f"{number}-M1", at("2025-05-06 11:00"), by="U_CHEN", **form)
    for day in ("2025-05-07", "2025-05-08"):
        desk.run(f"{day} 09:00")
    assert [(row.target, row.record, row.data["news"]) for row in desk.notes] == [("U_LIN", number, "nobody_can_act")]


def test_where_no_office_is_held_everything_that_waits_for_one_is_reported(company: DemoCompany, desk: Desk) -> None:
    number = company.raise_(at("2025-05-06 10:00"))
    company.deactivate(*QUALITY)
    desk.run("2025-05-07 09:00")
    assert [(row.target, row.record, row.data["news"]) for row in desk.notes] == [("U_LIN", number, "nobody_can_act")]
