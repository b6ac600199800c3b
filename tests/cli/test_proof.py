"""`improve-bot records verify`, `backup` and `restore`, as they are typed."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.proof import Heads, Keys
from storage import archive
from storage.database import Database
from tests.cli.conftest import Type
from tests.proof.conftest import rewrite
from tests.support.company import DemoCompany, at

KEY = "k" * 32
MONDAY = at("2026-03-02 09:00")


@pytest.fixture(autouse=True)
def _register(monkeypatch: pytest.MonkeyPatch, typed: Type, database_url: str, company: DemoCompany) -> None:
    """One improvement, sealed."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    company.daily(MONDAY)
    with capture_logs():
        Heads(company.database, company.companies, Keys((KEY,))).run(MONDAY)


def test_an_intact_history(typed: Type) -> None:
    answer = typed("records", "verify", IMPROVE_BOT_HEAD_KEY=KEY)

    assert answer.code == 0
    assert "1 records with 2 history entries" in answer.said
    assert "Its signature fits the key." in answer.said
    assert "Everything is complete" in answer.said


def test_without_a_key_the_signature_is_not_spoken_for(typed: Type) -> None:
    assert "signatures were not checked" in typed("records", "verify").said


def test_the_first_broken_entry_is_named(typed: Type, database: Database) -> None:
    rewrite(database, "UPDATE history SET actor = 'U_HE' WHERE seq = 2")

    answer, data = typed("records", "verify", LANG="zh_CN.UTF-8"), typed("records", "verify", "--json")

    assert answer.code == data.code == 1
    assert "✗ IMP-2026-0001：从第2条履历起与原来不符" in answer.said
    assert json.loads(data.said)["breaks"] == [{"what": "altered", "name": "IMP-2026-0001", "entry": 2}]


def test_a_digest_that_was_posted_must_be_among_the_heads(typed: Type) -> None:
    posted = json.loads(typed("records", "verify", "--json").said)["last_head"]["hash"]

    assert typed("records", "verify", "--head", posted).code == 0
    assert typed("records", "verify", "--head", "f" * 64).code == 1


@pytest.mark.parametrize("digest", ["", "f" * 63, "the posted one"])
def test_what_is_no_digest_is_refused(typed: Type, digest: str) -> None:
    answer = typed("records", "verify", "--head", digest)

    assert answer.code == 2
    assert f"“{digest}” is no digest" in answer.complained


def test_backed_up_and_restored_elsewhere(typed: Type, tmp_path: Path) -> None:
    file, elsewhere = str(tmp_path / "monday.backup"), f"sqlite:///{tmp_path / 'elsewhere.db'}"

    assert typed("backup", file).code == 0
    answer = typed("restore", file, "--database", elsewhere, IMPROVE_BOT_HEAD_KEY=KEY)

    assert answer.code == 0
    assert "Numbers go on behind a gap of 100" in answer.said
    assert "Everything is complete" in answer.said
    assert json.loads(typed("show", "IMP-2026-0001", "--json", "--database", elsewhere).said)["stage"] == "NOTIFIED"


def test_what_had_not_been_sealed_when_it_was_backed_up_is_no_fault(
    typed: Type, company: DemoCompany, tmp_path: Path
) -> None:
    company.accept("IMP-2026-0001", MONDAY + timedelta(hours=1), by="U_ZHOU")
    archive.write(company.database, tmp_path / "monday.backup", MONDAY + timedelta(hours=2))
    elsewhere = f"sqlite:///{tmp_path / 'elsewhere.db'}"

    answer = typed("restore", str(tmp_path / "monday.backup"), "--database", elsewhere, IMPROVE_BOT_HEAD_KEY=KEY)

    assert answer.code == 0
    assert "Everything is complete" in answer.said


def test_an_altered_history_is_told_after_the_restore(typed: Type, database: Database, tmp_path: Path) -> None:
    rewrite(database, "UPDATE history SET actor = 'U_HE' WHERE seq = 2")
    file = str(tmp_path / "monday.backup")
    typed("backup", file)

    answer = typed("restore", file, "--database", f"sqlite:///{tmp_path / 'elsewhere.db'}")

    assert answer.code == 1
    assert "does not match from entry 2 on" in answer.said


def test_what_cannot_be_done_is_said(typed: Type, tmp_path: Path) -> None:
    file = tmp_path / "monday.backup"
    typed("backup", str(file))
    other = tmp_path / "photo.jpg"
    other.write_bytes(b"\xff\xd8")

    said = {
        typed("backup", str(file)).complained: "is there already",
        typed("backup", str(tmp_path / "no folder" / "x")).complained: "could not be written",
        typed("restore", str(file)).complained: "holds data already",
        typed(
            "restore", str(other), "--database", f"sqlite:///{tmp_path / 'n.db'}"
        ).complained: "not a complete backup",
        typed("restore", str(tmp_path / "none")).complained: "none",
    }

    assert [sentence for complained, sentence in said.items() if sentence not in complained] == []
    assert len(said) == 5
