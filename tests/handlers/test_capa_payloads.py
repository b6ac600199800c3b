"""The most thorough CAPA there can be is shown within Slack's limits; what is cut is said and can be read elsewhere."""

import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.improvement import rounds
from bot.render import LANGUAGES, Phrasebook, Words, escape_mrkdwn
from bot.sandbox import check_payload
from bot.workflow import Scene
from handlers.blocks import SECTION, Block
from handlers.cards import Reader, card, due_line, headline
from handlers.modal import Opened, step_view
from handlers.pages import BEGINNING, PLACE, SHOW_PAGE, Place, whole
from handlers.steps import intro
from storage.database import Database
from tests.handlers.thorough_capa import CAUSES, MEASURES, ThoroughCapa, long
from tests.support.company import ZONE, DemoCompany
from tests.support.screen import text_of

OWNER, RESPONSIBLE, QA, APPROVER, STRANGER = "U_ZHOU", "U_CHEN", "U_LIU", "U_TANG", "U_SUN"
READERS = [
    *(Reader.person(person) for person in (OWNER, RESPONSIBLE, QA, APPROVER, "U_MA", STRANGER)),
    Reader.audience([QA, APPROVER]),
]
TITLE = escape_mrkdwn(long("标题", 80))
PAGE_BLOCKS, PAGE_CHARS = 40, 12_000


@pytest.fixture(scope="module")
def capa(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[ThoroughCapa]:
    """Lived once for all tests here; drawing it changes nothing."""
    file = tmp_path_factory.mktemp("capa") / "improve.db"
    shutil.copyfile(sqlite_template, file)
    database = Database(f"sqlite:///{file}")
    thorough = ThoroughCapa(DemoCompany(database))
    thorough.live()
    yield thorough
    database.dispose()


@pytest.fixture(params=LANGUAGES, scope="module")
def words(request: pytest.FixtureRequest) -> Words:
    return Phrasebook(ZONE).words(request.param)


def test_every_card_of_every_stage(capa: ThoroughCapa, words: Words) -> None:
    for here in capa.seen.values():
        for scene in (here, *(here.of(part) for part in here.parts)):
            for reader in READERS:
                for lasting in (True, False):
                    drawn = card(scene, reader, capa.company.workflow, words, lasting=lasting)
                    assert check_payload("message", {"text": headline(scene, words), "blocks": drawn}) == []
                    assert max(len(text_of([block])) for block in drawn) < SECTION - 1, "cut without a word"


def test_every_form_somebody_may_open(capa: ThoroughCapa, words: Words) -> None:
    opened = set()
    for here in capa.seen.values():
        for scene in (here, *(here.of(part) for part in here.parts)):
            for person in (OWNER, RESPONSIBLE, QA, APPROVER):
                for step in capa.company.workflow.available(scene, person):
                    about = intro(step, scene, person, words)
                    values = step.presets(scene, person)
                    link = Opened(step.id, step.kind, scene.record.number, "0" * 16)
                    view = step_view(step, scene, words, link, values=values, intro=about)
                    assert check_payload("modal", view) == [] or not step.asks
                    opened.add(step.id)
    assert {"submit_plan", "verify_effective", "report_measure_done", "remove_cause", "edit_measure"} <= opened


def test_a_card_says_what_it_leaves_out(capa: ThoroughCapa, words: Words) -> None:
    for key, shown in {(1, "ANALYSIS"): 3, (3, "PLAN_REVIEW"): 3, (3, "IMPLEMENTING"): 6, (3, "VERIFYING"): 6}.items():
        text = _card(capa, capa.seen[key], OWNER, words)
        assert len(re.findall(r"\*M\d+\*", text)) == shown
        assert words.mrkdwn("capa.more_measures", n=MEASURES - shown, number=capa.number) in text


def test_every_page_of_every_round_keeps_the_limits(capa: ThoroughCapa, words: Words) -> None:
    pages = _pages(capa, words)
    assert {place.round for place in pages} == {1, 2, 3}
    assert sum(place.round == 3 for place in pages) > 1
    for blocks in pages.values():
        assert check_payload("message", {"text": "-", "blocks": blocks}) == []
        assert len(blocks) <= PAGE_BLOCKS
        assert len(text_of(blocks)) <= PAGE_CHARS


def test_nothing_is_lost_on_the_pages(capa: ThoroughCapa, words: Words) -> None:
    pages = _pages(capa, words)
    for round_ in (1, 2, 3):
        text = _typed(pages, round_)
        measures = MEASURES if round_ != 2 else 5
        wanted = [long(f"措施{round_}-{n}", 1000) for n in range(measures)]
        wanted += [long(f"原因{round_}-{n}", 500) for n in range(CAUSES)]
        wanted += [long(f"答{round_}-{chain}-{level}", 500) for chain in (1, 2) for level in range(1, 6)]
        wanted += [long(f"根因{round_}-{n}", 500) for n in range(5)] + [long(f"现象{round_}", 2000)]
        assert [one for one in wanted if one not in text] == []
    assert [n for n in range(9) if long(f"评论{n}", 2000) not in _typed(pages, 3)] == []
    assert long("现状", 3000) in _typed(pages, 3)


def test_the_check_shows_its_rate_and_its_conclusion(capa: ThoroughCapa, words: Words) -> None:
    text = _typed(_pages(capa, words), 1)
    assert words.say("dossier.measured_rate", num="47", den="51", rate="92.16") in text
    assert words.say("choice.NotEffective.INEFFECTIVE") in text
    assert "刘芳" in text


def test_an_earlier_round_is_only_read(capa: ThoroughCapa, words: Words) -> None:
    for place, blocks in _pages(capa, words).items():
        steps = [block for block in blocks if str(block.get("block_id", "")).startswith("steps")]
        assert bool(steps) == (place == Place(3, 1))
        assert (words.say("dossier.ended_round", n=place.round) in text_of(blocks)) == (place.round != 3)


def test_a_measure_can_be_read_whole(capa: ThoroughCapa, words: Words) -> None:
    measure = rounds.measures(capa.scene(), 1)[0]
    pages = _pages(capa, words, capa.scene(measure.number))
    text = "".join(_texts(blocks) for blocks in pages.values())
    for part in (
        long("措施1-0", 1000),
        long("实施", 1500),
        long("进展", 1000),
        long("偏差", 500),
        "陈晓",
        "Alex Smith",
        "C1",
    ):
        assert part in text


def test_who_may_not_see_details_gets_the_head_only(capa: ThoroughCapa, words: Words) -> None:
    for here in capa.seen.values():
        for scene in (here, *(here.of(part) for part in here.parts[:2])):
            for place in (BEGINNING, Place(1, 1), Place(3, 2)):
                blocks = whole(scene, STRANGER, capa.company.workflow, words, place)
                assert "😀" not in text_of(blocks).replace(TITLE, "")
                assert not [block for block in blocks if block.get("block_id") == "dossier"]


def test_a_channel_hears_only_what_everybody_may(capa: ThoroughCapa, words: Words) -> None:
    for here in capa.seen.values():
        for scene in (here, *(here.of(part) for part in here.parts[:2])):
            text = text_of(card(scene, Reader.audience([QA]), capa.company.workflow, words))
            assert not re.search("现状｜|现象|措施1|根因|指标｜", text)


def test_a_page_that_does_not_exist_is_the_last_one(capa: ThoroughCapa, words: Words) -> None:
    pages = _pages(capa, words)
    last = max(place.page for place in pages if place.round == 1)
    beyond = whole(capa.scene(), OWNER, capa.company.workflow, words, Place(1, 99))
    assert beyond == pages[Place(1, last)]


def test_the_day_of_a_check_is_never_late(capa: ThoroughCapa, words: Words) -> None:
    here = capa.scene()
    check = next(deadline for deadline in here.running() if deadline.name == "check_date")
    for days, said in {
        -1: words.say("ui.due_left", n=1),
        0: words.say("ui.mark_reached"),
        9: words.say("ui.mark_reached"),
    }.items():
        then = Scene(here.company, here.now, here.record, deadlines=[check])
        then.__dict__["today"] = check.current_due + timedelta(days=days)
        assert due_line(then, check, words).endswith(said)


def test_what_comes_next_is_the_first_button(capa: ThoroughCapa, words: Words) -> None:
    for key, step in {(1, "BEGUN"): "describe_problem", (1, "ANALYSIS"): "submit_plan"}.items():
        drawn = card(capa.seen[key], Reader.person(OWNER), capa.company.workflow, words)
        first = next(block for block in drawn if block["type"] == "actions")["elements"][0]
        assert (first["action_id"], first.get("style")) == (step, "primary")


def test_many_short_paragraphs_are_paged_too(capa: ThoroughCapa, words: Words) -> None:
    here = capa.scene()
    for line in here.entries:
        line.values = _shortened(line.values)
    for part in here.parts:
        part.values = _shortened(part.values)
    pages = _pages(capa, words, here)
    assert max(map(len, pages.values())) <= PAGE_BLOCKS
    assert _typed(pages, 3).count(words.say("field.what_was_done")) == MEASURES


def _shortened(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value[:20] if isinstance(value, str) else value for name, value in values.items()}


def _card(capa: ThoroughCapa, scene: Scene, person: str, words: Words) -> str:
    return text_of(card(scene, Reader.person(person), capa.company.workflow, words))


def _pages(capa: ThoroughCapa, words: Words, scene: Scene | None = None) -> Mapping[Place, list[Block]]:
    """Every page that can be turned to, from the first one on, by pressing the buttons that are there."""
    here = scene or capa.scene()
    first = Place(here.record.round, 1)
    found: dict[Place, list[Block]] = {}
    waiting = [first]
    while waiting:
        place = waiting.pop()
        if place not in found:
            found[place] = whole(here, OWNER, capa.company.workflow, words, place)
            waiting += _turns(found[place])
    return found


def _turns(blocks: list[Block]) -> Iterator[Place]:
    for block in blocks:
        for element in block.get("elements", ()):
            if str(element.get("action_id", "")).startswith(SHOW_PAGE):
                place = PLACE.fullmatch(element["value"])
                assert place
                yield Place(int(place["round"]), int(place["page"]))


def _typed(pages: Mapping[Place, list[Block]], round_: int) -> str:
    """The plain paragraphs of a round, put together again."""
    return "".join(_texts(pages[place]) for place in sorted(pages, key=lambda p: p.page) if place.round == round_)


def _texts(blocks: list[Block]) -> str:
    paragraphs = [block["text"] for block in blocks if block["type"] == "section"]
    return "".join(text["text"] for text in paragraphs if text["type"] == "plain_text")
