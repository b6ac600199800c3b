"""What happens when Slack refuses, for now or for good."""

import pytest
from sqlmodel import Session

from bot.delivery import Delivery, Outgoing
from bot.delivery.attempt import DELIVERY_ATTEMPTS
from storage.outbox import OutboxRow
from tests.delivery.office import LOOK, LOST_LEASE, Office, at

OTHER = "C_WEEKLY"
HOUR = 3600


class TestRateLimit:
    """A 429 names its own pause and holds the method, not only the message."""

    def test_the_message_waits_as_long_as_slack_says(self, office: Office) -> None:
        office.put("a")
        office.slack.fault("chat.postMessage", "rate_limit", retry_after=12)
        assert office.run() == [0, 12]
        assert office.slack.texts("C_QUALITY") == ["a"]
        assert office.row("a").attempts == 1

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
    """What may pass is tried again with growing pauses; only what keeps failing where others arrive is given up."""

    @pytest.mark.parametrize("error", ["internal_error", "fatal_error", "service_unavailable", "request_timeout"])
    def test_the_second_try_succeeds(self, office: Office, error: str) -> None:
        office.put("a")
        office.slack.fault("chat.postMessage", "error", error=error)
        assert office.run() == [0, LOOK]
        assert office.slack.texts("C_QUALITY") == ["a"]

    def test_what_fails_while_others_arrive_is_given_up_after_a_last_look(self, office: Office) -> None:
        office.put("before", target="U_CHEN")
        office.drain()
        office.put("a")
        office.spoil("a", "chat.postMessage", "error", error="internal_error")
        assert office.given_up == [("a", "internal_error")]
        assert office.states("a", "a:quality") == ["DEAD", "SENT"]
        others = [*office.slack.texts("D_CHEN"), *office.slack.texts("D_LIU")]
        assert len(office.slack.calls("chat.postMessage")) == DELIVERY_ATTEMPTS + len(others)

    def test_a_rate_limit_is_waited_for_however_often_it_comes(self, office: Office) -> None:
        office.put("a")
        office.slack.fault("chat.postMessage", "rate_limit", times=9, retry_after=2)
        assert office.run() == [*range(0, 19, 2)]
        assert office.states("a") == ["SENT"]

    def test_a_slack_that_cannot_be_reached_is_not_searched(self, office: Office) -> None:
        office.put("a")
        with office.cut_off():
            office.drain()
        assert office.states("a") == ["QUEUED"]
        assert office.run() == [10]
        assert office.slack.calls() == ["chat.postMessage"]


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
        office.put("b", target=OTHER)
        office.drain()
        assert office.states("a", "b") == ["QUEUED", "SENT"]
        assert (office.row("a").error or "").startswith("KeyError, reference ")
        assert office.next_send() == 60

    def test_a_message_that_cannot_be_rendered_for_an_hour_is_given_up(self, office: Office) -> None:
        office.put("a", broken=True)
        instants = office.run(2 * HOUR)
        assert office.states("a", "a:quality") == ["DEAD", "SENT"]
        assert HOUR <= instants[-1] <= HOUR + 300

    def test_a_message_that_a_newer_version_can_render_is_sent(self, office: Office) -> None:
        office.put("a", broken=True)
        office.drain()
        newer = Delivery(office.database, office.client, says_its_key, lambda *_: None, lambda *_: None)
        assert newer.drain(at(60)) == 1
        assert office.slack.texts("C_QUALITY") == ["a"]

    def test_one_that_may_stand_there_is_looked_up_although_it_could_not_be_rendered(self, office: Office) -> None:
        office.put("a", broken=True)
        office.claim()
        office.client.chat_postMessage(channel="C_QUALITY", text="a", metadata=metadata("a"))
        office.drain(LOST_LEASE)
        Delivery(office.database, office.client, says_its_key, lambda *_: None, lambda *_: None).drain(at(300))
        assert (office.states("a"), office.slack.texts("C_QUALITY")) == (["SENT"], ["a"])


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
        assert office.run() == [1, 21]
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


def says_its_key(_: Session, row: OutboxRow) -> Outgoing:
    """A version that knows every kind."""
    return Outgoing(row.target, row.key)


def metadata(key: str) -> dict[str, object]:
    """What a message of ours carries."""
    return {"event_type": "improve_bot", "event_payload": {"key": key}}
