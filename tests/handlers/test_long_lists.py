"""Home and "mine" of somebody who owns many thorough CAPAs stay within what Slack takes."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from slack_bolt import Args
from slack_sdk import WebClient

from bot.clock import SystemClock
from bot.context import Context
from bot.render import LANGUAGES, Phrasebook
from bot.sandbox import check_payload
from handlers import home, lists
from handlers.hearing import Hearing
from storage.database import Database
from tests.handlers.thorough_capa import CLASSIFICATION, CRITERION, long
from tests.support.company import ZONE, DemoCompany, at
from tests.support.screen import text_of

NOW, DUE, OWNER, MANY = at("2026-03-02 10:00"), "2026-03-20", "U_ZHOU", 14
MESSAGE_TEXT = 40_000


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[DemoCompany]:
    file = tmp_path_factory.mktemp("many") / "improve.db"
    shutil.copyfile(sqlite_template, file)
    database = Database(f"sqlite:///{file}")
    company = DemoCompany(database)
    for _ in range(MANY):
        _analysed(company)
    yield company
    database.dispose()


@pytest.fixture(params=LANGUAGES)
def hearing(request: pytest.FixtureRequest, company: DemoCompany) -> Hearing:
    """The owner asks. Nothing of what Slack sends besides is looked at."""
    book = Phrasebook(ZONE)
    context = Context(
        company.database, company.companies, company.workflow, book, SystemClock(), WebClient(token="xoxb-none")
    )
    with company.database.reading() as session:
        now = company.now(session)
    return Hearing(context, cast(Args, None), OWNER, NOW, now, book.words(request.param))


def test_home(hearing: Hearing) -> None:
    blocks = home.blocks_for(hearing, OWNER)
    assert check_payload("home", {"type": "home", "blocks": blocks}) == []
    assert hearing.words.say("home.more") in text_of(blocks)


def test_mine(hearing: Hearing) -> None:
    numbers: set[str] = set()
    for page in (1, 2):
        text, blocks = lists.my_items(hearing, page=page)
        assert check_payload("message", {"text": text, "blocks": blocks}) == []
        assert len(text_of(blocks)) < MESSAGE_TEXT
        numbers |= {block["block_id"] for block in blocks if str(block.get("block_id", "")).startswith("mine")}
    assert len(numbers) == MANY


def _analysed(company: DemoCompany) -> None:
    """A CAPA with five root causes and seven measures, everything as long as it may be."""
    number = company.raise_(NOW, long("标题", 80), description=long("现状", 3000))

    def take(step: str, by: str = OWNER, **values: Any) -> None:
        company.do(step, number, NOW, by=by, **values)

    take("classify_capa", "U_LIU", **CLASSIFICATION)
    people = {"found_on": "2026-03-02", "found_by": "U_CHEN"}
    take("describe_problem", phenomenon=long("现象", 2000), scope="全部", impact_description="大", **people)
    for n in range(5):
        root = {"root_cause_category": "METHOD", "rca_method": "OTHER"}
        take("add_root_cause", root_cause=long(f"根因{n}", 500), **root)
    take("set_criterion", **CRITERION)
    for n in range(7):
        planned = {"responsible": "U_CHEN", "due_on": DUE, "involves_change": "false"}
        take("add_measure", measure=long(f"措施{n}", 1000), **planned)
