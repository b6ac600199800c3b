"""A picture as it is sent: what stands in the lists, in the thread of the card, under a name of its own."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import func, select

import storage.outbox
import storage.record
import storage.sending
from bot.clock import SimulatedClock
from bot.context import Context
from bot.delivery import Attachment, Delivery, Outgoing, posting_client
from bot.pictures import Cause, RootCause, Why, read
from bot.workflow import cards, scene
from bot.workflow.pictures import picture
from handlers.messages import Renderer
from storage.entry import Entry
from tests.delivery.slack_server import COMPANY, SlackServer
from tests.reminders.drawing import render
from tests.support.company import DemoCompany, at
from tests.support.words import phrasebook

NOW = at("2025-04-29 14:05")
KEY = "picture:plan"


@pytest.fixture
def number(company: DemoCompany) -> str:
    """An improvement whose plan was submitted in version 3 and has been worked on since."""
    number = company.daily(NOW)
    causes = [
        {"cause_category": "MAN", "cause": "未培训", "is_main": True},
        {"cause_category": "METHOD", "cause": "无回退条件", "is_main": False},
    ]
    whys = [
        {"chain_no": chain, "level": level, "why_question": f"{chain}？{level}", "why_answer": "答"}
        for chain, level in ((2, 1), (1, 2), (1, 1))
    ]
    roots = [{"code": "C1", "root_cause": "没有培训计划"}]
    add(company, number, "plans", version=2, causes=[], whys=[], root_causes=[])
    add(company, number, "plans", version=3, causes=causes, whys=whys, root_causes=roots)
    add(company, number, "causes", cause_category="MAN", cause="后来添加", is_main=False)
    return number


def add(company: DemoCompany, number: str, name: str, round: int = 1, **values: Any) -> None:
    """Enter a line."""
    with company.database.transaction() as session:
        number_of = session.exec(select(func.count()).where(Entry.record == number, Entry.list == name)).one()
        session.add(Entry(record=number, list=name, no=number_of + 1, round=round, values=values))


def share(company: DemoCompany, number: str, place: str, key: str = "plan") -> str:
    """Put the picture into the outbox, and give its key there."""
    with company.database.transaction() as session:
        record = storage.record.find(session, number)
        assert record is not None
        storage.outbox.put_all(session, [picture(record, place=place, key=key, round=1, version=3)], now=NOW)
    return f"picture:{key}:{number}:{place}"


def deliver(company: DemoCompany, ts: str, now: datetime = NOW) -> None:
    """Let everything that waits arrive at this ts."""
    with company.database.transaction() as session:
        while row := storage.sending.claim_next(session, now=now, lease_until=now):
            storage.sending.mark_sent(session, row, now=at("2025-01-02 08:00"), channel=f"D{row.target[1:]}", ts=ts)


def sent(company: DemoCompany, key: str) -> tuple[Outgoing, Attachment]:
    """The picture as it would leave now."""
    found = render(company, key, NOW)
    assert found is not None
    assert found.file is not None
    return found, found.file


def test_the_lists_of_its_round_are_shown(company: DemoCompany, number: str) -> None:
    with company.database.reading() as session:
        record = storage.record.find(session, number)
        assert record is not None
        [here] = scene.load(session, company.companies.load(session), NOW, [record])
        found = read(here, round=1, version=3)
    assert (found.number, found.title, found.round, found.version) == (number, record.title, 1, 3)
    assert found.causes == [Cause("MAN", "未培训", True), Cause("METHOD", "无回退条件")]
    assert found.chains == [[Why("1？1", "答"), Why("1？2", "答")], [Why("2？1", "答")]]
    assert found.root_causes == [RootCause("C1", "没有培训计划")]


def test_it_goes_into_the_thread_of_the_card(company: DemoCompany, number: str) -> None:
    deliver(company, "1000.000100")
    outgoing, _ = sent(company, share(company, number, "U_ZHOU"))
    assert (outgoing.channel, outgoing.thread_ts) == ("D_ZHOU", "1000.000100")


def test_without_a_card_it_stands_alone(company: DemoCompany, number: str) -> None:
    outgoing, _ = sent(company, share(company, number, "U_SMITH"))
    assert (outgoing.channel, outgoing.thread_ts) == ("U_SMITH", None)
    assert "round 1" in outgoing.text


def test_every_try_goes_to_the_same_thread(company: DemoCompany, number: str) -> None:
    """A newer card waits behind the picture; if it drew the picture to itself, nobody would find the first try."""
    deliver(company, "1000.000100")
    key = share(company, number, "U_ZHOU")
    with company.database.transaction() as session:
        record = storage.record.find(session, number)
        assert record is not None
        card = cards.card(record, place="U_ZHOU", key="newer", news="accepted", params={})
        cards.deliver(session, [card], redrawn={number}, holders=(), key="newer", now=NOW)
    outgoing, _ = sent(company, key)
    assert outgoing.thread_ts == "1000.000100"


def test_its_name_is_its_own_and_the_same_each_time(company: DemoCompany, number: str) -> None:
    first, other = share(company, number, "U_ZHOU"), share(company, number, "U_ZHOU", key="again")
    name = sent(company, first)[1].name
    assert name.startswith(f"{number}-R1-V3-")
    assert name.endswith(".png")
    add(company, number, "causes", cause_category="MAN", cause="补充", is_main=False)
    assert name == sent(company, first)[1].name != sent(company, other)[1].name


def test_it_arrives_under_the_card(company: DemoCompany) -> None:
    number = company.raise_(NOW)
    causes = [{"cause_category": "MAN", "cause": "未培训", "is_main": True}]
    add(company, number, "plans", version=3, causes=causes, whys=[], root_causes=[])
    share(company, number, "C_QUALITY")
    with SlackServer() as slack:
        client = posting_client(COMPANY.bot_token, slack.url)
        context = Context(
            company.database, company.companies, company.workflow, phrasebook(), SimulatedClock(NOW), client
        )
        delivery = Delivery(company.database, client, Renderer(context), lambda *_: None, lambda *_: None)
        for seconds in range(3):
            slack.workspace.move_to(NOW + timedelta(seconds=seconds))
            delivery.drain(NOW + timedelta(seconds=seconds))
        card, picture = slack.workspace.messages_in("C_QUALITY")
        assert picture.thread_ts == card.ts
        assert picture.text == "第 1 轮原因分析图（方案第 3 版）"
        assert slack.workspace.files[picture.files[0]["id"]].content.startswith(b"\x89PNG")


def test_it_is_put_into_words_for_those_who_cannot_see_it(company: DemoCompany, number: str) -> None:
    _, file = sent(company, share(company, number, "U_ZHOU"))
    assert file.content.startswith(b"\x89PNG")
    assert number in file.title
    for part in (number, "原因 2 条", "追问链 2 条", "根本原因 1 个"):
        assert part in file.alt_text
