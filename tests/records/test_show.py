"""A record as data: everything about it, refusals where they happened, and whether its history is intact."""

import json
from typing import Any

import pytest
from sqlalchemy import text

from bot.errors import Refused, UserError
from bot.records.show import LISTS, as_data
from tests.calendar.register import OPPORTUNITY, Register, at
from tests.records import capa

REPORT = {
    "measure_taken": "增加签字栏",
    "result": "已启用",
    "executors": ["U_CHEN"],
    "started_on": "2026-03-02",
    "completed_on": "2026-03-03",
    "deviation": "无",
    "involves_change": "false",
}
VERIFICATION = {
    "verified_on": "2026-03-04",
    "check_method": "SAMPLE",
    "finding": "抽查三天，签字齐全",
    "doc_revision": "DONE",
    "doc_no": "QM-07",
    "doc_title": "交接班规程",
    "new_version": "B/2",
    "revised_on": "2026-03-04",
}


def shown(register: Register, number: str, day: str = "2026-03-04") -> dict[str, Any]:
    with register.database.reading() as session:
        return as_data(session, register.workflow, number, at(day, 18))


@pytest.fixture
def closed(register: Register) -> str:
    """A daily improvement from the raise on Monday to the close on Wednesday, with one attempt refused."""
    number = register.notified("2026-03-02")
    register.take("report_result", "U_CHEN", "2026-03-03", number, **REPORT)
    with pytest.raises(Refused):
        register.take("verify_daily_effective", "U_CHEN", "2026-03-03", number, **VERIFICATION)
    register.take("verify_daily_effective", "U_LIU", "2026-03-04", number, **VERIFICATION)
    return number


def test_the_head_says_what_and_whose_it_is(register: Register, closed: str) -> None:
    wanted = {
        "number": "IMP-2026-0001",
        "kind": "improvement",
        "title": OPPORTUNITY["title"],
        "stage": "CLOSED",
        "class": "DAILY",
        "round": 1,
        "raiser": "U_CHEN",
        "owner": "U_CHEN",
        "responsible_dept": "信息部",
        "major_problem": False,
        "parent": None,
        "created_at": "2026-03-02T02:00:00.000000+00:00",
        "created_on": "2026-03-02",
        "ended_on": "2026-03-04",
        "retention_until": "2029-03-04",
    }

    assert wanted.items() <= shown(register, closed).items()


def test_the_deadlines_tell_promise_and_outcome(register: Register, closed: str) -> None:
    names = ("name", "original", "current", "provisional", "stopped_on", "overdue_wd")

    assert [[deadline[name] for name in names] for deadline in shown(register, closed)["deadlines"]] == [
        ["triage_due", "2026-03-05", "2026-03-05", False, "2026-03-02", 0],
        ["action_due", "2026-03-09", "2026-03-09", False, "2026-03-03", 0],
        ["verify_due", "2026-03-06", "2026-03-06", False, "2026-03-04", 0],
    ]


def test_a_refusal_stands_where_it_happened(register: Register, closed: str) -> None:
    history = shown(register, closed)["history"]

    assert [(event["seq"], event["step"], event["refused"], event["to"]) for event in history] == [
        (1, "raise_opportunity", False, "SUBMITTED"),
        (2, "classify_daily", False, "NOTIFIED"),
        (3, "report_result", False, "REPORTED"),
        (None, "verify_daily_effective", True, None),
        (4, "verify_daily_effective", False, "CLOSED"),
    ]
    assert (history[3]["actor"], history[3]["reason"]) == ("U_CHEN", "wrong_role")


def test_the_history_says_who_in_which_role_filled_in_what(register: Register, closed: str) -> None:
    reported = shown(register, closed)["history"][2]

    assert (reported["actor"], reported["role"], reported["from"], reported["round"]) == (
        "U_CHEN",
        "owner",
        "NOTIFIED",
        1,
    )
    assert reported["at"] == "2026-03-03T02:00:00.000000+00:00"
    assert reported["values"]["result"] == "已启用"
    assert reported["values"]["on_time"] is True


def test_forms_documents_and_people_are_listed(register: Register, closed: str) -> None:
    data = shown(register, closed)

    assert [form["form_no"] for form in data["forms"]] == [f"{closed}-{form}" for form in ("SB", "TZ1", "SS1", "YZ1")]
    assert [document["doc_no"] for document in data["documents"]] == ["QM-07"]
    assert {"person": "U_CHEN", "relation": "executor", "round": 1} in data["people"]
    assert data["measures"] == []


def test_a_part_is_listed_and_can_be_shown_itself(register: Register) -> None:
    number = register.notified("2026-03-02")
    wish = {"deadline_item": "action_due", "new_due": "2026-03-12", "reason": "等待备件"}
    register.take("request_extension", "U_CHEN", "2026-03-03", number, **wish)

    assert [(part["number"], part["stage"]) for part in shown(register, number)["parts"]] == [
        (f"{number}-E1", "REQUESTED")
    ]
    assert shown(register, f"{number}-E1")["parent"] == number


def test_a_capa_names_every_list_and_its_measures(register: Register) -> None:
    number = capa.implementing(register)
    capa.second_round(register, number)
    data = shown(register, number, "2026-03-20")

    assert {name: len(data[name]) for name in LISTS} == dict.fromkeys(LISTS, 0) | {
        "problems": 1,
        "causes": 1,
        "root_causes": 1,
        "criteria": 1,
        "plans": 3,
        "checks": 1,
    }
    assert data["checks"][0]["round"] == 1
    first, dropped, late = data["measures"]
    wanted = {
        "number": f"{number}-M1",
        "stage": "DONE",
        "round": 1,
        "responsible": "U_CHEN",
        "measure": "增加签字栏",
        "root_cause": "C1",
        "due_on": "2026-03-14",
        "original": "2026-03-16",
        "current": "2026-03-16",
        "completed_on": "2026-03-12",
        "on_time": True,
    }
    assert wanted.items() <= first.items()
    assert [note["note"] for note in first["progress"]] == ["表格已改"]
    assert dropped["stage"] == "DROPPED"
    assert (late["late_wd"], late["on_time"]) == (2, False)


def test_the_deadlines_of_measures_stand_with_those_of_the_item(register: Register) -> None:
    number = capa.implementing(register)
    names = [(d["name"], d["instance"], d["current"]) for d in shown(register, number)["deadlines"]]

    assert names == [
        ("triage_due", "", "2026-03-05"),
        ("analysis_due", "", "2026-03-16"),
        ("approval_due", "", "2026-03-06"),
        ("measure_due", f"{number}-M1", "2026-03-16"),
        ("measure_due", f"{number}-M2", "2026-03-16"),
    ]


def test_a_measure_has_a_history_of_its_own(register: Register) -> None:
    number = capa.implementing(register)
    capa.second_round(register, number)
    data = shown(register, f"{number}-M1", "2026-03-20")

    assert [event["step"] for event in data["history"]] == [
        "begin_measure",
        "release_measure",
        "note_progress",
        "report_measure_done",
    ]
    assert data["chain_ok"] is True
    assert [deadline["instance"] for deadline in data["deadlines"]] == [""]
    assert len(data["progress"]) == 1


def test_it_is_json_and_the_same_on_both_databases(register: Register, closed: str) -> None:
    data = shown(register, closed)

    assert json.loads(json.dumps(data)) == data


def test_values_that_were_tampered_with_are_noticed(register: Register, closed: str) -> None:
    assert shown(register, closed)["chain_ok"] is True
    with register.database.transaction() as session:
        session.connection().execute(text("""UPDATE history_values SET "values" = '{}' WHERE seq = 3"""))

    data = shown(register, closed)

    assert (data["chain_ok"], data["chain_broken_at"]) == (False, 3)


def test_a_record_that_does_not_exist_gets_a_sentence(register: Register) -> None:
    with pytest.raises(UserError) as refused:
        shown(register, "IMP-2026-0099")

    assert refused.value.message.msgid == "refused.no_record"
