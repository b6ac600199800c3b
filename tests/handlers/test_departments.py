"""A company with more departments than one list of Slack holds."""

import pytest

from bot.improvement import IMPROVEMENT
from bot.sandbox import check_payload
from handlers.blocks import Block, view
from handlers.inputs import Inputs, filled
from tests.support.words import phrasebook

NAMES = tuple(f"部门{n:03d}{'长' * 54}" for n in reversed(range(230)))


def _select(names: tuple[str, ...], initial: str | None) -> Block:
    """The select of the form for a new opportunity; what Slack would refuse fails the test."""
    words = phrasebook().words("zh_CN")
    field = IMPROVEMENT.steps["raise_opportunity"].form.model_fields["raising_dept"]
    block = filled(Inputs(words, {}, names).block("raising_dept", field), initial, words)
    assert check_payload("modal", view("t", [block], close="c", submit=block["label"])) == []
    element: Block = block["element"]
    return element


@pytest.mark.parametrize("initial", [NAMES[0], NAMES[-1], None])
def test_all_departments_can_be_chosen(initial: str | None) -> None:
    element = _select(NAMES, initial)
    offered = [option["value"] for group in element["option_groups"] for option in group["options"]]
    assert offered == sorted(NAMES)
    assert element["option_groups"][0]["label"]["text"].startswith("部门000")
    assert element.get("initial_option", {}).get("value") == initial


def test_few_departments_stand_as_the_profile_has_them() -> None:
    element = _select(NAMES[:100], NAMES[99])
    assert [option["value"] for option in element["options"]] == list(NAMES[:100])
    assert element["initial_option"]["value"] == NAMES[99]
