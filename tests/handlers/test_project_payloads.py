"""A project with every text as long as it may be is shown within Slack's limits, on cards and in forms."""

from collections.abc import Sequence
from typing import Any

import pytest

from bot.improvement.stages import Stage
from bot.render import LANGUAGES, Phrasebook, Words
from bot.sandbox import check_payload
from bot.workflow import Scene
from handlers.blocks import SECTION
from handlers.cards import Reader, card, headline
from handlers.modal import Opened, step_view
from handlers.steps import intro
from tests.handlers.thorough_capa import long
from tests.support import project
from tests.support.company import ZONE, DemoCompany, at
from tests.support.screen import text_of

NOW = at("2026-03-02 10:00")
OBJECTIVES = MILESTONES = 8
READERS = ("U_ZHOU", "U_SMITH", "U_CHEN", "U_LIU", "U_MA", "U_GUO", "U_SUN")
BASICS: dict[str, Any] = {
    "project_name": long("项目", 80),
    "background": long("背景", 2000),
    "scope_in": long("包含", 1500),
    "scope_out": long("不含", 1500),
    "risks": long("风险", 1500),
}
RESOURCES: dict[str, Any] = project.RESOURCES | {"people_needed": long("人员", 500), "cost_benefit": long("效益", 1000)}


@pytest.fixture
def scenes(company: DemoCompany) -> Sequence[Scene]:
    """The project in the stages in which it looks different."""
    number, seen = project.classified(company, NOW), []

    def take(step: str, by: str = "U_ZHOU", **values: Any) -> None:
        company.do(step, number, NOW, by=by, **values)
        seen.append(company.scene(number, NOW))

    take("edit_charter_basics", **BASICS)
    take("edit_charter_resources", **RESOURCES)
    for n in range(OBJECTIVES):
        wished = {"objective": long(f"目标{n}", 200), "metric_name": long(f"指标{n}", 80), "reach_by": "2026-06-01"}
        take("add_objective", **project.OBJECTIVE | wished | {"unit": long("单位", 20)})
    for n in range(MILESTONES):
        project.milestone(company, number, NOW, measure=long(f"里程碑{n}", 1000))
    take("submit_charter")
    take("reject_charter_rep", "U_MA", reason=long("理由", 1000))
    take("edit_charter_basics", **{name: text[:-2] for name, text in BASICS.items()})
    take("remove_objective", objective_item="1")
    take("submit_charter")
    take("approve_charter_rep", "U_MA", opinion=long("意见", 1000))
    take("approve_charter_top", "U_GUO")
    take("form_team", project_manager="U_SMITH", members=["U_CHEN", "U_WU"])
    take("report_progress", "U_SMITH", **_report())
    take("suspend", "U_MA", reason=long("理由", 1000), resume_by="2026-04-01")
    return seen


def _report() -> dict[str, str]:
    texts = {"done_text": long("已完成", 2000), "next_text": long("下步", 2000), "risk_text": long("风险", 1000)}
    return texts | {"report_month": "2026-03", "progress_pct": "30"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_and_every_form(company: DemoCompany, scenes: Sequence[Scene], language: str) -> None:
    words = Phrasebook(ZONE).words(language)
    assert {Stage.CHARTER_DRAFT, Stage.REP_REVIEW, Stage.TOP_REVIEW, Stage.EXECUTING} <= {
        Stage(here.record.stage) for here in scenes
    }
    for here in scenes:
        for person in READERS:
            blocks = card(here, Reader.person(person), company.workflow, words)
            assert check_payload("message", {"text": headline(here, words), "blocks": blocks}) == []
            assert max(len(text_of([block])) for block in blocks) < SECTION - 1, "cut without a word"
            for step in company.workflow.available(here, person):
                assert not step.asks or check_payload("modal", _form(here, person, step, words)) == []


def _form(here: Scene, person: str, step: Any, words: Words) -> dict[str, Any]:
    opened = Opened(step.id, step.kind, here.record.number, "")
    shown = intro(step, here, person, words)
    return step_view(step, here, words, opened, values=step.presets(here, person), intro=shown)
