"""A daily item across May Day 2025, as the specification tells it."""

from tests.reminders.desk import Desk
from tests.support.company import DemoCompany, at


def test_a_daily_item_across_may_day(company: DemoCompany, desk: Desk) -> None:
    """何敏 owns the item and heads its department, so that its place in the first escalation passes to 马骏."""
    number = company.raise_(at("2025-04-28 10:12"), "到货通知邮件未抄送运维值班，领料延误")
    company.classify_daily(number, at("2025-04-29 14:05"), department="通信部", daily_kind="COMMUNICATION")
    company.accept(number, at("2025-04-29 15:30"), by="U_HE")
    days = {
        "2025-04-30 09:00": {},
        "2025-05-06 09:00": {},
        "2025-05-07 09:00": {},
        "2025-05-08 09:00": {"U_HE": ["0001 BEFORE"]},
        "2025-05-09 09:00": {"U_HE": ["0001 TODAY"]},
        "2025-05-10 09:00": {},
        "2025-05-11 09:00": {},
        "2025-05-12 09:00": {"U_HE": ["0001 OVERDUE"]},
        "2025-05-13 09:00": {"U_HE": ["0001 OVERDUE"]},
        "2025-05-14 09:00": {
            "U_HE": ["0001 OVERDUE"],
            "U_LIU": ["0001 DEPT"],
            "U_MA": ["0001 DEPT"],
            "U_TANG": ["0001 DEPT"],
        },
    }
    assert {day: desk.run(day) for day in days} == days
    assert [row.data["lines"][0]["overdue_wd"] for row in desk.delivered if row.target == "U_HE"] == [0, 0, 1, 2, 3]

    company.report_result(number, at("2025-05-14 16:30"), by="U_HE")
    assert desk.run("2025-05-15 09:00") == {}
    assert desk.run("2025-05-16 09:00") == {"U_LIU": ["0001 BEFORE"], "U_TANG": ["0001 BEFORE"]}
    company.verify_effective(number, at("2025-05-16 10:00"))
    assert desk.run("2025-05-19 09:00") == {}


def test_an_escalation_is_put_on_record_once(company: DemoCompany, desk: Desk) -> None:
    number = company.daily(at("2025-04-29 14:05"), department="通信部")
    for day in ("12", "13", "14", "15", "16", "19", "20"):
        desk.run(f"2025-05-{day} 09:00")
    assert company.steps(number).count("escalate") == 2
