"""What people type, whatever it is, is kept or marked at its field."""

from decimal import Decimal

import pytest

import storage.record
from bot import profile
from bot.errors import Invalid
from bot.people.directory import Directory
from bot.workflow import Number
from bot.workflow.fields import Setting
from storage.database import Database
from tests.support.company import DemoCompany, at

NOW = at("2026-03-02 10:00")


def test_what_no_database_keeps_is_taken_out_of_a_text(database: Database) -> None:
    company = DemoCompany(database)
    number = company.raise_(NOW, "卡\x00纸\x7f", description="一\r\n二\t三\ud83d 四\U0001f5a8")
    with database.reading() as session:
        record = storage.record.find(session, number)
    assert record is not None
    assert record.title == "卡纸"
    assert record.values["description"] == "一\n二\t三� 四\U0001f5a8"


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("1E+1000000", "invalid.too_large"),
        ("1" + "0" * 15, "invalid.too_large"),
        ("9" * 40 + ".5", "invalid.too_large"),
        ("1E-1000000", "invalid.places"),
        ("0.12345", "invalid.places"),
        ("-1", "invalid.not_negative"),
        ("NaN", "invalid.not_negative"),
        ("9" * 15 + ".9999", None),
        ("0.50000", None),
        ("1E+3", None),
    ],
)
def test_a_number_of_any_size_is_looked_at(typed: str, fault: str | None) -> None:
    nobody = Directory(profile.parse(profile.built_in("demo")))
    found = Number().fault(Decimal(typed), Setting(NOW.date(), nobody, {}))
    assert (found and found.msgid) == fault


def test_a_sentence_stands_at_the_field(database: Database) -> None:
    company = DemoCompany(database)
    number = company.daily(NOW)
    with pytest.raises(Invalid) as refused:
        company.report_result(number, NOW, by="U_ZHOU", cost="1E+1000000")
    assert refused.value.errors.keys() == {"cost"}
