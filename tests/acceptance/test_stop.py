"""SIGTERM while somebody's click is being worked on: the bot does not go before it is done."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from storage.database import Database
from tests.support.town import Town


def test_a_click_that_was_acked_is_finished(company: Town) -> None:
    number = company.daily()
    company.act("clock", to=company.now.isoformat())
    database = Database(company.database_url)
    with ThreadPoolExecutor(2) as people:
        with database.transaction() as session:
            lock = "SELECT 1" if database.is_sqlite else f"SELECT * FROM record WHERE number = '{number}' FOR UPDATE"
            session.connection().execute(text(lock))
            before = _acked(company)
            click = people.submit(company.press, "U_ZHOU", "accept", number)
            while _acked(company) == before:
                pass
            gone = people.submit(company.stop)
            with pytest.raises(TimeoutError):
                gone.result(timeout=8)
        assert gone.result() == 0
        click.result()
    database.dispose()

    taken = [event["step"] for event in company.register.record(number)["history"] if not event["refused"]]
    assert taken[-1] == "accept"


def _acked(company: Town) -> int:
    return len([entry for entry in company.look("wire")["wire"] if entry.get("acked")])
