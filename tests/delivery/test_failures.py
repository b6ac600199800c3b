"""What happens when Slack refuses, for now or for good."""

import socket

import pytest

from bot.delivery import posting_client
from tests.delivery.office import Office

OTHER = "C_WEEKLY"


class TestRateLimit:
    """A 429 names its own pause and holds the method, not only the message."""

    def test_the_message_waits_as_long_as_slack_says(self, office: Office) -> None:
        office.put("a")
        office.slack.fault("chat.postMessage", "rate_limit", retry_after=12)
        assert office.run() == [0, 12]
        assert office.slack.texts("C_QUALITY") == ["a"]
        assert office.row("a").attempts == 2

    def test_other_posts_wait_too_and_changes_do_not(self, office: Office) -> None:
        office.put("first", target="U_LIU")
        office.drain()
        office.slack.fault("chat.postMessage", "rate_limit", retry_after=12)
        office.put("held")
        office.put("post", target=OTHER)
        office.put("change", target="U_LIU", kind="refresh", channel="D_LIU", update_ts=office.row("first").ts)
        assert office.drain(5) == 2
        assert office.states("held", "post", "change") == ["QUEUED", "QUEUED", "SENT"]
        assert office.drain(16) == 0
        assert office.drain(17) == 2
        assert office.states("held", "post") == ["SENT", "SENT"]

    def test_a_held_change_lets_posts_pass(self, office: Office) -> None:
        office.put("first", target="U_LIU")
        office.drain()
        office.slack.fault("chat.update", "rate_limit", retry_after=12)
        office.put("change", target="U_LIU", kind="refresh", channel="D_LIU", update_ts=office.row("first").ts)
        office.put("post", target=OTHER)
        office.drain(5)
        assert office.states("change", "post") == ["QUEUED", "SENT"]

    def test_slacks_own_burst_limit_loses_nothing(self, office: Office) -> None:
        keys = [f"m{number}" for number in range(6)]
        office.put(*keys)
        office.run()
        assert office.slack.texts("C_QUALITY") == keys


class TestTemporary:
    """Up to three tries with growing pauses, inside a minute."""

    @pytest.mark.parametrize("error", ["internal_error", "fatal_error", "service_unavailable", "request_timeout"])
    def test_the_second_try_succeeds(self, office: Office, error: str) -> None:
        office.put("a")
        office.slack.fault("chat.postMessage", "error", error=error)
        assert office.run() == [0, 10]
        assert office.slack.texts("C_QUALITY") == ["a"]

    def test_after_three_tries_and_a_last_look_it_is_given_up(self, office: Office) -> None:
        office.put("a")
        office.slack.fault("chat.postMessage", "error", error="internal_error", times=3)
        assert office.run(60) == [0, 10, 25, 45]
        assert office.slack.calls("chat.postMessage") == ["chat.postMessage"] * 4  # the fourth tells quality
        assert office.given_up == [("a", "internal_error")]
        assert office.states("a", "a:quality") == ["DEAD", "SENT"]

    def test_three_rate_limits_in_a_row_are_three_tries(self, office: Office) -> None:
        office.put("a")
        office.slack.fault("chat.postMessage", "rate_limit", times=3, retry_after=2)
        office.run()
        assert office.given_up == [("a", "ratelimited")]

    def test_a_slack_that_cannot_be_reached_is_not_searched(self, office: Office) -> None:
        office.put("a")
        real, office.client = (
            office.client,
            posting_client("xoxb-sandbox", f"http://127.0.0.1:{unused_port()}/"),
        )
        office.drain()
        assert office.states("a") == ["QUEUED"]
        assert office.next_send() == 5
        office.client = real
        office.drain(5)
        assert office.slack.calls() == ["chat.postMessage"]

    def test_an_unreachable_slack_is_tried_three_times(self, office: Office) -> None:
        office.put("a")
        office.client = posting_client("xoxb-sandbox", f"http://127.0.0.1:{unused_port()}/")
        assert office.run(59)[:3] == [0, 5, 25]
        assert office.states("a") == ["DEAD"]


class TestPermanent:
    """What would be refused again is given up at once, and somebody is told in the same transaction."""

    @pytest.mark.parametrize(
        ("target", "error"),
        [
            ("C_ARCHIVED", "is_archived"),
            ("C_OTHERS", "not_in_channel"),
            ("C_NOWHERE", "channel_not_found"),
            ("U_GONE", "channel_not_found"),
        ],
    )
    def test_a_target_that_cannot_be_reached(self, office: Office, target: str, error: str) -> None:
        office.put("a", target=target)
        office.run()
        assert office.given_up == [("a", error)]
        assert (office.row("a").state, office.row("a").error) == ("DEAD", error)
        assert office.slack.texts("D_LIU") == ["a:quality"]

    @pytest.mark.parametrize(
        "error",
        [
            "account_inactive",
            "user_not_found",
            "user_disabled",
            "cannot_dm_bot",
            "messages_tab_disabled",
            "invalid_blocks",
            "msg_too_long",
            "restricted_action",
            "an_error_of_next_year",
        ],
    )
    def test_a_refusal_that_would_come_again(self, office: Office, error: str) -> None:
        office.put("a")
        office.slack.fault("chat.postMessage", "error", error=error)
        assert office.drain() == 2  # the message, and the word to quality
        assert office.given_up == [("a", error)]
        assert office.slack.texts("C_QUALITY") == []

    def test_a_rendering_that_fails_does_not_stop_the_others(self, office: Office) -> None:
        office.put("a", broken=True)
        office.put("b")
        office.drain()
        assert office.states("a", "b") == ["DEAD", "SENT"]
        [(key, error)] = office.given_up
        assert key == "a"
        assert error is not None
        assert error.startswith("KeyError, reference ")


class TestChanges:
    """A change is repeated freely, and a message that is gone stops nobody."""

    @pytest.fixture
    def ts(self, office: Office) -> str:
        """The message to be changed."""
        office.put("card")
        office.drain()
        ts = office.row("card").ts
        assert ts is not None
        office.put("change", kind="refresh", update_ts=ts, text="changed")
        return ts

    def test_it_replaces_the_text_and_keeps_the_key(self, office: Office, ts: str) -> None:
        office.drain(1)
        message = office.slack.workspace.message("C_QUALITY", ts)
        assert message is not None
        assert (message.text, message.metadata) == (
            "changed",
            {"event_type": "improve_bot", "event_payload": {"key": "card"}},
        )
        assert office.sent[-1] == ("change", "C_QUALITY", ts)

    @pytest.mark.parametrize("mode", ["drop_before", "drop_after", "error"])
    def test_an_unclear_end_is_simply_repeated(self, office: Office, ts: str, mode: str) -> None:
        office.slack.fault("chat.update", mode)
        assert office.run() == [1, 6]
        assert office.slack.calls() == ["chat.postMessage", "chat.update", "chat.update"]
        assert office.slack.texts("C_QUALITY") == ["changed"]

    def test_after_a_lost_lease_it_is_simply_repeated(self, office: Office, ts: str) -> None:
        office.claim(1)
        office.run()
        assert office.slack.calls() == ["chat.postMessage", "chat.update"]

    @pytest.mark.parametrize("error", ["message_not_found", "cant_update_message", "edit_window_closed"])
    def test_a_message_that_can_no_longer_be_changed_counts_as_done(self, office: Office, ts: str, error: str) -> None:
        office.slack.fault("chat.update", "error", error=error)
        office.put("next")
        office.run()
        assert (office.row("change").state, office.row("change").error) == ("SENT", error)
        assert [key for key, _, _ in office.sent] == ["card", "next"]
        assert office.given_up == []


def unused_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
    return port
