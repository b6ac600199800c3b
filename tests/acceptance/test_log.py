"""What the log of a running bot holds: the reference that the person was told, and nothing of what anybody wrote."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import demo
from bot.sandbox import Sandbox
from storage.database import Database
from storage.history import HistoryValues
from tests.support.town import LIGHT, MONDAY, REPORT, Town

TITLE, TEXT = "张三的工资单", "李四把密码贴在墙上"
NAMES = ("陈晓", "周岚", "刘芳", "Alex Smith")


class Outspoken(Town):
    """A company whose bot writes the log it writes for a company."""

    def _environment(self) -> dict[str, str]:
        return super()._environment() | {"IMPROVE_BOT_LOG": "json"}


@pytest.fixture
def company(database_url: str, tmp_path: Path) -> Iterator[Outspoken]:
    demo.prepare(database_url, MONDAY)
    with Sandbox(demo.workspace(), MONDAY) as sandbox, (tmp_path / "bot.log").open("wb") as log:
        place = Outspoken(sandbox, database_url)
        place.log = log
        try:
            place.start()
            yield place
        finally:
            place.leave()


def test_a_day_with_refusals_errors_and_a_failure(company: Outspoken, tmp_path: Path) -> None:
    number = company.raise_(title=TITLE, description=TEXT)
    company.take("U_LIU", "classify_daily", number, **(LIGHT | {"requirement": TEXT}))
    company.refusal("U_CHEN", "accept", number)
    assert company.errors("U_ZHOU", "report_result", number, **(REPORT | {"result": TEXT, "measure_taken": ""}))
    _take_the_place(company.database_url, number, seq=3)
    told = company.press("U_ZHOU", "report_result", number, **(REPORT | {"result": TEXT}))
    company.move_to("2026-03-03")

    log = (tmp_path / "bot.log").read_text(encoding="utf-8")
    events = [json.loads(line) for line in log.splitlines()]
    failed = [event for event in events if event["event"] == "listener_failed"]
    references = re.findall(r"\b[0-9a-f]{8}\b", json.dumps(told))
    assert references
    assert [event["reference"] for event in failed] == references
    assert failed[0]["exception"][0]["at"]
    secrets = (company.sandbox.company.bot_token, company.sandbox.company.app_token)
    assert [word for word in (TITLE, TEXT, *NAMES, *secrets) if word in log] == []


def _take_the_place(database_url: str, number: str, seq: int) -> None:
    """The values of the next entry cannot be written, and the error that says so repeats them."""
    database = Database(database_url)
    with database.transaction() as session:
        session.add(HistoryValues(record=number, seq=seq, salt="", values=""))
    database.dispose()
