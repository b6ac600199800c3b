"""Slack, the way there or our token fails for a while: everything waits, in order, and nothing is lost or doubled."""

import pytest

from bot.delivery.client import TIMEOUT_SECONDS
from bot.delivery.delivery import DRAIN_SECONDS, DRAWING_SECONDS, LEASE, MOST_CALLS
from bot.delivery.trouble import SHUT
from bot.sandbox.state import Message
from storage.outbox import REFRESH
from tests.delivery.office import LOOK, LOST_LEASE, Office

CHANNELS = {"C_QUALITY": "C_QUALITY", "C_WEEKLY": "C_WEEKLY", "U_LIU": "D_LIU"}
HOUR, DAY = 3600, 24 * 3600


@pytest.fixture
def waiting(office: Office) -> Office:
    """Two messages wait for each of three targets."""
    for target in CHANNELS:
        office.put(f"{target} 1", f"{target} 2", target=target)
    return office


def assert_all_arrived(office: Office) -> None:
    """Each stands there once, in its order, and nobody was told of a loss."""
    assert {target: office.slack.texts(channel) for target, channel in CHANNELS.items()} == {
        target: [f"{target} 1", f"{target} 2"] for target in CHANNELS
    }
    assert office.given_up == []


def test_a_day_without_network_loses_nothing(waiting: Office) -> None:
    with waiting.cut_off():
        instants = waiting.run(DAY)
    assert len(instants) < DAY / 250  # five minutes apart at last, and one try each
    assert waiting.states("C_QUALITY 1", "U_LIU 1") == ["QUEUED", "QUEUED"]
    back = waiting.next_send(DAY)
    assert back is not None
    assert back < DAY + 600
    waiting.run(2 * DAY)
    assert_all_arrived(waiting)


@pytest.mark.parametrize("mode", ["error", "drop_before"])
def test_an_hour_in_which_slack_answers_nothing_loses_nothing(waiting: Office, mode: str) -> None:
    waiting.slack.fault("*", mode, status=503, times=10_000)
    waiting.run(HOUR)
    waiting.slack.faults.clear()
    waiting.run(2 * HOUR)
    assert_all_arrived(waiting)


def test_an_hour_in_which_only_posts_fail_loses_nothing(waiting: Office) -> None:
    waiting.slack.fault("chat.postMessage", "error", error="internal_error", times=10_000)
    waiting.run(HOUR)
    assert "conversations.history" in waiting.slack.calls()
    waiting.slack.faults.clear()
    waiting.run(2 * HOUR)
    assert_all_arrived(waiting)


def test_posts_that_stand_there_although_slack_says_no_are_found(waiting: Office) -> None:
    waiting.slack.fault("chat.postMessage", "drop_after", times=6)
    waiting.run(HOUR)
    assert_all_arrived(waiting)


@pytest.mark.parametrize("error", sorted(SHUT))
def test_an_app_that_is_installed_again_goes_on_where_it_was(waiting: Office, error: str) -> None:
    waiting.slack.fault("*", "error", error=error, times=10_000)
    waiting.run(HOUR)
    waiting.slack.faults.clear()
    waiting.run(2 * HOUR)
    assert_all_arrived(waiting)


def test_one_message_is_tried_for_all_that_wait(waiting: Office) -> None:
    with waiting.cut_off():
        assert [waiting.drain(seconds) for seconds in (0, 1, 4, 5)] == [1, 0, 0, 1]


def test_what_stands_there_is_changed_while_posts_fail(office: Office) -> None:
    office.put("card")
    office.drain()
    office.put("post", target="C_WEEKLY")
    office.slack.fault("chat.postMessage", "drop_before")
    office.drain(1)
    office.put("change", kind=REFRESH, update_ts=office.row("card").ts)
    assert office.drain(2) == 1
    assert office.states("post", "change") == ["UNKNOWN", "SENT"]


def test_a_message_that_fails_again_and_again_lets_a_new_one_pass(office: Office) -> None:
    office.put("a")
    office.slack.fault("chat.postMessage", "drop_before", times=2)
    assert office.run(LOOK) == [0, LOOK]
    office.put("new", target="C_WEEKLY")
    assert office.next_send(LOOK) == LOOK + 10
    office.drain(LOOK + 10)
    assert office.states("a", "new") == ["UNKNOWN", "SENT"]


def test_the_slowest_row_fits_into_a_lease(office: Office) -> None:
    """A file that may stand in the DM of somebody who has much to read, some of it called the same."""
    office.put("a", target="U_LIU", file="a.png")
    office.claim()
    workspace = office.slack.workspace
    for number in range(601):
        file = {"name": "a.png" if number == 300 else "b.png"}
        workspace.post(Message(workspace.next_ts(), "D_LIU", "U_LIU", "mine", files=[file]))
    calls: list[str] = []
    office.slack.after = calls.append
    office.drain(LOST_LEASE)
    assert office.states("a") == ["SENT"]
    assert len(calls) == MOST_CALLS
    assert DRAIN_SECONDS + DRAWING_SECONDS + len(calls) * TIMEOUT_SECONDS <= LEASE.total_seconds()
