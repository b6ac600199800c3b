"""Whatever the bot can show, in both languages, obeys Slack's limits: every form, every card, every reader."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot import profile
from bot.company import Company, CompanySource
from bot.errors import Message
from bot.improvement import IMPROVEMENT, LIFECYCLES
from bot.people.directory import Directory
from bot.render import LANGUAGES, Phrasebook, Words
from bot.sandbox import check_payload
from bot.workdays import PublishedHolidays, WorkCalendar
from bot.workflow import Scene, Step, Workflow
from handlers.cards import Reader, card, headline
from handlers.modal import Opened, Origin, read, step_view
from handlers.pages import whole
from handlers.steps import given_back
from storage.database import Database
from storage.deadline import Deadline
from storage.entry import Entry
from storage.record import Record

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
LONG = "<!channel>&" * 400
STEPS = [step for lifecycle in LIFECYCLES.values() for step in lifecycle.steps.values()]
ASKING = [step for step in STEPS if step.asks and not step.by_system]
STAGES = [(kind, stage) for kind, lifecycle in LIFECYCLES.items() for stage in lifecycle.stages]
PARTS: dict[str, dict[str, Any]] = {
    "measure": {"measure": LONG[:1000], "due_on": "2026-03-09", "completed_on": "2026-03-03", "root_cause_item": "1"},
    "extension": {"deadline_item": "action_due", "new_due": "2026-03-12", "reason": LONG[:99]},
}
"""The kinds of records that are parts of an improvement, and what stands on them."""

PEOPLE = ("U_CHEN", "U_ZHOU", "U_LIU", "U_TANG", "U_MA", "U_GUO", "U_WU")


@pytest.fixture(scope="module")
def company() -> Company:
    demo = profile.parse(profile.built_in("demo"))
    return Company(Directory(demo), WorkCalendar(PublishedHolidays()))


@pytest.fixture(scope="module")
def workflow() -> Workflow:
    return Workflow(Database("sqlite:///never-opened.db"), CompanySource(), LIFECYCLES)


@pytest.fixture(params=LANGUAGES, scope="module")
def words(request: pytest.FixtureRequest, company: Company) -> Words:
    return Phrasebook(company.profile.zone).words(request.param)


@pytest.mark.parametrize("step", ASKING, ids=lambda step: f"{step.kind}-{step.id}")
def test_every_form(step: Step, company: Company, words: Words) -> None:
    here = _scene(company, step.kind, next(iter(sorted(step.from_)), "SUBMITTED"))
    opened = Opened(step.id, step.kind, here.record.number, "0" * 16, Origin(answer_url="https://x.test/" + "y" * 200))
    view = step_view(step, here, words, opened, values=step.presets(here, "U_ZHOU"), intro=[LONG[:2000], LONG[:1500]])
    assert check_payload("modal", view) == []
    assert Opened.load(view["private_metadata"]) == opened


@pytest.mark.parametrize(("kind", "stage"), STAGES)
def test_every_card(kind: str, stage: str, company: Company, workflow: Workflow, words: Words) -> None:
    here = _scene(company, kind, stage)
    readers = [Reader.person(person) for person in PEOPLE] + [Reader.audience(["U_LIU", "U_TANG"])]
    for reader in readers:
        news = words.mrkdwn("news.declined", reason=LONG[:1000])
        drawn = [card(here, reader, workflow, words, news=news)]
        drawn += [whole(here, reader.people[0], workflow, words)] if reader.alone else []
        for blocks in drawn:
            assert check_payload("message", {"text": headline(here, words), "blocks": blocks}) == []
            assert "IMP-2026-0001" in str(blocks)
            assert words.day(date(2026, 3, 9)) in str(blocks)


def test_what_people_typed_is_shown_and_never_obeyed(company: Company, workflow: Workflow, words: Words) -> None:
    here = _scene(company, "improvement", "SUBMITTED")
    blocks = [*card(here, Reader.person("U_LIU"), workflow, words), *whole(here, "U_LIU", workflow, words)]
    mrkdwn = str([b for b in blocks if b.get("text", {}).get("type") != "plain_text"]) + headline(here, words)
    assert "<!channel>" not in mrkdwn
    assert "&lt;!channel&gt;&amp;" in mrkdwn


def test_the_whole_item_loses_nothing(company: Company, workflow: Workflow, words: Words) -> None:
    here = _scene(company, "improvement", "SUBMITTED")
    here.record.values["evidence"] = "见配置库"
    blocks = whole(here, "U_LIU", workflow, words)
    shown = "".join(b["text"]["text"] for b in blocks if b["type"] == "section" and b["text"]["type"] == "plain_text")
    assert LONG[:3000] in shown
    assert "见配置库" in shown


def test_what_was_typed_is_given_back_whole(company: Company, words: Words) -> None:
    form = IMPROVEMENT.steps["report_result"].form
    typed = {"measure_taken": LONG[:3000], "result": "好", "involves_change": "true", "executors": ["U_CHEN"]}
    blocks = given_back(words, Message("refused.no_documents"), form, typed)
    shown = "".join(b["text"]["text"] for b in blocks if b["type"] == "section")
    assert shown.endswith(LONG[:3000] + "好")


def test_a_channel_sees_no_details(company: Company, workflow: Workflow, words: Words) -> None:
    here = _scene(company, "improvement", "SUBMITTED")
    here.record.values["description"] = "涉及客户甲的事件"
    assert "客户甲" not in str(card(here, Reader.audience(["U_LIU"]), workflow, words))
    assert "客户甲" not in str(whole(here, "U_SUN", workflow, words))
    assert "客户甲" in str(card(here, Reader.person("U_LIU"), workflow, words))


@pytest.mark.parametrize("step", ASKING, ids=lambda step: f"{step.kind}-{step.id}")
def test_a_form_comes_back_as_it_was_opened(step: Step, company: Company, words: Words) -> None:
    here = _scene(company, step.kind, next(iter(sorted(step.from_)), "SUBMITTED"))
    presets = {name: value for name, value in step.presets(here, "U_ZHOU").items() if isinstance(value, str | list)}
    opened = Opened(step.id, step.kind, here.record.number, "")
    view = step_view(step, here, words, opened, values=presets, intro=[])
    state = {b["block_id"]: {b["element"]["action_id"]: _untouched(b["element"])} for b in view["blocks"]}
    assert {name: value for name, value in read(step.form, state).items() if value} == presets


def _untouched(element: dict[str, Any]) -> dict[str, Any]:
    """The state Slack reports for an input nobody touched."""
    names = {
        "value": "initial_value",
        "selected_date": "initial_date",
        "selected_user": "initial_user",
        "selected_users": "initial_users",
        "selected_option": "initial_option",
        "selected_options": "initial_options",
    }
    return {"type": element["type"]} | {name: element.get(initial) for name, initial in names.items()}


def _scene(company: Company, kind: str, stage: str) -> Scene:
    """A record of a kind in a stage, with something in every list that forms choose from."""
    values = {
        "title": LONG[:80],
        "description": LONG[:3000],
        "requirement": LONG[:2000],
        "raising_dept": "信息部",
        "nature": "NC",
        "declined_on": "2026-03-02",
        "alike": [{"number": "IMP-2025-0001", "title": LONG[:80], "open": False}],
        "effective_in_round": 2,
    }
    item = _record("IMP-2026-0001", "improvement", stage if kind == "improvement" else "IMPLEMENTING", values)
    whole_ = Scene(company, NOW, item, deadlines=[_due(item)], entries=[*_entries(item)])
    if kind == "improvement":
        return whole_
    if kind not in PARTS:
        record = _record(item.number, kind, stage, {})
        return Scene(company, NOW, record, deadlines=[_due(record)])
    part = _record(f"{item.number}-{kind[0].upper()}1", kind, stage, PARTS[kind] | {"deadline_of": item.number})
    part.parent = item.number
    whole_.parts.append(part)
    whole_.deadlines_of[part.number] = [_due(part)]
    return whole_.of(part)


def _record(number: str, kind: str, stage: str, values: dict[str, Any]) -> Record:
    return Record(
        number=number,
        kind=kind,
        stage=stage,
        class_="DAILY",
        round=2,
        title=LONG[:80],
        raiser="U_CHEN",
        owner="U_ZHOU",
        responsible_dept="信息部",
        major_problem=True,
        created_at=NOW,
        created_on=date(2026, 3, 2),
        values=values,
    )


def _due(record: Record) -> Deadline:
    return Deadline(
        record=record.number,
        name="action_due",
        started_at=NOW,
        counted_from=date(2026, 2, 20),
        original_due=date(2026, 3, 2),
        current_due=date(2026, 3, 9),
        provisional=True,
    )


OBJECTIVE = {
    "code": "O1",
    "objective": LONG[:200],
    "metric_name": LONG[:80],
    "baseline_value": "18",
    "target_op": "LE",
    "target_value": "10",
    "reach_by": "2026-06-01",
    "reach_by_effective": "2026-06-01",
}


def _entries(record: Record) -> Iterator[Entry]:
    lists: dict[str, dict[str, Any]] = {
        "comparisons": {"metric_name": LONG[:80], "value_before": "1", "value_after": "2"},
        "objectives": OBJECTIVE,
        "documents": {"doc_no": LONG[:60], "doc_title": LONG[:120]},
        "whys": {"chain_no": 1, "level": 1, "why_question": LONG[:200], "why_answer": LONG[:500]},
        "causes": {"cause_category": "MAN", "cause": LONG[:500]},
        "root_causes": {
            "code": "C1",
            "root_cause": LONG[:500],
            "root_cause_category": "MAN",
            "rca_method": "FIVE_WHY",
        },
    }
    for name, values in lists.items():
        yield Entry(record=record.number, list=name, no=1, round=2, values=values)
