"""Messages that list several records stay true where they stand: what was dealt with loses its buttons."""

from sqlmodel import col, select

from bot.reminders.orphans import on_deactivated
from storage.outbox import OutboxRow
from tests.reminders.desk import Desk
from tests.reminders.drawing import buttons, render, sections
from tests.support.company import DemoCompany, at

CLASSIFIED = at("2025-04-29 14:05")  # due on Friday 2025-05-09
GONE = "channel_not_found"


def change(company: DemoCompany, kind: str, key: str) -> str | None:
    """The key of the newest change ("redraw" or "retire") of the message with this key, if there is one."""
    with company.database.reading() as session:
        rows = session.exec(select(OutboxRow).where(col(OutboxRow.kind) == "refresh").order_by(col(OutboxRow.id)))
        return next((row.key for row in reversed(rows.all()) if row.data.get(kind) == key), None)


def leave(company: DemoCompany, desk: Desk, person: str, text: str) -> None:
    """Slack says that somebody left, and the messages about it arrive."""
    company.deactivate(person)
    with company.database.transaction() as session:
        on_deactivated(session, company.now(session), person, at(text))
    desk.deliver(at(text))


def test_what_was_left_behind_loses_its_button_when_it_is_handed_on(company: DemoCompany, desk: Desk) -> None:
    first, second = (company.daily(CLASSIFIED, owner="U_CHEN") for _ in range(2))
    leave(company, desk, "U_CHEN", "2025-05-07 10:00")
    now, note = at("2025-05-07 11:00"), "orphans:U_CHEN:2025-05-07"

    company.reassign(first, now, by="U_ZHOU", to="U_SMITH")
    drawn = render(company, change(company, "redraw", note) or "", now)
    assert drawn is not None
    assert "还有1项" in drawn.text
    assert buttons(drawn) == [("reassign_owner", second)]
    assert sections(drawn)[-1].startswith(f"✅ *{first}*")

    desk.deliver(now)
    company.reassign(second, now, by="U_ZHOU", to="U_SMITH")
    drawn = render(company, change(company, "redraw", note) or "", now)
    assert drawn is not None
    assert "都已处理" in drawn.text
    assert buttons(drawn) == []


def test_a_later_list_of_the_same_person_takes_the_buttons(company: DemoCompany, desk: Desk) -> None:
    company.daily(CLASSIFIED, owner="U_CHEN")
    for day in ("2025-05-07", "2025-05-08"):
        leave(company, desk, "U_CHEN", f"{day} 10:00")
    now = at("2025-05-08 10:00")
    earlier = render(company, change(company, "retire", "orphans:U_CHEN:2025-05-07") or "", now)
    assert earlier is not None
    assert buttons(earlier) == []
    assert change(company, "retire", "orphans:U_CHEN:2025-05-08") is None


def test_a_reminder_in_somebodys_place_stays_true(company: DemoCompany, desk: Desk) -> None:
    number, own = company.daily(CLASSIFIED, owner="U_CHEN"), company.daily(CLASSIFIED)
    desk.run("2025-05-09 09:00", refused={"U_CHEN": GONE})
    mine, redirected = "remind:U_ZHOU:2025-05-09", "remind:U_CHEN:2025-05-09>U_ZHOU"
    assert change(company, "retire", mine) is None

    now = at("2025-05-09 11:00")
    company.report_result(number, now, by="U_CHEN")
    company.report_result(own, now, by="U_ZHOU")
    for key in (mine, redirected):
        drawn = render(company, change(company, "redraw", key) or "", now)
        assert drawn is not None
        assert buttons(drawn) == []


def test_the_next_reminder_in_somebodys_place_takes_the_buttons(company: DemoCompany, desk: Desk) -> None:
    number = company.daily(CLASSIFIED, owner="U_CHEN")
    for day in ("2025-05-09", "2025-05-12"):
        desk.run(f"{day} 09:00", refused={"U_CHEN": GONE})
    now = at("2025-05-12 09:00")
    earlier = render(company, change(company, "retire", "remind:U_CHEN:2025-05-09>U_ZHOU") or "", now)
    assert earlier is not None
    assert buttons(earlier) == []

    company.report_result(number, now, by="U_CHEN")
    drawn = render(company, change(company, "redraw", "remind:U_CHEN:2025-05-12>U_ZHOU") or "", now)
    assert drawn is not None
    assert buttons(drawn) == []
