"""What is remembered of the company between transactions."""

import pytest

from bot.errors import Refused
from tests.support.company import DemoCompany, at


def test_a_transaction_that_fails_does_not_spoil_what_it_read(company: DemoCompany) -> None:
    number = company.daily(at("2026-03-02 10:00"))
    company.deactivate("U_WU")  # so that the next step reads the company again
    with pytest.raises(Refused):
        company.accept(number, at("2026-03-02 11:00"), by="U_CHEN")
    company.accept(number, at("2026-03-02 11:00"), by="U_ZHOU")
    assert company.scene(number, at("2026-03-02 11:00")).record.stage == "IN_PROGRESS"
