"""`improve-bot profile` and `calendar`: from an empty database to dates that are counted again."""

import json
from pathlib import Path

import pytest

from bot.profile import built_in
from storage.database import Database
from storage.outbox import depth
from tests.calendar.register import Register
from tests.cli.conftest import Type

NOTICE = {
    "year": 2027,
    "days": [{"name": "元旦", "date": f"2027-01-0{day}", "isOffDay": True} for day in (1, 2, 3, 4, 5)],
}


@pytest.fixture(autouse=True)
def _database(monkeypatch: pytest.MonkeyPatch, typed: Type, empty_database_url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)


@pytest.fixture
def notice(tmp_path: Path) -> str:
    """The notice of 2027, with a New Year of five days."""
    file = tmp_path / "2027.json"
    file.write_text(json.dumps(NOTICE), encoding="utf-8")
    return str(file)


def test_the_first_profile_makes_the_database(typed: Type) -> None:
    assert (
        typed("profile", "apply", "demo").said
        == "The profile of “示例运维公司” is in force: 6 departments, 12 people.\n"
    )
    assert built_in("demo").strip() in typed("profile", "show").said


def test_a_profile_from_a_file_replaces_the_one_in_force(typed: Type, tmp_path: Path) -> None:
    typed("profile", "apply", "demo")
    file = tmp_path / "own.toml"
    file.write_text(built_in("demo").replace("示例运维公司", "新公司"), encoding="utf-8")

    assert "新公司" in typed("profile", "apply", str(file)).said
    assert 'name = "新公司"' in typed("profile", "show").said


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("zone =", "zona ="), "company.zona"),
        (("Asia/Shanghai", "Asia/Nowhere"), "company.zone"),
        (('name = "示例运维公司"\n', ""), "company.name"),
        (("[company]", "[company"), "TOML"),
        (("U_CHEN", "U_WU"), "U_WU"),
    ],
)
def test_a_profile_with_a_mistake_is_refused_with_its_place(
    typed: Type, tmp_path: Path, change: tuple[str, str], sentence: str
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(built_in("demo").replace(*change), encoding="utf-8")

    for command in ("check", "apply"):
        answer = typed("profile", command, str(file))
        assert (answer.code, answer.complained.count("\n")) == (2, 1)
        assert sentence in answer.complained
    assert typed("profile", "show").code == 2


def test_a_notice_may_be_imported_before_there_is_a_profile(typed: Type, notice: str) -> None:
    assert typed("calendar", "import", notice).said == "The calendar of 2027 has been imported.\n"

    typed("profile", "apply", "demo")
    assert "Mon 4 Jan 2027 off 元旦" in typed("calendar", "show", "2027").said


def test_what_moved_is_listed_and_its_holder_is_told(typed: Type, notice: str, empty_database_url: str) -> None:
    typed("profile", "apply", "demo")
    database = Database(empty_database_url)
    number = Register(database).notified("2026-12-28")
    with database.reading() as session:
        before = depth(session)

    said = typed("calendar", "import", notice).said

    with database.reading() as session:
        assert depth(session) > before
    database.dispose()
    assert number in said
    assert "Tue 5 Jan 2027 → Thu 7 Jan 2027" in said


def test_a_new_profile_moves_no_date_that_is_running(typed: Type, tmp_path: Path, empty_database_url: str) -> None:
    typed("profile", "apply", "demo")
    database = Database(empty_database_url)
    register = Register(database)
    number = register.notified("2026-03-02")
    file = tmp_path / "own.toml"
    file.write_text(f"{built_in('demo')}\n[calendar]\nworking_weekdays = [1, 2, 3]\n", encoding="utf-8")

    typed("profile", "apply", str(file))

    assert register.deadline(number, "action_due").current_due.isoformat() == "2026-03-09"
    database.dispose()


def test_a_year_that_is_not_published_is_shown_as_a_guess(typed: Type) -> None:
    typed("profile", "apply", "demo")

    assert "not published" in typed("calendar", "show", "2027").said
    assert "Sat 14 Feb 2026 worked" in typed("calendar", "show", "2026").said


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("calendar", "import", "nowhere.json"), "nowhere.json"),
        (("calendar", "set", "2026-13-01", "off", "--why", "x"), "2026-13-01"),
        (("calendar", "set", "2026-03-04", "off", "--why", " "), "reason"),
        (("profile", "apply", "nobody"), "nobody"),
        (("profile", "apply", "nowhere.toml"), "nowhere.toml"),
    ],
)
def test_what_cannot_be_done_gets_a_sentence(typed: Type, command: tuple[str, ...], sentence: str) -> None:
    answer = typed(*command)

    assert (answer.code, answer.said, answer.complained.count("\n")) == (2, "", 1)
    assert sentence in answer.complained


def test_a_file_that_is_no_text_gets_a_sentence(typed: Type, tmp_path: Path) -> None:
    file = tmp_path / "picture.json"
    file.write_bytes(b"\xff\xd8\xff\xe0")

    assert "UTF-8" in typed("calendar", "import", str(file)).complained
