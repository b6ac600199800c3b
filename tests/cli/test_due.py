"""`improve-bot due`: the date, the days that were counted, and how sure they are. No database is needed."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Type


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-02-11", 5, ("2026-02-25", ["2026-02-14"], False)),  # over the Spring Festival
        ("2025-09-30", 5, ("2025-10-14", ["2025-10-11"], False)),  # over the National Day holiday
        ("2026-03-02", 5, ("2026-03-09", [], False)),
        ("2026-03-07", 0, ("2026-03-09", [], False)),  # a Saturday rolls forward
        ("2026-12-28", 5, ("2027-01-05", [], True)),  # into a year that is not published
    ],
)
def test_the_due_date_as_data(typed: Type, start: str, days: int, expected: tuple[str, list[str], bool]) -> None:
    answer = json.loads(typed("due", start, "--days", str(days), "--json").said)

    assert (answer["due"], answer["make_up"], answer["provisional"]) == expected
    assert len(answer["counted"]) == days


def test_the_days_are_printed_with_what_is_special_about_them(typed: Type) -> None:
    assert typed("due", "2026-02-11", LANG="zh_CN.UTF-8").said.splitlines() == [
        "到期日：2026年2月25日 周三",
        "1. 2026年2月12日 周四",
        "2. 2026年2月13日 周五",
        "3. 2026年2月14日 周六（补班）",
        "4. 2026年2月24日 周二",
        "5. 2026年2月25日 周三",
    ]


def test_a_date_nobody_can_be_sure_of_says_so(typed: Type) -> None:
    assert "Provisional" in typed("due", "2026-12-28").said


def test_no_database_is_made(typed: Type, tmp_path: Path) -> None:
    typed("due", "2026-02-11")

    assert list(tmp_path.iterdir()) == []


def test_the_company_s_own_days_count_where_there_is_a_company(typed: Type, empty_database_url: str) -> None:
    typed("profile", "apply", "demo", DATABASE_URL=empty_database_url)
    typed("calendar", "set", "2026-03-04", "off", "--why", "年会")

    assert json.loads(typed("due", "2026-03-02", "--json").said)["due"] == "2026-03-10"


@pytest.mark.parametrize("day", ["2026-02-30", "11.02.2026", "tomorrow", "9999-12-31", "0001-01-01"])
def test_a_date_that_is_none_gets_a_sentence(typed: Type, day: str) -> None:
    answer = typed("due", day)

    assert (answer.code, answer.said, answer.complained.count("\n")) == (2, "", 1)
    assert day in answer.complained
