"""Somebody cannot be reached, or has left: somebody else is asked, and the date does not move."""

from datetime import date
from typing import Any

import pytest

import storage.outbox
from bot.reminders.orphans import on_deactivated
from storage.outbox import OutboxRow
from tests.reminders.desk import Desk
from tests.support.company import DemoCompany, at
from tests.support.postman import deliver

CLASSIFIED = at("2025-04-29 14:05")  # due on Friday 2025-05-09
GONE = "channel_not_found"


def test_what_cannot_be_delivered_goes_to_the_head_of_the_department(company: DemoCompany, desk: Desk) -> None:
    number = company.daily(CLASSIFIED, owner="U_CHEN")
    assert desk.run("2025-05-12 09:00", refused={"U_CHEN": GONE}) == {"U_ZHOU": ["0001 OVERDUE"]}
    assert ("U_CHEN", "OVERDUE", "REDIRECTED") in desk.states(number)
    assert desk.delivered[0].data["lines"][0]["absent"] == "U_CHEN"
    assert company.due(number, "action_due") == date(2025, 5, 9)


@pytest.mark.parametrize(
    ("unreachable", "asked"),
    [
        (["U_CHEN", "U_ZHOU"], {"U_TANG": ["0001 TODAY"]}),
        (["U_CHEN", "U_ZHOU", "U_TANG"], {"U_MA": ["0001 TODAY"]}),
        (["U_CHEN", "U_ZHOU", "U_TANG", "U_MA"], {"U_GUO": ["0001 TODAY"]}),
        (["U_CHEN", "U_ZHOU", "U_TANG", "U_MA", "U_GUO"], {}),
    ],
)
def test_the_chain_is_followed_to_its_end(
    company: DemoCompany, desk: Desk, unreachable: list[str], asked: dict[str, list[str]]
) -> None:
    company.daily(CLASSIFIED, owner="U_CHEN")
    assert desk.run("2025-05-09 09:00", refused=dict.fromkeys(unreachable, GONE)) == asked


def test_nobody_is_told_twice_of_one_rung(company: DemoCompany, desk: Desk) -> None:
    """唐静 of quality has the line herself when 刘芳's cannot be delivered."""
    company.raise_(at("2025-05-06 10:00"))
    assert desk.run("2025-05-09 09:00", refused={"U_LIU": GONE}) == {"U_TANG": ["0001 TODAY"]}


def test_a_passing_failure_is_entered_and_the_ladder_goes_on(company: DemoCompany, desk: Desk) -> None:
    number = company.daily(CLASSIFIED, owner="U_CHEN")
    assert desk.run("2025-05-12 09:00", refused={"U_CHEN": "internal_error"}) == {}
    assert ("U_CHEN", "OVERDUE", "FAILED") in desk.states(number)
    assert desk.run("2025-05-13 09:00") == {"U_CHEN": ["0001 OVERDUE"]}


def test_an_escalation_that_failed_is_sent_the_next_day(company: DemoCompany, desk: Desk) -> None:
    company.daily(CLASSIFIED, owner="U_CHEN")
    desk.run("2025-05-14 09:00", refused={"U_LIU": "internal_error"})
    assert desk.run("2025-05-15 09:00") == {"U_CHEN": ["0001 OVERDUE"], "U_LIU": ["0001 DEPT"]}


def test_the_ladder_runs_against_the_head_while_the_owner_has_left(company: DemoCompany, desk: Desk) -> None:
    company.daily(CLASSIFIED, owner="U_CHEN")
    company.deactivate("U_CHEN")
    assert desk.run("2025-05-09 09:00") == {"U_ZHOU": ["0001 TODAY"]}
    assert desk.run("2025-05-14 09:00") == {
        "U_LIU": ["0001 DEPT"],
        "U_MA": ["0001 DEPT"],
        "U_TANG": ["0001 DEPT"],
        "U_ZHOU": ["0001 OVERDUE"],
    }


def leave(company: DemoCompany, person: str) -> None:
    """Slack says that somebody left."""
    company.deactivate(person)
    with company.database.transaction() as session:
        on_deactivated(session, company.now(session), person, at("2025-05-07 10:00"))


def posted(company: DemoCompany, desk: Desk, **refused: str) -> dict[tuple[str, str], dict[str, Any]]:
    """What was told at once: the data of each message that is no card, by kind and person."""
    now = at("2025-05-07 10:00")

    def given_up(session: Any, row: OutboxRow) -> None:
        desk.reminders.redirect(session, row, now)

    rows = deliver(company.database, now, sent=desk.reminders.sent, given_up=given_up, refused=refused)
    return {(row.kind, row.target): row.data for row in rows if row.kind in ("orphans", "note") and row.sent_at}


def test_whoever_leaves_leaves_a_list_to_the_head_of_the_department(company: DemoCompany, desk: Desk) -> None:
    numbers = [company.daily(CLASSIFIED, owner="U_CHEN") for _ in range(2)]
    company.daily(CLASSIFIED, owner="U_SMITH")
    leave(company, "U_CHEN")
    leave(company, "U_CHEN")
    told = posted(company, desk)
    assert [(key, data["numbers"]) for key, data in told.items()] == [(("orphans", "U_ZHOU"), numbers)]


def test_a_list_that_cannot_be_delivered_goes_up(company: DemoCompany, desk: Desk) -> None:
    company.daily(CLASSIFIED, owner="U_CHEN")
    leave(company, "U_CHEN")
    assert [*posted(company, desk, U_ZHOU=GONE)] == [("orphans", "U_TANG")]


def test_somebody_without_open_items_leaves_quietly(company: DemoCompany, desk: Desk) -> None:
    leave(company, "U_CHEN")
    assert posted(company, desk) == {}


def test_offices_that_stand_empty_are_reported(company: DemoCompany, desk: Desk) -> None:
    """孙悦 is the service desk and the only head of her department; of quality 刘芳 is not the only one."""
    leave(company, "U_SUN")
    leave(company, "U_LIU")
    with company.database.reading() as session:
        keys = [f"vacant:{office}:U_SUN:2025-05-07:U_TANG" for office in ("service_desk", "客服中心")]
        assert all(storage.outbox.find(session, key) for key in keys)
    assert {target for _, target in posted(company, desk)} == {"U_LIN", "U_TANG"}
