"""The engine's promises: numbers without gaps, once per delivery, nothing lost, nothing rewritten."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

import storage.history
import storage.profile
from bot import profile
from bot.company import CompanySource
from bot.errors import Invalid, Message, Refused
from bot.improvement import LIFECYCLES
from bot.workflow import Done, Request, Workflow, glance
from bot.workflow.chain import first_break
from storage.database import Database
from storage.history import HistoryValues
from storage.outbox import OutboxRow
from storage.record import Record

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
IDEA = {
    "title": "打印机卡纸",
    "description": "三楼打印机每天卡纸",
    "source": "STAFF_SUGGESTION",
    "source_detail": "SUGGESTION",
    "raising_dept": "信息部",
}
Take = Callable[..., Done]


@pytest.fixture
def workflow(database: Database) -> Workflow:
    with database.transaction() as session:
        storage.profile.apply(session, text=profile.built_in("demo"), by="test", now=NOW)
    return Workflow(database, CompanySource(), LIFECYCLES)


@pytest.fixture
def take(workflow: Workflow) -> Take:
    def perform(step: str, actor: str, number: str | None = None, *, key: str = "", **values: Any) -> Done:
        return workflow.perform(
            Request(step, actor, key or f"{step}:{actor}:{number}", NOW, number=number, values=values)
        )

    return perform


def test_two_hundred_raises_from_sixteen_threads_get_consecutive_numbers(take: Take) -> None:
    with ThreadPoolExecutor(16) as threads:
        done = list(threads.map(lambda n: take("raise_opportunity", "U_CHEN", key=f"raise-{n}", **IDEA), range(200)))
    assert sorted(d.number for d in done) == [f"IMP-2026-{n:04d}" for n in range(1, 201)]


def test_a_refused_raise_gives_its_number_back(take: Take) -> None:
    with pytest.raises(Invalid):
        take("raise_opportunity", "U_CHEN", key="a", **IDEA, recurrence_of="IMP-2026-0777")
    assert take("raise_opportunity", "U_CHEN", key="b", **IDEA).number == "IMP-2026-0001"


def test_the_same_delivery_at_the_same_time_takes_effect_once(take: Take, database: Database) -> None:
    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(lambda _: take("raise_opportunity", "U_CHEN", key="once", **IDEA), range(8)))
    assert {d.number for d in done} == {"IMP-2026-0001"}
    assert [d.repeated for d in done].count(False) == 1
    with database.reading() as session:
        assert len(session.exec(select(Record)).all()) == 1


def test_a_form_sent_again_is_a_repetition_only_with_the_same_values(workflow: Workflow) -> None:
    form = Request("raise_opportunity", "U_CHEN", "view:V1", NOW, values=IDEA, from_form=True)
    number = workflow.perform(form).number
    corrected = replace(form, values=IDEA | {"title": "三楼打印机卡纸"})

    assert workflow.perform(form).repeated
    with pytest.raises(Refused, match="sent_before") as refused:
        workflow.perform(corrected)

    assert refused.value.message.params == {"number": number}
    with workflow.database.reading() as session:
        assert [record.title for record in session.exec(select(Record))] == [IDEA["title"]]


def test_what_nobody_can_correct_is_a_repetition_by_its_key_alone(workflow: Workflow) -> None:
    click = Request("raise_opportunity", "U_CHEN", "act:1", NOW, values=IDEA)
    workflow.perform(click)
    assert workflow.perform(replace(click, values=IDEA | {"title": "三楼打印机卡纸"})).repeated


def test_a_receipt_from_before_they_knew_the_values_is_a_repetition(workflow: Workflow) -> None:
    form = Request("raise_opportunity", "U_CHEN", "view:V1", NOW, values=IDEA, from_form=True)
    workflow.perform(form)
    with workflow.database.transaction() as session:
        session.execute(text("UPDATE receipt SET digest = NULL"))
    assert workflow.perform(replace(form, values=IDEA | {"title": "三楼打印机卡纸"})).repeated


def test_of_two_who_decide_at_once_the_second_is_judged_by_what_the_first_left(take: Take) -> None:
    number = take("raise_opportunity", "U_CHEN", **IDEA).number

    def decide(actor: str) -> str:
        try:
            return take("decline", actor, number, reason="重复").stage
        except Refused as refusal:
            return refusal.reason

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(decide, ["U_LIU", "U_TANG"])) == ["REJECTED", "wrong_stage"]


def test_a_form_is_not_taken_when_what_it_edits_has_changed(workflow: Workflow, take: Take) -> None:
    number = take("raise_opportunity", "U_CHEN", **IDEA).number
    step = workflow.step_of("improvement", "amend_opportunity")
    with workflow.database.reading() as session:
        seen = glance(step, workflow.find(session, number, NOW))
    take("add_comment", "U_LIU", number, comment="收到")
    late = Request(
        step.id, "U_CHEN", "late", NOW, number=number, values={"title": "新", "description": "新"}, seen=seen
    )
    assert not workflow.perform(late).repeated
    with pytest.raises(Refused, match="changed_meanwhile"):
        workflow.perform(Request(step.id, "U_CHEN", "later", NOW, number=number, values=late.values, seen=seen))


def test_the_history_is_chained_and_shows_what_was_tampered_with(take: Take, database: Database) -> None:
    number = take("raise_opportunity", "U_CHEN", **IDEA).number
    take("ask_info", "U_LIU", number, question="哪一台？")
    take("answer_info", "U_CHEN", number, answer="三楼那台")
    with database.reading() as session:
        assert first_break(session, number) is None
    with database.transaction() as session:
        value = session.get(HistoryValues, (number, 2))
        assert value is not None
        value.values = value.values.replace("哪一台", "哪两台")
        session.add(value)
    with database.reading() as session:
        assert first_break(session, number) == 2


def test_values_that_were_taken_away_are_a_break(take: Take, database: Database) -> None:
    number = take("raise_opportunity", "U_CHEN", **IDEA).number
    take("ask_info", "U_LIU", number, question="哪一台？")
    with database.transaction() as session:
        session.delete(session.get_one(HistoryValues, (number, 2)))
    with database.reading() as session:
        assert first_break(session, number) == 2


@pytest.mark.parametrize("table", ["history", "refusal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET actor = 'U_X'", "DELETE FROM {}"])
def test_the_database_itself_keeps_history_and_refusals(
    take: Take, database: Database, statement: str, table: str
) -> None:
    number = take("raise_opportunity", "U_CHEN", **IDEA).number
    with pytest.raises(Refused):
        take("decline", "U_CHEN", number, reason="不想要了")
    with pytest.raises(DatabaseError), database.transaction() as session:
        session.execute(text(statement.format(table)))


def test_a_refusal_is_on_record_and_leaves_no_trace_on_the_item(take: Take, database: Database) -> None:
    number = take("raise_opportunity", "U_CHEN", **IDEA).number
    with database.reading() as session:
        before = session.get_one(Record, number).model_dump(), len(session.exec(select(OutboxRow)).all())
    with pytest.raises(Refused):
        take("classify_daily", "U_WU", number)
    with database.reading() as session:
        after = session.get_one(Record, number).model_dump(), len(session.exec(select(OutboxRow)).all())
        refused = storage.history.refusals(session, number)
    assert after == before
    assert [(r.step, r.actor, r.reason) for r in refused] == [("classify_daily", "U_WU", "wrong_role")]


def test_a_wrong_form_names_each_field_with_what_to_do(take: Take) -> None:
    with pytest.raises(Invalid) as caught:
        take("raise_opportunity", "U_CHEN", **IDEA | {"title": "长" * 81, "source_detail": "COMPLAINT"})
    assert caught.value.errors == {"title": Message("invalid.too_long", {"limit": 80, "length": 81})}
    with pytest.raises(Invalid) as caught:
        take("raise_opportunity", "U_CHEN", **IDEA | {"source_detail": "COMPLAINT"})
    assert list(caught.value.errors) == ["source_detail"]
