"""A daily message that Slack did not take on its day is not sent on the next; that day has one of its own."""

import pytest

from tests.support.town import town


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_day_without_slack_costs_that_days_reminder_and_no_more(database_url: str) -> None:
    with town(database_url) as company:
        company.daily("U_ZHOU")
        company.move_to("2026-03-09", "08:00")
        before = company.keys(company.dm("U_ZHOU"))
        company.act("fault", method="*", mode="error", status=503, times=100_000)
        company.move_to("2026-03-10", "10:00")
        company.act("fault", clear=True)
        company.move_to("2026-03-10", "10:30")
        company.tolerated = {"internal_error"}

        assert company.keys(company.dm("U_ZHOU"))[len(before) :] == ["remind:U_ZHOU:2026-03-10"]
