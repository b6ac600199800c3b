"""What the schedules have found, each as a story of its own."""

import sqlite3
from collections.abc import Iterator
from typing import LiteralString

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.support.town import Town, town


@pytest.fixture
def company(database_url: str) -> Iterator[Town]:
    """A bot of one's own."""
    with town(database_url) as place:
        yield place


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_first_form_after_a_start_does_not_depend_on_slack(company: Town) -> None:
    """Bolt asked Slack who we are at the first request, and dropped it, acked, if Slack was unwell."""
    company.tolerated = {"internal_error"}
    company.act("fault", method="auth.test", mode="error", times=5)

    number = company.raise_()

    assert company.register.stage(number) == "SUBMITTED"


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_click_that_the_database_did_not_hear_is_answered(company: Town) -> None:
    number = company.daily()
    send_everybody_away(company, let_nobody_in=True)

    company.press("U_ZHOU", "accept", number)

    assert "再试" in company.form("U_ZHOU")["text"]
    command(company, "ALTER DATABASE {} ALLOW_CONNECTIONS true")
    assert company.register.stage(number) == "NOTIFIED"
    company.close_all("U_ZHOU")
    company.take("U_ZHOU", "accept", number)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_click_after_the_server_was_restarted_is_heard(company: Town) -> None:
    number = company.daily()
    send_everybody_away(company)

    company.take("U_ZHOU", "accept", number)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_the_clock_goes_on_when_the_database_is_back(company: Town) -> None:
    company.daily()
    send_everybody_away(company)

    company.move_to("2026-03-09", "09:01")
    company.move_to("2026-03-09", "09:02")

    assert company.keys(company.channel("C_WEEKLY"))[-1:] == ["digest:C_WEEKLY:2026-W11"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_cannot_be_claimed_now_lets_the_clock_go_on(company: Town) -> None:
    """A message that was due, and could not be claimed, was due again at the same instant for ever."""
    company.act("fault", method="chat.postMessage", mode="rate_limit", retry_after=300)
    company.raise_()
    file = sqlite3.connect(make_url(company.database_url).database or "", isolation_level=None)
    file.execute("CREATE TRIGGER full BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'no room'); END")

    company.move_to("2026-03-02", "09:06")
    assert company.channel("C_QUALITY") == []
    file.execute("DROP TRIGGER full")
    file.close()
    company.move_to("2026-03-02", "09:25")

    assert len(company.channel("C_QUALITY")) == 1


def send_everybody_away(company: Town, *, let_nobody_in: bool = False) -> None:
    """End every connection to the company's database."""
    company.register.close()
    if let_nobody_in:
        command(company, "ALTER DATABASE {} ALLOW_CONNECTIONS false")
    command(company, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = {}", sql.Literal)


def command(company: Town, text: LiteralString, named: type[sql.Identifier | sql.Literal] = sql.Identifier) -> None:
    """Tell the server something about the company's database."""
    address = make_url(company.database_url)
    server = address.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(text).format(named(address.database or "")))
