"""What somebody who writes into the database past the program leaves behind, and what the check says of it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.proof import Heads, Keys, verify
from bot.proof.seal import digest
from bot.proof.verify import Break, Fault
from bot.workflow import chain
from storage.database import Database
from storage.head import Head
from storage.history import HistoryEntry
from tests.proof.conftest import KEYS, MONDAY, TUESDAY, WEDNESDAY, rewrite
from tests.support.company import DemoCompany

FIRST, SECOND = "IMP-2026-0001", "IMP-2026-0002"
OTHER_KEY = Keys(("o" * 32,))
HEADS_GONE = ["DELETE FROM head_line", "DELETE FROM head"]
HEADS_CUT_BACK = ["DELETE FROM head_line WHERE head = 2", "DELETE FROM head WHERE no = 2"]

pytestmark = pytest.mark.usefixtures("numbers")


def of(table: str, number: str = FIRST, *, seq: str = "") -> str:
    return f"{table} WHERE record = '{number}'" + (f" AND seq {seq}" if seq else "")


def gone(number: str, *, seq: str = "") -> list[str]:
    return [f"DELETE FROM {of(table, number, seq=seq)}" for table in ("history_values", "history")]


def test_nothing_is_wrong(database: Database) -> None:
    report = verify(database, KEYS, WEDNESDAY)

    assert (report.records, report.entries, report.heads, report.breaks) == (2, 4, 2, [])
    assert report.signed
    assert verify(database, KEYS, WEDNESDAY, report.last.hash if report.last else "").breaks == []


@pytest.mark.parametrize(
    ("attack", "found"),
    [
        ([f"UPDATE history SET actor = 'U_HE' {of('', seq='= 2')}"], Break(Fault.ALTERED, FIRST, 2)),
        ([f"UPDATE history_values SET \"values\" = '{{}}' {of('', seq='= 1')}"], Break(Fault.ALTERED, FIRST, 1)),
        ([f"DELETE FROM {of('history_values', seq='= 3')}"], Break(Fault.ALTERED, FIRST, 3)),
        (gone(FIRST, seq="= 2"), Break(Fault.ALTERED, FIRST, 3)),
        (gone(FIRST, seq="= 1"), Break(Fault.ALTERED, FIRST, 2)),
        (gone(FIRST, seq="= 3"), Break(Fault.CUT, FIRST, 3)),
        (gone(FIRST, seq="> 1"), Break(Fault.CUT, FIRST, 2)),
        (gone(SECOND), Break(Fault.MISSING, SECOND, 1)),
        ([*gone(SECOND), f"DELETE FROM record WHERE number = '{SECOND}'"], Break(Fault.MISSING, SECOND, 1)),
        ([f"UPDATE record SET stage = 'CLOSED' WHERE number = '{FIRST}'"], Break(Fault.STRAY, FIRST, 3)),
        (["UPDATE head SET entries = 9 WHERE no = 1"], Break(Fault.HEAD_ALTERED, "2026-03-02")),
        (["UPDATE head_line SET seq = 2 WHERE head = 2"], Break(Fault.HEAD_ALTERED, "2026-03-03")),
        (["UPDATE head SET signature = NULL WHERE no = 2"], Break(Fault.HEAD_UNSIGNED, "2026-03-03")),
        (["UPDATE head SET signature = 'made up' WHERE no = 1"], Break(Fault.HEAD_FORGED, "2026-03-02")),
        (["DELETE FROM head WHERE no = 1"], Break(Fault.HEAD_ALTERED, "2026-03-03")),
        (["DELETE FROM head WHERE no = 2"], Break(Fault.HEAD_MISSING, "")),
    ],
)
def test_what_was_done_is_found(database: Database, attack: list[str], found: Break) -> None:
    rewrite(database, *attack)

    assert found in verify(database, KEYS, WEDNESDAY).breaks


def test_every_broken_record_is_named_once(database: Database) -> None:
    rewrite(database, "UPDATE history SET actor = 'U_HE'", "UPDATE record SET stage = 'CLOSED'")

    assert [(found.name, found.entry) for found in verify(database, KEYS, WEDNESDAY).breaks] == [
        (FIRST, 1),
        (SECOND, 1),
    ]


def test_a_record_without_history_is_found_before_any_head(database: Database) -> None:
    rewrite(database, *HEADS_GONE, *gone(SECOND))

    assert verify(database, KEYS, WEDNESDAY).breaks == [Break(Fault.UNWRITTEN, SECOND)]


def test_a_chain_written_anew_does_not_fit_its_seal(database: Database) -> None:
    with database.reading() as session:
        entry = session.exec(select(HistoryEntry).where(HistoryEntry.record == SECOND)).one()
    entry.actor = "U_HE"
    rewrite(database, f"UPDATE history SET actor = 'U_HE', hash = '{chain.digest(entry)}' {of('', SECOND)}")

    assert verify(database, KEYS, WEDNESDAY).breaks == [Break(Fault.REWRITTEN, SECOND, 1)]


def test_heads_made_anew_without_the_key_are_not_ours(company: DemoCompany, database: Database) -> None:
    rewrite(database, *HEADS_GONE, "DELETE FROM job_run", *gone(FIRST, seq="= 3"))
    rewrite(database, f"UPDATE record SET stage = 'NOTIFIED' WHERE number = '{FIRST}'")
    Heads(database, company.companies, OTHER_KEY).run(WEDNESDAY)

    assert verify(database, Keys(), WEDNESDAY).breaks == []
    assert verify(database, KEYS, WEDNESDAY).breaks == [Break(Fault.HEAD_FORGED, "2026-03-04")]


def test_a_head_taken_back_is_missed_by_who_kept_its_digest(database: Database) -> None:
    kept = verify(database, KEYS, WEDNESDAY).last
    assert kept is not None
    rewrite(database, *HEADS_CUT_BACK)

    assert verify(database, KEYS, WEDNESDAY).breaks == []
    assert verify(database, KEYS, WEDNESDAY, kept.hash).breaks == [Break(Fault.HEAD_MISSING, kept.hash)]


@pytest.mark.parametrize(
    ("attack", "found"),
    [
        ([], []),
        (HEADS_GONE, [Break(Fault.UNSEALED, FIRST, 1)]),
        (
            [*HEADS_GONE, *gone(SECOND), f"DELETE FROM record WHERE number = '{SECOND}'"],
            [Break(Fault.UNSEALED, FIRST, 1)],
        ),
        (HEADS_CUT_BACK, [Break(Fault.UNSEALED, FIRST, 3)]),
    ],
)
def test_what_no_head_seals_two_days_later_is_found(database: Database, attack: list[str], found: list[Break]) -> None:
    rewrite(database, *attack)

    assert verify(database, KEYS, TUESDAY + timedelta(days=2, seconds=1)).breaks == found
    assert verify(database, Keys(), TUESDAY + timedelta(days=2, seconds=1)).breaks == []


def test_what_was_sealed_before_there_was_a_key_stays_sealed(company: DemoCompany, database: Database) -> None:
    rewrite(database, *HEADS_GONE, "DELETE FROM job_run")
    for day, keys in ((TUESDAY, Keys()), (WEDNESDAY, KEYS)):
        Heads(database, company.companies, keys).run(day)

    assert verify(database, KEYS, WEDNESDAY + timedelta(days=7)).breaks == []


def test_a_digest_that_is_empty_is_no_head(database: Database) -> None:
    assert verify(database, KEYS, WEDNESDAY, "").breaks == [Break(Fault.HEAD_MISSING, "")]


def test_an_honest_digest_under_false_numbers_is_no_head(database: Database) -> None:
    with database.reading() as session:
        head = session.exec(select(Head).where(Head.no == 2)).one()
    head.entries = 9
    rewrite(database, f"UPDATE head SET entries = 9, hash = '{digest(head)}' WHERE no = 2")

    assert Break(Fault.HEAD_ALTERED, "2026-03-03") in verify(database, Keys(), WEDNESDAY).breaks


def test_steps_go_on_beside_the_check(company: DemoCompany, database: Database) -> None:
    company.raise_(MONDAY)

    report = verify(database, KEYS, WEDNESDAY)

    assert (report.records, report.entries, report.breaks) == (3, 5, [])
    assert report.last is not None
    assert report.last.entries == 4
