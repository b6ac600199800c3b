"""The notice of a year as a file: what is read, and what is refused with which sentence."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.workdays import parse_holiday_file

NEW_YEAR = {"name": "元旦", "date": "2027-01-01", "isOffDay": True}
MADE_UP = {"name": "元旦", "date": "2027-01-09", "isOffDay": False}


def notice(*days: object, year: object = 2027) -> str:
    return json.dumps({"$schema": "…", "year": year, "papers": [], "days": days})


def test_a_notice_is_read() -> None:
    year = parse_holiday_file(notice(NEW_YEAR, MADE_UP))

    assert year.year == 2027
    assert year.days == {date(2027, 1, 1): True, date(2027, 1, 9): False}
    assert year.names == {date(2027, 1, 1): "元旦", date(2027, 1, 9): "元旦"}


def test_the_december_before_belongs_to_the_notice() -> None:
    assert parse_holiday_file(notice(NEW_YEAR | {"date": "2026-12-31"})).days == {date(2026, 12, 31): True}


def test_a_byte_order_mark_does_no_harm() -> None:
    assert parse_holiday_file("\ufeff" + notice(NEW_YEAR)).year == 2027


@pytest.mark.parametrize(
    ("text", "msgid", "params"),
    [
        ("", "not_json", {}),
        ("元旦 2027-01-01", "not_json", {}),
        (notice(NEW_YEAR)[:-1], "not_json", {}),
        ("[" * 100_000, "not_json", {}),
        ("[]", "bad_shape", {"where": "year"}),
        (notice(NEW_YEAR, year="2027"), "bad_shape", {"where": "year"}),
        (notice(NEW_YEAR, year=20270), "bad_shape", {"where": "year"}),
        ('{"year": 2027}', "bad_shape", {"where": "days"}),
        ('{"year": 2027, "days": {}}', "bad_shape", {"where": "days"}),
        (notice(NEW_YEAR, "2027-01-02"), "bad_shape", {"where": "days 2"}),
        (notice(NEW_YEAR, {"name": "x", "isOffDay": True}), "bad_shape", {"where": "days 2 date"}),
        (notice(NEW_YEAR | {"isOffDay": 1}), "bad_shape", {"where": "days 1 isOffDay"}),
        (notice(NEW_YEAR | {"name": None}), "bad_shape", {"where": "days 1 name"}),
        (notice(NEW_YEAR, MADE_UP | {"date": "2027-02-30"}), "bad_date", {"entry": 2, "text": "2027-02-30"}),
        (notice(NEW_YEAR | {"date": "2027/1/1"}), "bad_date", {"entry": 1, "text": "2027/1/1"}),
        (notice(NEW_YEAR | {"date": "20270101"}), "bad_date", {"entry": 1, "text": "20270101"}),
        (notice(NEW_YEAR | {"date": 1798761600}), "bad_date", {"entry": 1, "text": "1798761600"}),
        (notice(NEW_YEAR, year=2028), "wrong_year", {"entry": 1, "text": "2027-01-01", "year": 2028}),
        (
            notice(NEW_YEAR, MADE_UP | {"date": "2026-11-30"}),
            "wrong_year",
            {"entry": 2, "text": "2026-11-30", "year": 2027},
        ),
        (notice(NEW_YEAR, MADE_UP, NEW_YEAR), "repeated_date", {"entry": 3, "text": "2027-01-01"}),
        (notice(), "empty_year", {"year": 2027}),
    ],
)
def test_a_file_that_is_refused(text: str, msgid: str, params: dict[str, Any]) -> None:
    with pytest.raises(UserError) as refused:
        parse_holiday_file(text)

    assert refused.value.message.msgid == f"calendar.{msgid}"
    assert refused.value.message.params == params


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "date", "isOffDay"]), inner),
    max_leaves=8,
)


@given(year=json_values | st.just(2027), days=json_values | st.lists(json_values | st.just(NEW_YEAR), max_size=3))
def test_whatever_stands_in_the_file_only_these_refusals_come(year: object, days: object) -> None:
    try:
        read = parse_holiday_file(json.dumps({"year": year, "days": days}))
    except UserError:
        return
    assert read.days == {date(2027, 1, 1): True}
