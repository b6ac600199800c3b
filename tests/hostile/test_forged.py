"""Forged actors, records, forms and places: nothing is done for whom, on what or from where it may not be."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import storage.person
from bot.improvement.stages import Stage
from bot.sandbox import User
from bot.workflow import Step
from tests.hostile.gate import NUMBERS, Gate
from tests.hostile.speech import Speech
from tests.support.company import NAMES
from tests.workflow.permissions import PERMITTED
from tests.workflow.test_walk import FILLED, place

NOTIFIED, STRANGERS = NUMBERS[1], ("U_ROBOT", "U_GUEST", "U_GONE", "U_ELSEWHERE", "USLACKBOT")
METADATA: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no JSON": lambda _: "{",
    "empty": lambda _: "",
    "a list": lambda _: "[]",
    "too deep": lambda _: "[" * 5_000,
    "many digits": lambda _: "7" * 10_000,
    "a missing key": lambda opened: {k: v for k, v in opened.items() if k != "step"},
    "one too many": lambda opened: opened | {"admin": True},
    "an unknown kind": lambda opened: opened | {"kind": "secret"},
    "another kind": lambda opened: opened | {"kind": "case"},
    "a step that is not": lambda opened: opened | {"step": "drop_table"},
    "a step of the system": lambda opened: opened | {"step": "escalate"},
    "a step of quality": lambda opened: opened | {"step": "cancel"},
    "no record": lambda opened: opened | {"number": None},
    "a record that is not": lambda opened: opened | {"number": "IMP-2099-0001"},
    "a record with NUL": lambda opened: opened | {"number": f"{NOTIFIED}\x00"},
    "half a character": lambda opened: opened | {"number": "\ud800"},
    "a list for a record": lambda opened: opened | {"number": [NOTIFIED]},
    "another stage": lambda opened: opened | {"number": NUMBERS[0]},
    "no origin": lambda opened: opened | {"origin": None},
}
"""What the hidden part of a form could be exchanged for; in none of these may U_SMITH's report be taken."""


@pytest.mark.parametrize("forged", sorted(METADATA))
def test_a_form_that_says_it_belongs_elsewhere(at_the_gate: Gate, speech: Speech, forged: str) -> None:
    body = speech.form("U_SMITH", _step(at_the_gate, "report_result"), NOTIFIED)
    exchanged = METADATA[forged](json.loads(body["view"]["private_metadata"]))
    body["view"]["private_metadata"] = exchanged if isinstance(exchanged, str) else json.dumps(exchanged)
    _assert_refused(at_the_gate, body)


@pytest.mark.parametrize("person", STRANGERS)
def test_nobody_acts_who_is_no_active_employee(at_the_gate: Gate, speech: Speech, person: str) -> None:
    """Whatever role the register gives them: the record is theirs, and they are the head of its department."""
    _enter_strangers(at_the_gate)
    with at_the_gate.company.database.transaction() as session:
        record = at_the_gate.scenes()[NOTIFIED].record
        record.owner = record.raiser = person
        session.merge(record)
    done = [speech.press(person, "accept", NOTIFIED), speech.choose(person, "add_comment", NOTIFIED)]
    forms = ("report_result", "add_comment", "request_extension")
    done += [speech.form(person, _step(at_the_gate, name), NOTIFIED) for name in forms]
    done += [speech.form(person, _step(at_the_gate, "raise_opportunity"), None)]
    for body in done:
        _assert_refused(at_the_gate, body)
    for text in ("", "我的", "列表", f"查看 {NOTIFIED}", "案例 打印机"):
        response = at_the_gate.hear(speech.command(person, text))
        assert response is not None
        assert "打印机卡纸" not in f"{response.body}{at_the_gate.calls(0)[-3:]}"


def test_somebody_unknown_to_slack_is_nobody(at_the_gate: Gate, speech: Speech) -> None:
    for actor in ("U_NOBODY", "", "system", "\x00", "U_ZHOU\x00", 7, None, ["U_ZHOU"], {"id": ["U_ZHOU"]}):
        body = speech.press("U_SMITH", "accept", NOTIFIED)
        body["user"] = actor if isinstance(actor, dict) else {"id": actor}
        _assert_refused(at_the_gate, body)


def test_a_chosen_value_that_was_not_offered(at_the_gate: Gate, speech: Speech) -> None:
    step = _step(at_the_gate, "classify_daily")
    forged: dict[str, list[Any]] = {
        "impact": ["9", "", "1 OR 1", [], {}, None, 10**20],
        "responsible_dept": ["董事会", ["信息部"]],
        "owner": ["U_BOT", "U_NOBODY", "system", "U_ZHOU,U_LIU", ["U_ZHOU"]],
        "daily_kind": ["DROP", "RECORD_FORM'--"],
    }
    for name, values in forged.items():
        for value in values:
            body = speech.form("U_LIU", step, NUMBERS[0], FILLED[step.id])
            inputs = body["view"]["state"]["values"]
            if name == "owner":
                inputs[name] = {name: {"type": "users_select", "selected_user": value}}
            else:
                inputs[name] = {name: {"type": "static_select", "selected_option": {"value": value}}}
            _assert_refused(at_the_gate, body)


def test_somebody_or_something_that_could_not_be_chosen(at_the_gate: Gate, speech: Speech) -> None:
    """Where nothing but the form itself asks whether there is such a person or department."""
    for person in ("U_BOT", "U_NOBODY", "system", "<!channel>"):
        body = speech.form("U_SMITH", _step(at_the_gate, "report_result"), NOTIFIED)
        chosen = {"type": "multi_users_select", "selected_users": ["U_CHEN", person]}
        body["view"]["state"]["values"]["executors"] = {"executors": chosen}
        _assert_refused(at_the_gate, body)
    body = speech.form("U_WU", _step(at_the_gate, "raise_opportunity"), None)
    department = {"type": "static_select", "selected_option": {"value": "<!channel>"}}
    body["view"]["state"]["values"]["raising_dept"] = {"raising_dept": department}
    _assert_refused(at_the_gate, body)


def test_what_is_wrong_with_a_field_that_is_not_shown_is_said_at_the_first_that_is(
    at_the_gate: Gate, speech: Speech
) -> None:
    missing = ("measure_taken", "result", "executors")
    filled = {name: value for name, value in FILLED["report_result"].items() if name not in missing}
    body = speech.form("U_SMITH", _step(at_the_gate, "report_result"), NOTIFIED, filled)
    body["view"]["blocks"] = [block for block in body["view"]["blocks"] if block["block_id"] not in missing[1:]]
    response = at_the_gate.hear(body)
    assert response is not None
    fill_in = "Please fill this in."
    said = f"{fill_in}\nResult: {fill_in}\nExecutors: {fill_in}"
    assert json.loads(response.body)["errors"] == {"measure_taken": said}


def test_a_field_the_form_does_not_have_is_not_read(at_the_gate: Gate, speech: Speech) -> None:
    body = speech.form("U_SMITH", _step(at_the_gate, "add_comment"), NOTIFIED)
    for name in ("stage", "owner", "closed_by", "__class__", "version"):
        body["view"]["state"]["values"][name] = {name: {"type": "plain_text_input", "value": "CLOSED"}}
    before = at_the_gate.scenes()[NOTIFIED].record
    at_the_gate.hear(body)
    after = at_the_gate.scenes()[NOTIFIED].record
    assert [entry.step for entry in at_the_gate.history()] == ["add_comment"]
    assert (after.stage, after.owner, after.values) == (before.stage, before.owner, before.values)


def test_a_form_of_somebody_else_takes_nothing_from_mine(at_the_gate: Gate, speech: Speech) -> None:
    """Whoever sends the id of a form first has not sent it for its owner."""
    step = _step(at_the_gate, "add_comment")
    mine = speech.form("U_SMITH", step, NOTIFIED)
    theirs = speech.form("U_ZHOU", step, NOTIFIED)
    theirs["view"]["id"] = mine["view"]["id"]
    for body in (theirs, mine, mine, theirs):
        at_the_gate.hear(body)
    assert sorted(entry.actor for entry in at_the_gate.history()) == ["U_SMITH", "U_ZHOU"]


def test_deliveries_without_a_name_are_not_taken_for_one_another(at_the_gate: Gate, speech: Speech) -> None:
    nothing: list[Any] = [None, "", 0, []]
    for missing in nothing:
        body = speech.press("U_SMITH", "accept", NOTIFIED)
        body["trigger_id"] = missing
        _assert_refused(at_the_gate, body)


@pytest.mark.parametrize(
    "row",
    ["", "steps", "mine-x", "mine-", "mine-99999999999999", "show:\x00", "show:../x", "accepted=0"],
)
def test_a_step_taken_from_a_place_that_never_was_is_still_said_to_be_taken(
    at_the_gate: Gate, speech: Speech, row: str
) -> None:
    body = speech.press("U_SMITH", "accept", NOTIFIED, place="answer")
    body["actions"][0]["block_id"] = row
    since = at_the_gate.slack.wire.last
    at_the_gate.hear(body)
    assert [entry.step for entry in at_the_gate.history()] == ["accept"]
    assert "nothing was done" not in str(at_the_gate.calls(since))


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/",
        "file:///etc/passwd",
        "https://hooks.slack.com.evil.example/x",
        "https://hooks.slack.com@evil.example/x",
        "http://hooks.slack.com/x",
        "https://[x",
        "",
    ],
)
def test_answers_go_to_slack_alone(at_the_gate: Gate, speech: Speech, address: str) -> None:
    body = speech.press("U_SUN", "accept", NOTIFIED, place="answer")
    body["response_url"] = address
    at_the_gate.hear(body)
    assert at_the_gate.escaped == []
    assert not any(line.get("error") for line in at_the_gate.logged if line["event"] == "not_drawn_again")
    said = [line["said"] for line in at_the_gate.logged if line["event"] == "answer_refused"]
    assert set(said) == (set() if address in ("", "https://[x") else {"not an address of Slack"})


def test_a_name_that_no_database_keeps_is_kept_as_far_as_it_can_be(at_the_gate: Gate, speech: Speech) -> None:
    body = speech.user_change("U_SUN")
    user = body["event"]["user"]
    user["profile"]["display_name"] = "孙悦\x00\ud800\u202e\n" * 500
    user |= {"tz": "../../etc/passwd" * 20, "locale": "en-US" * 50}
    at_the_gate.hear(body)
    with at_the_gate.company.database.reading() as session:
        found = storage.person.find(session, "U_SUN")
    assert found
    assert (found.name[:4], len(found.name)) == ("孙悦\ufffd ", 200)
    assert (found.locale, found.zone) == ("zh-CN", "Asia/Shanghai")


def test_every_step_is_refused_to_those_who_have_left(at_the_gate: Gate, speech: Speech) -> None:
    """Whoever may take a step may no longer when their account is deactivated."""
    company = at_the_gate.company
    company.deactivate(*(person for person in NAMES if person != "U_SUN"))
    for no, (name, (stages, _)) in enumerate(PERMITTED.items()):
        if stages:
            number = f"IMP-2026-{700 + no:04d}"
            place(company.database, number, Stage(min(stages)))
            here = company.scene(number, at_the_gate.now)
            able = [who for who in NAMES if who != "U_SUN" and _may(company, name, here, who)]
            assert able == [], name


def _may(company: Any, name: str, here: Any, person: str) -> bool:
    return name in {step.id for step in company.workflow.available(here, person)}


def _assert_refused(gate: Gate, body: dict[str, Any]) -> None:
    before = len(gate.history())
    response = gate.hear(body)
    assert gate.escaped == []
    assert response is None or response.status in (200, 404, 500)
    assert len(gate.history()) == before, body


def _step(gate: Gate, name: str) -> Step:
    return gate.bot.context.workflow.step_of("improvement", name)


def _enter_strangers(gate: Gate) -> None:
    """In Slack and in the bot's memory: a robot, a guest, somebody who left, somebody from another company."""
    facts = {
        "U_ROBOT": {"is_bot": True},
        "U_GUEST": {"is_guest": True},
        "U_GONE": {"deactivated": True},
        "U_ELSEWHERE": {"is_guest": True},
        "USLACKBOT": {"is_bot": True},
    }
    known = gate.company.person("U_SUN")
    people = [storage.person.Person(**known.model_dump() | {"id": person} | fact) for person, fact in facts.items()]
    with gate.company.database.transaction() as session:
        storage.person.save(session, people)
    for person in STRANGERS:
        gate.slack.users[person] = replace(User("U_SUN", "x"), id=person)
