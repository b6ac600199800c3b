"""After a restore no number is given out a second time: the buttons of what was lost still stand in Slack."""

from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

import storage.record
from bot.cli.archives import NUMBERING
from bot.improvement import LIFECYCLES
from storage import archive
from storage.database import Database
from storage.numbering import GAP
from tests.proof.conftest import MONDAY, TUESDAY, WEDNESDAY, restore
from tests.support.company import DemoCompany, at

FIRST, AFTER_IT = "IMP-2026-0001", "IMP-2026-0102"
NEW_YEARS_EVE, NEW_YEAR = at("2026-12-31 23:59"), at("2027-01-04 10:00")


@pytest.fixture
def backup(company: DemoCompany, file: Path) -> Path:
    """A backup with one improvement that somebody works on."""
    company.accept(company.daily(MONDAY), MONDAY, by="U_ZHOU")
    archive.write(company.database, file, MONDAY)
    return file


def people_at(database: Database) -> DemoCompany:
    """The same people at the restored database."""
    return DemoCompany(database, deliveries=count(100))


def test_what_was_lost_keeps_its_number_to_itself(
    company: DemoCompany, backup: Path, elsewhere: str, opened: Database
) -> None:
    later = {"by": "U_ZHOU", "new_due": "2026-03-20"}
    assert company.raise_(TUESDAY) == "IMP-2026-0002"
    assert company.request_extension(FIRST, TUESDAY, **later) == f"{FIRST}-E1"

    restore(elsewhere, backup)

    people = people_at(opened)
    assert people.raise_(WEDNESDAY) == AFTER_IT
    assert people.request_extension(FIRST, WEDNESDAY, **later) == f"{FIRST}-E101"


@pytest.mark.parametrize(
    ("restored", "sequence", "number"),
    [
        (WEDNESDAY, ("IMP", 2026), GAP + 2),
        (WEDNESDAY, ("CAS", 2026), GAP + 1),
        (WEDNESDAY, (f"{FIRST}-M", 0), GAP + 1),
        (WEDNESDAY, (f"{AFTER_IT}-M", 0), 1),
        (WEDNESDAY, ("IMP", 2027), 1),
        (NEW_YEARS_EVE, ("IMP", 2027), GAP + 1),
        (NEW_YEAR, ("IMP", 2027), GAP + 1),
        (NEW_YEAR, ("IMP", 2028), 1),
    ],
)
def test_there_is_a_gap_wherever_something_can_be_lost(
    backup: Path, empty: str, restored: datetime, sequence: tuple[str, int], number: int
) -> None:
    restore(empty, backup, restored)

    database, (prefix, year) = Database(empty), sequence
    with database.transaction() as session:
        assert storage.record.take_number(session, prefix=prefix, year=year) == number
    database.dispose()


def test_a_sequence_that_was_at_work_goes_on_behind_the_gap(
    company: DemoCompany, file: Path, elsewhere: str, opened: Database
) -> None:
    with company.database.transaction() as session:
        numbers = [storage.record.take_number(session, prefix=f"{FIRST}-M", year=0) for _ in range(3)]
    archive.write(company.database, file, MONDAY)

    restore(elsewhere, file)

    with opened.transaction() as session:
        assert storage.record.take_number(session, prefix=f"{FIRST}-M", year=0) == numbers[-1] + GAP + 1


def test_the_first_item_of_all_can_be_lost(company: DemoCompany, file: Path, elsewhere: str, opened: Database) -> None:
    archive.write(company.database, file, MONDAY)

    restore(elsewhere, file)

    assert people_at(opened).raise_(WEDNESDAY) == "IMP-2026-0101"


def test_every_kind_has_its_numbers() -> None:
    assert len(NUMBERING.prefixes) + len(NUMBERING.suffixes) == len(LIFECYCLES)
