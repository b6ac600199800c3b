"""The bot over HTTP: the workspace registers its address, and signs what it sends there."""

from collections.abc import Iterator

import pytest

from tests.support.ports import free_port
from tests.support.town import Town


class WebTown(Town):
    """A company whose bot has a public address instead of Socket Mode, and no app token."""

    port = 0

    def _environment(self) -> dict[str, str]:
        self.port = free_port()
        environment = super()._environment() | {"PORT": str(self.port)}
        environment["SLACK_SIGNING_SECRET"] = self.sandbox.company.signing_secret
        del environment["SLACK_APP_TOKEN"]
        return environment

    def _reachable(self) -> bool:
        address = f"http://127.0.0.1:{self.port}/slack/events"
        return bool(self.act("transport", request_url=address).get("done"))


@pytest.fixture
def company(database_url: str) -> Iterator[WebTown]:
    with WebTown.at_work(database_url) as place:
        yield place


def test_raised_classified_and_accepted_over_http(company: WebTown) -> None:
    number = company.daily()

    company.take("U_ZHOU", "accept", number)

    assert "report_result" in company.buttons("U_ZHOU", number)
    assert number in company.home("U_ZHOU")
    sent = [entry for entry in company.look("wire")["wire"] if entry["direction"] == "payload"]
    assert {entry["transport"] for entry in sent} == {"http"}
    assert {entry["what"] for entry in sent} >= {"slash_commands", "view_submission", "block_actions"}
    assert [entry["what"] for entry in sent if not entry["acked"] and entry["what"] != "url_verification"] == []
