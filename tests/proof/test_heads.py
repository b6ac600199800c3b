"""The daily head: once a day over what went on since the last one, signed; once a month quality is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select
from structlog.testing import capture_logs

from bot.company import CompanySource
from bot.proof import Heads, Keys
from storage.database import Database
from storage.head import Head, HeadLine
from storage.outbox import OutboxRow
from tests.proof.conftest import KEYS, MONDAY, TUESDAY, WEDNESDAY
from tests.support.company import DemoCompany, at


def made(database: Database) -> list[Head]:
    with database.reading() as session:
        return list(session.exec(select(Head).order_by(Head.no)))  # type: ignore[arg-type]


def lines(database: Database, no: int) -> dict[str, int]:
    with database.reading() as session:
        return {line.record: line.seq for line in session.exec(select(HeadLine).where(HeadLine.head == no))}


def posted(database: Database) -> dict[str, str]:
    with database.reading() as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.target == "C_QUALITY", OutboxRow.kind == "note"))
        return {row.key: row.data["params"]["hash"] for row in rows if row.data["news"] == "head"}


def test_a_head_seals_what_went_on_since_the_one_before(company: DemoCompany, numbers: list[str]) -> None:
    first, second = made(company.database)

    assert lines(company.database, 1) == {numbers[0]: 2, numbers[1]: 1}
    assert lines(company.database, 2) == {numbers[0]: 3}
    assert (first.lines, first.records, first.entries) == (2, 2, 3)
    assert (second.lines, second.records, second.entries) == (1, 2, 4)
    assert second.previous == first.hash != second.hash


def test_what_was_committed_late_comes_into_the_next_head(company: DemoCompany, heads: Heads) -> None:
    heads.run(MONDAY)
    late = company.raise_(MONDAY - timedelta(hours=3))
    heads.run(TUESDAY)

    assert lines(company.database, 2) == {late: 1}


def test_a_day_without_steps_is_sealed_too(company: DemoCompany, heads: Heads, numbers: list[str]) -> None:
    heads.run(WEDNESDAY)

    assert [(head.no, head.lines, head.entries) for head in made(company.database)][-1] == (3, 0, 4)


def test_the_day_is_that_of_the_company(company: DemoCompany, heads: Heads) -> None:
    for moment in ("2026-03-02 23:59", "2026-03-03 00:01", "2026-03-03 23:59"):
        heads.run(at(moment))

    assert [str(head.day) for head in made(company.database)] == ["2026-03-02", "2026-03-03"]


def test_replicas_make_one_head(company: DemoCompany, database_url: str) -> None:
    company.raise_(MONDAY)
    replicas = [Database(database_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda database: Heads(database, CompanySource(), KEYS).run(MONDAY), replicas))
    for replica in replicas:
        replica.dispose()

    assert [head.no for head in made(company.database)] == [1]


def test_a_new_key_signs_on_the_day_it_comes(company: DemoCompany) -> None:
    for keys in (Keys(), KEYS, Keys.read(f"{'n' * 32} {'k' * 32}")):
        Heads(company.database, company.companies, keys).run(MONDAY)

    heads = made(company.database)
    assert [head.signature is None for head in heads] == [True, False, False]
    assert len({head.key for head in heads}) == 3
    assert Keys.read(f"{'n' * 32} {'k' * 32}").made(heads[1])
    assert not KEYS.made(heads[2])


def test_the_log_keeps_the_digest(company: DemoCompany, heads: Heads) -> None:
    with capture_logs() as log:
        heads.run(MONDAY)

    (head,) = made(company.database)
    assert [(line["event"], line["hash"], line["signature"]) for line in log] == [("head", head.hash, head.signature)]


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-03-31 10:00", False),  # the first head is of this month
        ("2026-04-01 08:30", False),  # before the hours at which the bot may speak
        ("2026-04-01 10:00", True),
        ("2026-04-30 10:00", True),
    ],
)
def test_quality_is_told_of_last_months_head(
    company: DemoCompany, heads: Heads, numbers: list[str], moment: str, told: bool
) -> None:
    heads.run(at(moment))
    heads.run(at(moment) + timedelta(minutes=1))

    last = made(company.database)[1]
    assert posted(company.database) == ({"head:C_QUALITY:2026-04": last.hash} if told else {})


@pytest.mark.usefixtures("numbers")
@pytest.mark.parametrize("attempt", ["UPDATE head SET signature = NULL", "DELETE FROM head", "DELETE FROM head_line"])
def test_nobody_rewrites_a_head(database: Database, attempt: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
        session.connection().execute(text(attempt))


def test_a_clock_that_was_set_back_makes_no_second_head(company: DemoCompany, heads: Heads) -> None:
    moments: list[datetime] = [TUESDAY, MONDAY, TUESDAY]
    for moment in moments:
        heads.run(moment)

    assert [str(head.day) for head in made(company.database)] == ["2026-03-03", "2026-03-02"]
