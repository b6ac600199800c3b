"""A backup made while people work, restored into either database: nothing is missing, and the bot goes on there."""

import json
import stat
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import sqlmodel
from sqlalchemy import inspect, select, text
from sqlmodel import Session, SQLModel

import storage.migrate
import storage.outbox
import storage.sending
from bot.company import CompanySource
from bot.improvement import LIFECYCLES
from bot.knowledge.reindex import reindex
from bot.proof import Heads, verify
from bot.workflow import Request, Workflow
from storage import archive
from storage.database import Database
from storage.migrate import NewerDatabase
from storage.outbox import QUEUED, UNKNOWN, OutboxRow
from tests.proof.conftest import KEYS, TUESDAY, WEDNESDAY, restore, rewrite
from tests.support.company import DemoCompany

FIRST = "IMP-2026-0001"
MOVED_ON: dict[str, list[tuple[Any, ...]]] = {"outbox": [], "sequence": []}
"""What a restore changes: messages are in doubt, and numbers have a gap."""


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables but the search index, which is made anew."""
    found = {}
    with database.reading() as session:
        for table in SQLModel.metadata.sorted_tables:
            if table.name != "search_document":
                rows = [tuple(row) for row in session.execute(select(*table.columns))]
                found[table.name] = sorted(rows, key=repr)
    return found


def changed(file: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Write the backup again with another table of contents."""
    with zipfile.ZipFile(file) as old:
        members = {name: old.read(name) for name in old.namelist()}
    content = json.loads(members[archive.CONTENT])
    change(content)
    with zipfile.ZipFile(file, "w") as new:
        for name, data in (members | {archive.CONTENT: json.dumps(content).encode()}).items():
            new.writestr(name, data)


def aged(file: Path, revision: str, scratch: str) -> None:
    """Make it a backup of an earlier version, which lacks the tables and the columns that came later."""
    storage.migrate.rebuild(scratch, revision)
    with storage.migrate.transaction(scratch) as connection:
        found = inspect(connection)
        known = {table: {one["name"] for one in found.get_columns(table)} for table in found.get_table_names()}
    with zipfile.ZipFile(file) as archived:
        content = json.loads(archived.read(archive.CONTENT))
        columns = {table: names for table, names in content["columns"].items() if table in known}
        rows = {table: [json.loads(row) for row in archived.read(f"{table}.jsonl").splitlines()] for table in columns}
    with zipfile.ZipFile(file, "w") as older:
        for table, names in columns.items():
            kept = [place for place, name in enumerate(names) if name in known[table]]
            columns[table] = [names[place] for place in kept]
            lines = [json.dumps([row[place] for place in kept]) + "\n" for row in rows[table]]
            older.writestr(f"{table}.jsonl", "".join(lines))
        older.writestr(archive.CONTENT, json.dumps(content | {"revision": revision, "columns": columns}))


@pytest.mark.usefixtures("numbers")
def test_nothing_is_missing_and_the_bot_goes_on(
    company: DemoCompany, file: Path, elsewhere: str, opened: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = company.request_extension(FIRST, TUESDAY, by="U_ZHOU", new_due="2026-03-20")
    company.approve_extension(asked, TUESDAY)
    monkeypatch.setattr(archive, "BATCH", 1)
    with company.database.transaction() as session:  # PostgreSQL now keeps it behind its part
        session.connection().execute(text("UPDATE record SET title = title WHERE parent IS NULL"))
    before = everything(company.database)
    archive.write(company.database, file, TUESDAY)
    company.raise_(TUESDAY, "备份之后提出")

    restore(elsewhere, file)

    assert everything(opened) | MOVED_ON == before | MOVED_ON
    there = Workflow(opened, CompanySource(), LIFECYCLES)
    reindex(there, WEDNESDAY)
    report = verify(opened, KEYS, WEDNESDAY)
    assert (report.records, report.entries) == (len(before["record"]), len(before["history"])) == (3, 8)
    assert (report.signed, report.breaks) == (True, [])
    report_form = {
        "measure_taken": "已增加必填校验",
        "result": "一周内没有缺失",
        "executors": ["U_ZHOU"],
        "started_on": "2026-03-04",
        "completed_on": "2026-03-04",
        "deviation": "无",
        "involves_change": "false",
    }
    there.perform(Request("report_result", "U_ZHOU", "after", WEDNESDAY, number=FIRST, values=report_form))
    idea = {"title": "恢复后提出", "description": "继续", "source": "SERVICE_REPORT", "raising_dept": "信息部"}
    raised = there.perform(Request("raise_opportunity", "U_CHEN", "anew", WEDNESDAY, values=idea))
    assert raised.number == "IMP-2026-0103"
    Heads(opened, CompanySource(), KEYS).run(WEDNESDAY)
    assert verify(opened, KEYS, WEDNESDAY).breaks == []


def test_steps_go_on_while_it_is_made(company: DemoCompany, file: Path, elsewhere: str, opened: Database) -> None:
    done, raised = Event(), 0

    def raise_on() -> None:
        nonlocal raised
        while not done.is_set():
            company.raise_(TUESDAY)
            raised += 1

    with ThreadPoolExecutor(1) as people:
        work = people.submit(raise_on)
        while raised < 3:
            pass
        content = archive.write(company.database, file, TUESDAY)
        done.set()
        work.result()
    restore(elsewhere, file)

    report = verify(opened, KEYS, WEDNESDAY)
    assert report.breaks == []
    assert 3 <= report.records == content.rows["record"] == content.rows["history"] <= raised


@pytest.mark.usefixtures("numbers")
def test_what_waited_to_be_sent_is_looked_up_first(company: DemoCompany, file: Path, empty: str) -> None:
    with company.database.reading() as session:
        waiting = _in_state(session, QUEUED)
    archive.write(company.database, file, TUESDAY)

    restore(empty, file)

    database = Database(empty)
    with database.transaction() as session:
        assert _in_state(session, UNKNOWN) == waiting != set()
        claimed = storage.sending.claim_next(session, now=WEDNESDAY, lease_until=WEDNESDAY + timedelta(minutes=1))
        assert claimed is not None
        assert claimed.state == UNKNOWN
        assert claimed.claimed_at == claimed.created_at  # it is looked for from then on
    database.dispose()


def _in_state(session: Session, state: str) -> set[str]:
    return {row.key for row in session.exec(sqlmodel.select(OutboxRow).where(OutboxRow.state == state))}


@pytest.mark.usefixtures("numbers")
def test_a_backup_of_the_version_before_is_brought_up(
    company: DemoCompany, file: Path, elsewhere: str, opened: Database, empty: str
) -> None:
    archive.write(company.database, file, TUESDAY)
    aged(file, "0002", empty)

    restore(elsewhere, file)

    assert storage.migrate.current(elsewhere) == storage.migrate.head()
    report = verify(opened, KEYS, TUESDAY)
    assert (report.records, report.heads, report.breaks) == (2, 0, [])


@pytest.mark.usefixtures("numbers")
def test_a_history_that_was_altered_before_the_backup_stays_altered(
    company: DemoCompany, file: Path, elsewhere: str, opened: Database
) -> None:
    rewrite(company.database, "UPDATE history SET actor = 'U_HE' WHERE seq = 2")
    archive.write(company.database, file, TUESDAY)

    restore(elsewhere, file)

    assert [(found.name, found.entry) for found in verify(opened, KEYS, WEDNESDAY).breaks] == [(FIRST, 2)]


def test_a_database_with_something_in_it_is_left_alone(company: DemoCompany, file: Path, database_url: str) -> None:
    archive.write(company.database, file, TUESDAY)
    before = everything(company.database)

    with pytest.raises(archive.NotEmpty):
        restore(database_url, file)

    assert everything(company.database) == before


def test_somebody_elses_database_is_left_alone(company: DemoCompany, file: Path, elsewhere: str) -> None:
    archive.write(company.database, file, TUESDAY)
    with storage.migrate.transaction(elsewhere) as connection:
        connection.exec_driver_sql("CREATE TABLE evidence (word TEXT)")

    with pytest.raises(archive.NotEmpty):
        restore(elsewhere, file)


def test_the_empty_tables_of_a_new_installation_may_stand_there(
    company: DemoCompany, file: Path, elsewhere: str
) -> None:
    number = company.raise_(TUESDAY)
    archive.write(company.database, file, TUESDAY)
    storage.migrate.upgrade(elsewhere)

    assert restore(elsewhere, file).rows["record"] == 1 == int(number[-4:])


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-200])


def _spoil(file: Path) -> None:
    """One byte in the middle of the rows of a table."""
    with zipfile.ZipFile(file) as backup:
        place = backup.getinfo("profile_version.jsonl").header_offset + 200
    data = bytearray(file.read_bytes())
    data[place] ^= 0xFF
    file.write_bytes(data)


def _lose_rows(file: Path) -> None:
    changed(file, lambda content: content["rows"].update(record=7))


def _other(file: Path) -> None:
    file.write_text("SQLite format 3")


def _other_zip(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as holiday_photos:
        holiday_photos.writestr("beach.jpg", b"")


def _later_format(file: Path) -> None:
    changed(file, lambda content: content.update(format=2))


@pytest.mark.parametrize("harm", [_cut, _spoil, _lose_rows, _other, _other_zip, _later_format])
def test_what_is_no_whole_backup_is_refused(
    company: DemoCompany, file: Path, empty: str, harm: Callable[[Path], None]
) -> None:
    company.raise_(TUESDAY)
    archive.write(company.database, file, TUESDAY)
    whole = file.read_bytes()
    harm(file)

    with pytest.raises(archive.BadArchive):
        restore(empty, file)

    file.write_bytes(whole)
    assert restore(empty, file).rows["record"] == 1


def test_the_backup_of_a_newer_program_is_refused(company: DemoCompany, file: Path, empty: str) -> None:
    archive.write(company.database, file, TUESDAY)
    changed(file, lambda content: content.update(revision="9999"))

    with pytest.raises(NewerDatabase):
        restore(empty, file)

    assert storage.migrate.current(empty) is None


def test_a_file_that_is_there_stays(company: DemoCompany, file: Path) -> None:
    file.write_text("yesterday's")

    with pytest.raises(FileExistsError):
        archive.write(company.database, file, TUESDAY)

    assert file.read_text() == "yesterday's"


def test_only_its_owner_may_read_it(company: DemoCompany, file: Path) -> None:
    archive.write(company.database, file, TUESDAY)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.glob("*.part")) == []
