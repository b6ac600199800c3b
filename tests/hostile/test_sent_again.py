"""A form that was answered too late: Slack leaves it open, and it is sent again as it was, or corrected."""

import json
from typing import Any

import pytest

from tests.hostile.gate import NUMBERS, Gate
from tests.hostile.speech import Speech


@pytest.mark.parametrize(
    ("name", "number", "field"),
    [("add_comment", NUMBERS[1], "comment"), ("raise_opportunity", None, "title")],
)
def test_what_was_corrected_too_late_is_given_back(
    at_the_gate: Gate, speech: Speech, name: str, number: str | None, field: str
) -> None:
    step = at_the_gate.bot.context.workflow.step_of("improvement", name)
    body = speech.form("U_SMITH", step, number)
    at_the_gate.hear(body)
    taken = at_the_gate.history()

    body["view"]["state"]["values"][field][field]["value"] = "Only at night"
    answer = _answer(at_the_gate, body)

    assert answer["response_action"] == "update"
    sentence, *typed = answer["view"]["blocks"]
    first_sent = f"This form was already submitted as you first sent it ({taken[-1].record})"
    assert sentence["text"]["text"].startswith(first_sent)
    assert "Only at night" in json.dumps(typed)
    assert at_the_gate.history() == taken


def test_what_was_not_corrected_is_simply_done(at_the_gate: Gate, speech: Speech) -> None:
    step = at_the_gate.bot.context.workflow.step_of("improvement", "add_comment")
    body = speech.form("U_SMITH", step, NUMBERS[1])

    assert [_answer(at_the_gate, body) for _ in range(2)] == [{"response_action": "clear"}] * 2
    assert [entry.step for entry in at_the_gate.history()] == ["add_comment"]
    assert at_the_gate.refusals(NUMBERS[1]) == []


def test_what_was_refused_may_be_corrected(at_the_gate: Gate, speech: Speech) -> None:
    step = at_the_gate.bot.context.workflow.step_of("improvement", "add_comment")
    body = speech.form("U_SMITH", step, NUMBERS[1], {"comment": " "})
    assert _answer(at_the_gate, body)["response_action"] == "errors"

    body["view"]["state"]["values"]["comment"]["comment"]["value"] = "Only at night"

    assert _answer(at_the_gate, body) == {"response_action": "clear"}
    assert [entry.step for entry in at_the_gate.history()] == ["add_comment"]


def _answer(gate: Gate, body: dict[str, Any]) -> dict[str, Any]:
    response = gate.hear(body)
    assert response is not None
    answer: dict[str, Any] = json.loads(response.body)
    return answer
