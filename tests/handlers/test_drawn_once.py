"""A form is drawn once and filled for everybody anew: nothing of one person, company or language stays in it."""

import copy
from dataclasses import replace
from typing import Annotated, Any

import pytest

from bot import profile
from bot.company import Company
from bot.improvement import IMPROVEMENT
from bot.people.directory import Directory
from bot.render import Phrasebook
from bot.workdays import PublishedHolidays, WorkCalendar
from bot.workflow import scene
from bot.workflow.fields import Pick
from bot.workflow.forms import Form
from handlers.modal import Opened, step_view
from tests.support.company import at

NOW = at("2026-03-02 09:00")
STEP = IMPROVEMENT.steps["raise_opportunity"]
DEMO = profile.built_in("demo")


def company(text: str = DEMO) -> Company:
    return Company(Directory(profile.parse(text)), WorkCalendar(PublishedHolidays()))


@pytest.fixture
def book() -> Phrasebook:
    return Phrasebook(company().profile.zone)


def form(book: Phrasebook, person: str, where: Company, language: str = "zh_CN", **typed: str) -> dict[str, Any]:
    """The inputs of the form for a new opportunity, by field."""
    here = scene.blank(where, NOW, STEP.kind, person)
    opened = Opened(STEP.id, STEP.kind, None, "seen")
    values = STEP.presets(here, person) | typed
    view = step_view(STEP, here, book.words(language), opened, values=values, intro=[], heeded=["title"])
    return {block["block_id"]: block for block in view["blocks"]}


def test_each_person_finds_their_own(book: Phrasebook) -> None:
    first = form(book, "U_CHEN", company(), title="打印机每天卡纸")
    kept = copy.deepcopy(first)
    second = form(book, "U_GUO", company())

    assert [_chosen(one) for one in (first, second)] == ["信息部", "公司高层"]
    assert "initial_value" not in second["title"]["element"]
    assert first == kept


def test_each_language_has_its_own(book: Phrasebook) -> None:
    labels = [form(book, "U_CHEN", company(), language)["title"]["label"]["text"] for language in ("zh_CN", "en")]
    assert labels[0] != labels[1]
    assert form(book, "U_CHEN", company())["title"]["label"]["text"] == labels[0]


def test_departments_are_those_of_the_company_as_it_is_now(book: Phrasebook) -> None:
    form(book, "U_CHEN", company())
    renamed = company(DEMO.replace("信息部", "数字部"))

    shown = form(book, "U_CHEN", renamed)

    assert _chosen(shown) == "数字部"
    assert "信息部" not in {option["value"] for option in shown["raising_dept"]["element"]["options"]}


class Choosing(Form):
    """Asks for one of what a record offers."""

    title: Annotated[str, Pick("titles")]


def test_what_a_record_offers_is_its_own(book: Phrasebook) -> None:
    step = replace(STEP, form=Choosing, preset=None, choices=lambda here: {"titles": {here.record.title: "…"}})
    shown = []
    for title in ("一", "二"):
        here = scene.blank(company(), NOW, STEP.kind, "U_CHEN")
        here.record.title = title
        opened = Opened(step.id, step.kind, None, "seen")
        view = step_view(step, here, book.words("zh_CN"), opened, values={}, intro=[])
        shown.append([option["value"] for option in view["blocks"][0]["element"]["options"]])
    assert shown == [["一"], ["二"]]


def test_only_what_is_heeded_is_told_of(book: Phrasebook) -> None:
    shown = form(book, "U_CHEN", company())
    assert [name for name, block in shown.items() if "dispatch_action" in block] == ["title"]


def _chosen(shown: dict[str, Any]) -> str:
    return str(shown["raising_dept"]["element"]["initial_option"]["value"])
