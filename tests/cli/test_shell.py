"""The edge of the command line: languages, exit codes, and never a stack trace."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.cli.shell import guarded, language, words
from storage.database import Database
from tests.cli.conftest import Type

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ([], {"LANG": "C.UTF-8"}, "en"),
        ([], {"LANG": "en_GB.UTF-8", "LC_ALL": "zh_TW.UTF-8"}, "zh_CN"),
        ([], {"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh_CN"),
        (["--lang", "zh"], {"LANG": "en_GB.UTF-8"}, "zh_CN"),
        (["--lang=en"], {"LANG": "zh_CN.UTF-8"}, "en"),
        (["due", "--lang", "en"], {"LANG": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_the_language_spoken(arguments: list[str], environment: dict[str, str], expected: str) -> None:
    assert language(arguments, environment) == expected
    assert "--lang" not in " ".join(arguments)


def test_a_language_nobody_speaks_is_refused_with_those_that_are(typed: Type) -> None:
    answer = typed("--lang", "fr", "due", "2026-02-11")

    assert answer.code == 2
    assert "'zh', 'en'" in answer.complained


@pytest.mark.parametrize(("lang", "sentence"), [("zh", "公司配置"), ("en", "company profile")])
def test_the_help_is_in_the_language_of_the_terminal(typed: Type, lang: str, sentence: str) -> None:
    assert sentence in typed("--lang", lang, "--help").said


def _fail() -> None:
    raise KeyError("the secret word of a customer")


def test_a_failure_of_ours_is_a_reference_and_no_trace(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(words("en"), _fail) == 1

    complained = capsys.readouterr().err
    assert "KeyError" in complained
    assert "Traceback" not in complained
    assert "secret word" not in complained


def test_whoever_looks_for_the_trace_gets_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPROVE_BOT_LOG", "debug")
    guarded(words("en"), _fail)

    assert "Traceback" in capsys.readouterr().err


COMMANDS = [
    ("show", "1"),
    ("profile", "show"),
    ("profile", "apply", "demo"),
    ("calendar", "show", "2026"),
    ("migrate",),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_database_of_a_newer_program_gets_a_sentence(
    typed: Type, database_url: str, command: tuple[str, ...]
) -> None:
    database = Database(database_url)
    with database.transaction() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.dispose()

    answer = typed(*command, DATABASE_URL=database_url)

    assert (answer.code, answer.said, answer.complained.count("\n")) == (2, "", 1)
    assert "9999" in answer.complained


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql://nobody@127.0.0.1:1/none", "cannot be reached"),
        ("sqlite:////not/there/at/all.db", "cannot be reached"),
        (f"sqlite:///{ROOT / 'LICENSE'}", "not a SQLite database"),
        ("oracle://db", "DATABASE_URL"),
    ],
)
def test_a_database_that_is_none_gets_a_sentence(typed: Type, url: str, sentence: str) -> None:
    answer = typed("migrate", DATABASE_URL=url)

    assert (answer.code, answer.said) == (2, "")
    assert sentence in answer.complained


def test_running_without_a_token_names_the_variable(typed: Type, database_url: str) -> None:
    typed("profile", "apply", "demo", DATABASE_URL=database_url)

    answer = typed("run")

    assert answer.code == 2
    assert "SLACK_BOT_TOKEN" in answer.complained


def test_a_demo_that_begins_at_no_instant_gets_a_sentence(typed: Type) -> None:
    assert "2026-02-10T09:00" in typed("demo", "--at", "2026-02-10T09:00").complained


def test_it_starts_as_a_program_of_its_own() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IMPROVE_BOT_")}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "--lang", "zh", "due", "2026-03-02", "--days", "1"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "到期日：2026年3月3日 周二\n1. 2026年3月3日 周二\n")
