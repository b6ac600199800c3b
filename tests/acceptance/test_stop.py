"""SIGTERM while something is being worked on: the bot does not go before it is done, and whoever waits is answered."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from storage.database import Database
from tests.support.town import REPORT, Town

TO_ARRIVE, TO_HANG_UP = 1, 0.3
"""Seconds that the bot needs at most, together much less than the three after which Bolt gives up a listener."""


def test_a_form_that_is_being_filed_is_answered_before_the_line_is_cut(company: Town) -> None:
    number = company.daily()
    company.take("U_ZHOU", "accept", number)
    company.open("U_ZHOU", "report_result", number)
    with ThreadPoolExecutor(2) as people, _held(company, number):
        form = people.submit(company.submit, "U_ZHOU", **REPORT)
        while "view_submission" not in _unanswered(company):
            pass
        with pytest.raises(TimeoutError):
            form.result(timeout=TO_ARRIVE)
        gone = people.submit(company.stop)
        with pytest.raises(TimeoutError):
            gone.result(timeout=TO_HANG_UP)
    assert form.result().get("done")
    assert gone.result() == 0


def test_a_click_that_was_acked_is_finished(company: Town) -> None:
    number = company.daily()
    company.act("clock", to=company.now.isoformat())
    with ThreadPoolExecutor(2) as people:
        with _held(company, number):
            before = _acked(company)
            click = people.submit(company.press, "U_ZHOU", "accept", number)
            while _acked(company) == before:
                pass
            gone = people.submit(company.stop)
            with pytest.raises(TimeoutError):
                gone.result(timeout=8)
        assert gone.result() == 0
        click.result()

    taken = [event["step"] for event in company.register.record(number)["history"] if not event["refused"]]
    assert taken[-1] == "accept"


@contextmanager
def _held(company: Town, number: str) -> Iterator[None]:
    """Nobody can write this record, as long as the block lasts."""
    database = Database(company.database_url)
    with database.transaction() as session:
        lock = "SELECT 1" if database.is_sqlite else f"SELECT * FROM record WHERE number = '{number}' FOR UPDATE"
        session.connection().execute(text(lock))
        yield
    database.dispose()


def _unanswered(company: Town) -> list[str]:
    sent = [entry for entry in company.look("wire")["wire"] if entry["direction"] == "payload"]
    return [entry["what"] for entry in sent if not entry.get("acked")]


def _acked(company: Town) -> int:
    return len([entry for entry in company.look("wire")["wire"] if entry.get("acked")])
