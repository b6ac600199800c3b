"""Somebody raises what was closed once, in other words: it is recognised, and what only sounds alike is not."""

import tomllib
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import typer

import storage.search
from bot.knowledge.likeness import ALIKE, likeness, understand
from bot.knowledge.similar import similar
from storage.database import Database
from tests.knowledge.shelf import record

PAIRS: dict[str, list[dict[str, Any]]] = tomllib.loads(Path(__file__).with_name("pairs.toml").read_text("utf-8"))


def closed(database: Database, pairs: list[dict[str, Any]]) -> dict[tuple[str, ...], str]:
    """Close every earlier item of these pairs once; gives their numbers."""
    numbers = {tuple(pair["earlier"]): f"IMP-2025-{place:04}" for place, pair in enumerate(pairs)}
    with database.transaction() as session:
        for (title, description), number in numbers.items():
            record(session, number, title, description)
        storage.search.refresh(session)
    return numbers


def judged(database: Database, name: str) -> tuple[list[str], float, float]:
    """The pairs that were judged wrong, precision and recall."""
    pairs = PAIRS[name]
    numbers = closed(database, pairs)
    wrong, hits, named = [], 0, 0
    with database.reading() as session:
        for pair in pairs:
            found = {one.record.number for one in similar(session, *pair["later"], limit=50)}
            said = numbers[tuple(pair["earlier"])] in found
            named += said
            hits += said and pair["same"]
            if said != pair["same"]:
                wrong.append(pair["later"][0])
    return wrong, hits / named, hits / sum(pair["same"] for pair in pairs)


def test_the_table_has_twenty_true_and_ten_false_pairs() -> None:
    assert [sum(pair["same"] is same for pair in PAIRS["table"]) for same in (True, False)] == [20, 10]


@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [("table", 1.0, 1.0), ("second", 1.0, 1.0), ("unseen", 1.0, 0.8)],
)
def test_a_recurrence_is_recognised(
    database: Database, name: str, precision: float, recall: float, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, precise, recalled = judged(database, name)
    with capsys.disabled():
        typer.echo(
            f"\n{name}: {len(PAIRS[name])} pairs, precision {precise:.2f}, recall {recalled:.2f}, wrong: {wrong}"
        )
    assert precise >= precision
    assert recalled >= recall


def test_hardly_anything_else_is_taken_for_a_recurrence() -> None:
    every = [pair for pairs in PAIRS.values() for pair in pairs]
    texts = {tuple(pair["earlier"]) for pair in every}
    mixed = [(text, pair) for text, pair in product(texts, every) if text != tuple(pair["earlier"])]
    alike = [
        (text[0], pair["later"][0])
        for text, pair in mixed
        if likeness(understand(*text), understand(*pair["later"]), lambda _: 1.0) >= ALIKE
    ]
    assert len(alike) <= len(mixed) / 100


def test_likeness_is_a_share() -> None:
    text = understand("打印机每天卡纸", "三楼的打印机")
    assert likeness(text, text, lambda _: 1.0) == pytest.approx(1.0, abs=0.2)
    assert likeness(text, understand("", ""), lambda _: 1.0) < ALIKE
    assert likeness(understand("", ""), understand("", ""), lambda _: 1.0) < ALIKE


def test_a_rare_word_tells_more(database: Database) -> None:
    with database.transaction() as session:
        for number in range(400):
            record(session, f"IMP-2024-{number:04}", "材料", "晚交")
        record(session, "IMP-2025-0001", "青藤", "晚交")
        storage.search.refresh(session)
    with database.reading() as session:
        found = similar(session, "青藤材料", "晚交", least=0.0, limit=1)
    assert [one.record.number for one in found] == ["IMP-2025-0001"]


def test_open_and_closed_items_are_told_apart(database: Database) -> None:
    with database.transaction() as session:
        record(session, "IMP-2026-0001", "三楼打印机卡纸", "每天两次")
        record(session, "IMP-2026-0002", "打印机夹纸", "二楼", open_=True)
        record(session, "IMP-2026-0003", "机房空调漏水", "")
    with database.reading() as session:
        found = {one.record.number: one.open for one in similar(session, "打印设备老是堵纸", "四楼")}
        only_open = [one.record.number for one in similar(session, "打印设备老是堵纸", "", open_=True)]
        others = [one.record.number for one in similar(session, "打印设备堵纸", "", without="IMP-2026-0001")]
        elsewhere = similar(session, "打印设备老是堵纸", "四楼", department="通信部")
    assert found == {"IMP-2026-0001": False, "IMP-2026-0002": True}
    assert (only_open, others, elsewhere) == (["IMP-2026-0002"], ["IMP-2026-0002"], [])


@pytest.mark.parametrize("text", ["", "，。", "的了着", "2026-03-02", '"*:()', "卡" * 20_000])
def test_a_text_that_says_nothing_is_like_nothing(database: Database, text: str) -> None:
    with database.transaction() as session:
        record(session, "IMP-2026-0001", "三楼打印机卡纸", "每天两次")
    with database.reading() as session:
        assert similar(session, text, text) == []
