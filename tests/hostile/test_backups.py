"""A backup file that somebody else made: whatever stands in it, it is a whole backup or it is refused.

Nothing is written outside the database, and a database it was refused for can still be restored into.
"""

import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.proof import Keys, verify
from storage import archive
from storage.archive import BadArchive
from storage.database import Database
from storage.migrate import NewerDatabase
from tests.proof.conftest import restore
from tests.support.chance import examples
from tests.support.company import DemoCompany, at
from tests.support.postgres import Server, fresh_database

MONDAY = at("2026-03-02 09:00")
Members = dict[str, bytes]


@pytest.fixture
def whole(company: DemoCompany, tmp_path: Path) -> Path:
    """An honest backup of a company with one improvement."""
    company.daily(MONDAY)
    file = tmp_path / "honest.backup"
    archive.write(company.database, file, MONDAY)
    return file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The one that is handed in."""
    return tmp_path / "handed-in.backup"


@pytest.fixture
def empty(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'empty.db'}"


def members(file: Path) -> Members:
    with zipfile.ZipFile(file) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def pack(file: Path, parts: Members) -> None:
    """A zip file whose checksums are right."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)


def refused(url: str, file: Path, whole: Path) -> None:
    """It is no backup, and the database is as good as before."""
    with pytest.raises(BadArchive):
        restore(url, file)
    assert restore(url, whole).rows["record"] == 1


def test_a_part_of_a_backup_is_none(whole: Path, file: Path, empty: str) -> None:
    data = whole.read_bytes()
    for length in [0, 1, 21, 22, *range(0, len(data), 997), len(data) - 1]:
        file.write_bytes(data[:length])
        with pytest.raises(BadArchive):
            restore(empty, file)
    assert restore(empty, whole).rows["record"] == 1


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(place=st.integers(0, 2**30), byte=st.integers(1, 255))
def test_a_byte_that_changed_is_noticed_or_changes_nothing(
    place: int, byte: int, whole: Path, file: Path, tmp_path: Path
) -> None:
    data = bytearray(whole.read_bytes())
    data[place % len(data)] ^= byte
    file.write_bytes(data)
    url = f"sqlite:///{tmp_path / 'again.db'}"
    Path(tmp_path / "again.db").unlink(missing_ok=True)
    try:
        restore(url, file)
    except (BadArchive, NewerDatabase):
        return
    database = Database(url)
    report = verify(database, Keys(()), MONDAY)
    database.dispose()
    assert (report.records, report.breaks) == (1, [])


def test_a_damaged_file_is_noticed_before_anything_is_touched(
    whole: Path, file: Path, empty: str, tmp_path: Path
) -> None:
    with zipfile.ZipFile(whole) as opened:
        place = opened.getinfo("profile_version.jsonl").header_offset + 200
    data = bytearray(whole.read_bytes())
    data[place] ^= 0xFF
    file.write_bytes(data)

    with pytest.raises(BadArchive):
        restore(empty, file)

    assert not (tmp_path / "empty.db").exists()


def _row(change: Callable[[list[Any]], Any]) -> Callable[[bytes], bytes]:
    """Another first row."""

    def changed(lines: bytes) -> bytes:
        first, *others = lines.splitlines()
        row = json.loads(first)
        return b"\n".join([json.dumps(change(row)).encode(), *others]) + b"\n"

    return changed


def _values(change: Callable[[Any], Any]) -> Callable[[bytes], bytes]:
    """A first row of other values."""
    return _row(lambda row: [change(value) for value in row])


def is_time(value: Any) -> bool:
    """Whether it is an instant as a backup writes it."""
    return isinstance(value, str) and value.startswith("2026-") and "T" in value


EDITED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "a column too many": ("record", _row(lambda row: [*row, 1])),
    "a column too few": ("record", _row(lambda row: row[:-1])),
    "no row": ("record", _row(lambda row: {"number": row[0]})),
    "a number": ("record", _row(lambda row: 7)),
    "a text in place of a number": ("record", _values(lambda value: "nine" if type(value) is int else value)),
    "a list in place of a text": ("record", _values(lambda value: [value] if value == "improvement" else value)),
    "a number in place of a text": ("record", _values(lambda value: 7 if value == "improvement" else value)),
    "half a character": ("record", _values(lambda value: "\ud800" if value == "improvement" else value)),
    "a number in place of yes": ("record", _values(lambda value: 1 if value is False else value)),
    "nothing where something must be": ("record", _row(lambda row: [None] * len(row))),
    "a time that is none": ("record", _values(lambda value: "yesterday" if is_time(value) else value)),
    "a time of nowhere": ("record", _values(lambda value: value[:19] if is_time(value) else value)),
    "the same row twice": ("record", lambda lines: lines + lines),
    "a row of a record that is not there": (
        "relation",
        _values(lambda value: "IMP-1999-0001" if value == "IMP-2026-0001" else value),
    ),
    "no JSON": ("record", lambda lines: b"{'number': 1}\n"),
    "no text": ("record", lambda lines: b"\xff\xfe\n"),
    "deeper than can be read": ("record", lambda lines: b"[" * 100_000 + b"]" * 100_000 + b"\n"),
    "a number nobody can hold": ("record", _values(lambda value: 10**400 if type(value) is int else value)),
    "not a number": ("record", lambda lines: lines.replace(b"null", b"NaN", 1)),
}


@pytest.fixture
def target(company: DemoCompany, empty: str, postgres: Server) -> Iterator[str]:
    """An empty database of the engine that the backup is from."""
    if company.database.is_sqlite:
        yield empty
    else:
        with fresh_database(postgres.start()) as url:
            yield url


@pytest.mark.parametrize("kind", EDITED)
def test_rows_that_do_not_fit_their_table_are_refused(whole: Path, file: Path, target: str, kind: str) -> None:
    table, edit = EDITED[kind]
    parts = members(whole)
    name = f"{table}.jsonl"
    edited = edit(parts[name])
    assert edited != parts[name]
    pack(file, parts | {name: edited})
    refused(target, file, whole)


def _content(change: Callable[[dict[str, Any]], Any]) -> Callable[[Members], Members]:
    def changed(parts: Members) -> Members:
        return parts | {archive.CONTENT: json.dumps(change(json.loads(parts[archive.CONTENT]))).encode()}

    return changed


HANDED_IN: dict[str, Callable[[Members], Members]] = {
    "no contents": lambda parts: {name: data for name, data in parts.items() if name != archive.CONTENT},
    "contents that are a list": _content(lambda content: [content]),
    "contents with more in them": _content(lambda content: content | {"then": "rm -rf"}),
    "contents deeper than can be read": lambda parts: parts | {archive.CONTENT: b"[" * 100_000},
    "contents larger than any": lambda parts: parts | {archive.CONTENT: parts[archive.CONTENT] + b" " * 2_000_000},
    "columns that are no names": _content(lambda content: content | {"columns": 7}),
    "columns that are not there": _content(
        lambda content: content | {"columns": content["columns"] | {"record": ["number; DROP TABLE record"]}}
    ),
    "no count of rows": _content(lambda content: content | {"rows": {}}),
    "a revision that is none": _content(lambda content: content | {"revision": ["0001"]}),
    "a table that is missing": lambda parts: {name: data for name, data in parts.items() if name != "record.jsonl"},
    "no time": _content(lambda content: content | {"at": "yesterday"}),
    "a time of nowhere": _content(lambda content: content | {"at": content["at"].removesuffix("+00:00")}),
    "a time before there was any backup": _content(lambda content: content | {"at": "0001-01-01T00:00:00+00:00"}),
    "another format": _content(lambda content: content | {"format": "1"}),
}


@pytest.mark.parametrize("kind", HANDED_IN)
def test_contents_that_are_not_ours_are_refused(whole: Path, file: Path, empty: str, kind: str) -> None:
    pack(file, HANDED_IN[kind](members(whole)))
    refused(empty, file, whole)


def test_the_backup_of_a_newer_program_is_left_alone(whole: Path, file: Path, empty: str) -> None:
    pack(file, _content(lambda content: content | {"revision": "9999"})(members(whole)))
    with pytest.raises(NewerDatabase):
        restore(empty, file)


def test_a_file_locked_with_a_password_is_refused(whole: Path, file: Path, empty: str) -> None:
    data = bytearray(whole.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            (said,) = struct.unpack_from("<H", data, place + flags)
            struct.pack_into("<H", data, place + flags, said | 1)
            place = data.find(mark, place + 4)
    file.write_bytes(data)
    refused(empty, file, whole)


@pytest.mark.parametrize("name", ["../outside.jsonl", "/outside.jsonl", "..\\outside.jsonl", "a/../../outside.jsonl"])
def test_names_that_lead_elsewhere_lead_nowhere(whole: Path, file: Path, empty: str, tmp_path: Path, name: str) -> None:
    pack(file, {name: b"[]\n"} | members(whole))

    restore(empty, file)

    assert {found.name for found in tmp_path.iterdir()} >= {"empty.db"}
    assert not list(tmp_path.parent.rglob("*outside*"))
    assert not Path("/outside.jsonl").exists()


def test_a_table_that_is_not_ours_is_not_made(whole: Path, file: Path, empty: str) -> None:
    parts = _content(lambda content: content | {"columns": content["columns"] | {"evil": ["a"]}})(members(whole))
    pack(file, parts | {"evil.jsonl": b'["b"]\n'})

    restore(empty, file)

    with sqlite3.connect(empty.removeprefix("sqlite:///")) as database:
        assert database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'evil'").fetchone() == (0,)
    database.close()


def test_a_line_larger_than_any_row_is_not_read(whole: Path, file: Path, empty: str) -> None:
    parts = members(whole)
    pack(file, parts | {"record.jsonl": b" " * (archive.LONGEST_LINE + 1) + parts["record.jsonl"]})
    refused(empty, file, whole)
