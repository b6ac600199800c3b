"""Every listener, with payloads of real shape that are twisted: an answer always, a change only where it is permitted.

`make fuzz` looks longer; Hypothesis prints how to see a failure again.
"""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import Refused
from bot.improvement import LIFECYCLES
from bot.people.who import SYSTEM
from bot.workflow import Scene, Step, judge
from storage.history import HistoryEntry
from tests.hostile.gate import NUMBERS, Gate
from tests.hostile.speech import Speech, pages
from tests.hostile.twisting import twisted, twists
from tests.support.chance import examples

PEOPLE = ("U_LIU", "U_SMITH", "U_ZHOU", "U_SUN")
PLACES = ("dm", "home", "answer")
STEPS = [step for lifecycle in LIFECYCLES.values() for step in lifecycle.steps.values() if not step.by_system]
ASKING = [step for step in STEPS if step.asks]
ON_ITEMS = [step for step in STEPS if step.kind == "improvement" and not step.creates]
LINES = ("", "打印机 卡纸", "我的", "列表 2", "查看 1", "show IMP-2026-0001", "案例 打印机", "help", "miine")

Say = Callable[[Speech, Random], dict[str, Any]]


def _number(chance: Random) -> str:
    return chance.choice([*NUMBERS, f"{NUMBERS[2]}-M9"])


SAID: dict[str, Say] = {
    "command": lambda speech, chance: speech.command(chance.choice(PEOPLE), chance.choice(LINES)),
    "shortcut": lambda speech, chance: speech.shortcut(chance.choice(PEOPLE)),
    "message shortcut": lambda speech, chance: speech.from_message(chance.choice(PEOPLE), "打印机每天卡纸"),
    "button": lambda speech, chance: speech.press(
        chance.choice(PEOPLE), chance.choice(STEPS).id, _number(chance), place=chance.choice(PLACES)
    ),
    "menu": lambda speech, chance: speech.choose(
        chance.choice(PEOPLE), chance.choice(STEPS).id, _number(chance), place=chance.choice(PLACES)
    ),
    "form": lambda speech, chance: speech.form(
        chance.choice(PEOPLE), chance.choice(ON_ITEMS), chance.choice(NUMBERS[:5])
    ),
    "raising": lambda speech, chance: speech.form(
        chance.choice(PEOPLE), LIFECYCLES["improvement"].steps["raise_opportunity"], None
    ),
    "page": lambda speech, chance: speech.press(
        chance.choice(PEOPLE), *chance.choice(list(pages().items())), place=chance.choice(PLACES), row="pages"
    ),
    "made up": lambda speech, chance: speech.press(chance.choice(PEOPLE), "drop_table", _number(chance)),
    "hint": lambda speech, chance: speech.hint(chance.choice(PEOPLE), "打印机"),
    "home": lambda speech, chance: speech.home_opened(chance.choice(PEOPLE)),
    "member": lambda speech, chance: speech.user_change(chance.choice(PEOPLE)),
}


@pytest.mark.parametrize("kind", SAID)
@settings(max_examples=examples(10), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), spoilt=twists())
def test_whatever_is_said_is_answered_and_changes_nothing_that_is_not_permitted(
    kind: str, seed: int, spoilt: list[tuple[float, str, Any]], at_the_gate: Gate, speech: Speech
) -> None:
    before, known, since = (
        at_the_gate.scenes(),
        {_name(entry) for entry in at_the_gate.history()},
        at_the_gate.slack.wire.last,
    )
    at_the_gate.escaped.clear()
    body = twisted(SAID[kind](speech, Random(seed)), spoilt)
    response = at_the_gate.hear(body)
    assert at_the_gate.escaped == []
    assert response is None or response.status in (200, 404, 500)
    said = f"{response.body if response else None}{[call['args'] for call in at_the_gate.calls(since)]}"
    assert "Traceback" not in said
    assert "Error:" not in said
    for entry in at_the_gate.history():
        if _name(entry) in known:
            continue
        assert entry.actor == SYSTEM or _might(at_the_gate, before.get(entry.record), entry)


def _name(entry: HistoryEntry) -> tuple[str, int]:
    return entry.record, entry.seq


def _might(gate: Gate, before: Scene | None, entry: HistoryEntry) -> bool:
    """Whether who took the step might take it as things stood."""
    workflow = gate.bot.context.workflow
    if before is None:
        return entry.actor in PEOPLE
    step: Step = workflow.step_of(before.record.kind, entry.step)
    try:
        judge(step, before, entry.actor)
    except Refused:
        return False
    return True
