"""Each message stands in Slack once, whatever happens between sending it and writing that down."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlmodel import Session

from bot.delivery import Delivery, Outgoing
from bot.delivery.attempt import LAST_LOOK
from bot.sandbox.state import Message
from storage import sending
from storage.outbox import OutboxRow
from tests.delivery.office import LOOK, LOST_LEASE, Office, at, render
from tests.delivery.slack_server import COMPANY

PLACES = [("C_QUALITY", "C_QUALITY"), ("U_LIU", "D_LIU")]


@pytest.mark.parametrize(("target", "channel"), PLACES)
class TestUnclear:
    """The connection breaks: the message is looked up by its key before it is sent again."""

    def test_broken_after_slack_had_posted_it(self, office: Office, target: str, channel: str) -> None:
        office.put("a", target=target)
        office.slack.fault("chat.postMessage", "drop_after")
        assert office.run() == [0, LOOK]
        [message] = office.slack.workspace.messages_in(channel)
        assert office.slack.calls("chat.postMessage") == ["chat.postMessage"]
        assert office.sent == [("a", channel, message.ts)]
        assert (office.row("a").state, office.row("a").channel) == ("SENT", channel)

    def test_broken_before_slack_had_read_it(self, office: Office, target: str, channel: str) -> None:
        office.put("a", target=target)
        office.slack.fault("chat.postMessage", "drop_before")
        assert office.run() == [0, LOOK]
        assert office.slack.texts(channel) == ["a"]
        assert [key for key, _, _ in office.sent] == ["a"]

    def test_broken_every_time_and_posted_the_last_time(self, office: Office, target: str, channel: str) -> None:
        office.put("a", target=target)
        office.slack.fault("chat.postMessage", "drop_before", times=2)
        office.slack.fault("chat.postMessage", "drop_after")
        assert office.run() == [0, LOOK, 2 * LOOK, 4 * LOOK]
        assert office.slack.texts(channel) == ["a"]
        assert office.states("a") == ["SENT"]
        assert office.given_up == []

    def test_a_sender_that_died_after_posting(self, office: Office, target: str, channel: str) -> None:
        office.put("a", target=target)
        row = office.claim()
        office.client.chat_postMessage(
            channel=target,
            text="a",
            metadata={"event_type": "improve_bot", "event_payload": {"key": row.key}},
        )
        assert office.run() == [LOST_LEASE]
        assert office.slack.texts(channel) == ["a"]
        assert office.states("a") == ["SENT"]

    def test_a_sender_that_died_before_posting(self, office: Office, target: str, channel: str) -> None:
        office.put("a", "b", target=target)
        office.claim()
        assert office.drain(LOST_LEASE - 1) == 0
        assert office.run() == [LOST_LEASE, LOST_LEASE + 1]
        assert office.slack.texts(channel) == ["a", "b"]


def test_an_answer_that_takes_too_long_is_looked_up(office: Office) -> None:
    office.put("a")
    office.slack.fault("chat.postMessage", "slow", seconds=1.5)
    in_time, office.client.timeout = office.client.timeout, 1
    office.drain()
    office.client.timeout = in_time
    assert office.run() == [LOOK]
    assert office.slack.texts("C_QUALITY") == ["a"]


def test_a_reply_is_looked_up_in_its_thread(office: Office) -> None:
    office.put("root")
    office.drain()
    office.put("a", thread_ts=office.row("root").ts)
    office.slack.fault("chat.postMessage", "drop_after")
    office.drain(1)
    office.drain(LOOK + 1)
    assert "conversations.replies" in office.slack.calls()
    assert office.slack.texts("C_QUALITY") == ["root", "a"]


def test_it_is_found_behind_many_other_messages(office: Office) -> None:
    office.put("a")
    office.slack.fault("chat.postMessage", "drop_after")
    office.drain()
    message = office.slack.workspace.messages_in("C_QUALITY")[0]
    for _ in range(450):
        office.slack.workspace.post(replace(message, ts=office.slack.workspace.next_ts(), metadata=None))
    office.drain(LOOK)
    assert office.row("a").ts == message.ts


def test_the_same_key_said_by_another_app_is_not_ours(office: Office) -> None:
    office.client.chat_postMessage(
        channel="C_QUALITY", text="other", metadata={"event_type": "other", "event_payload": {"key": "a"}}
    )
    office.put("a")
    office.claim()
    office.drain(LOST_LEASE)
    assert office.slack.texts("C_QUALITY") == ["other", "a"]


def test_our_key_copied_by_somebody_else_is_not_ours(office: Office) -> None:
    metadata = {"event_type": "improve_bot", "event_payload": {"key": "a"}}
    workspace = office.slack.workspace
    workspace.post(Message(workspace.next_ts(), "C_QUALITY", "U_LIU", "copied", metadata=metadata))
    office.put("a")
    office.claim()
    office.drain(LOST_LEASE)
    assert office.slack.texts("C_QUALITY") == ["copied", "a"]


def test_a_message_already_there_is_entered_even_if_nothing_is_left_to_say(office: Office) -> None:
    office.put("a", nothing=True)
    office.claim()
    office.client.chat_postMessage(
        channel="C_QUALITY", text="a", metadata={"event_type": "improve_bot", "event_payload": {"key": "a"}}
    )
    office.drain(LOST_LEASE)
    assert [key for key, _, _ in office.sent] == ["a"]


def test_a_history_that_cannot_be_read_now_is_read_later(office: Office) -> None:
    office.put("a")
    office.slack.fault("chat.postMessage", "drop_after")
    office.slack.fault("conversations.history", "rate_limit", retry_after=40)
    assert office.run() == [0, LOOK, LOOK + 40]
    assert office.slack.texts("C_QUALITY") == ["a"]


def test_nothing_is_sent_again_as_long_as_the_history_cannot_be_read(office: Office) -> None:
    office.put("a")
    office.slack.fault("chat.postMessage", "drop_after")
    office.slack.fault("conversations.history", "error", error="internal_error", times=9)
    office.run()
    assert office.slack.calls("conversations.history") == ["conversations.history"] * 10
    assert (office.slack.texts("C_QUALITY"), office.given_up) == (["a"], [])


def test_a_look_up_that_never_succeeds_while_others_arrive_is_given_up_and_told(office: Office) -> None:
    office.put("a")
    office.slack.fault("chat.postMessage", "drop_after")
    office.drain()
    office.spoil("a", "conversations.history", "error", error="internal_error")
    assert office.states("a", "a:quality") == ["DEAD", "SENT"]
    assert office.slack.texts("C_QUALITY")[0] == "a"
    assert office.slack.texts("C_QUALITY").count("a") == 1


def test_without_the_right_to_read_the_history_it_is_sent_again_rather_than_lost(office: Office) -> None:
    scopes = tuple(scope for scope in COMPANY.scopes if not scope.endswith(":history"))
    office.slack.workspace.company = replace(COMPANY, scopes=scopes)
    office.put("a")
    office.slack.fault("chat.postMessage", "drop_after")
    office.run()
    assert office.slack.texts("C_QUALITY") == ["a", "a"]


def test_a_row_that_always_takes_its_sender_down_is_given_up(office: Office) -> None:
    office.put("a")
    for crash in range(LAST_LOOK):
        office.claim(crash * LOST_LEASE)
    office.run()
    assert office.given_up == [("a", "sender_lost")]
    assert office.slack.calls() == ["chat.postMessage"]  # quality is told, and the row is not touched again


def test_a_sender_that_comes_too_late_does_not_overwrite_the_new_one(office: Office) -> None:
    office.put("a")
    late = office.claim()
    office.drain(LOST_LEASE)
    with office.database.transaction() as session:
        assert not sending.mark_dead(session, late, error="too late")
    assert office.states("a") == ["SENT"]


def test_a_sender_that_comes_too_late_tells_nobody(office: Office) -> None:
    office.put("card")
    office.drain()
    office.put("change", kind="refresh", update_ts=office.row("card").ts)

    def slow(session: Session, row: OutboxRow) -> Outgoing | None:
        office.drain(1 + LOST_LEASE)
        return render(session, row)

    told: list[str] = []
    late = Delivery(office.database, office.client, slow, lambda *_: told.append("late"), lambda *_: None)
    assert late.drain(at(1)) == 1
    assert [key for key, _, _ in office.sent] == ["card", "change"]
    assert told == []


def test_an_outcome_that_cannot_be_written_is_written_later(office: Office) -> None:
    office.put("a")
    told: list[str] = []

    def fails_once(_: Session, row: OutboxRow, channel: str, ts: str | None) -> None:
        told.append(row.key)
        if len(told) == 1:
            raise OSError("disk full")

    delivery = Delivery(office.database, office.client, render, fails_once, lambda *_: None)
    with pytest.raises(OSError, match="disk full"):
        delivery.drain(at(0))
    assert office.states("a") == ["LEASED"]
    assert delivery.drain(at(LOST_LEASE)) == 1
    assert office.states("a") == ["SENT"]
    assert office.slack.texts("C_QUALITY") == ["a"]


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT", None, OSError("connection lost")),
        InterfaceError("SELECT", None, OSError("connection already closed")),
        PoolTimeoutError("QueuePool limit of size 8 overflow 40 reached"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_database_that_is_away_for_a_moment_loses_no_message(office: Office, error: SQLAlchemyError) -> None:
    office.put("a")
    tries: list[str] = []

    def away_at_first(session: Session, row: OutboxRow) -> Outgoing | None:
        tries.append(row.key)
        if len(tries) == 1:
            raise error
        return render(session, row)

    delivery = Delivery(office.database, office.client, away_at_first, lambda *_: None, lambda *_: None)
    with pytest.raises(type(error)):
        delivery.drain(at(0))
    assert delivery.drain(at(LOST_LEASE)) == 1
    assert office.slack.texts("C_QUALITY") == ["a"]


def test_a_call_that_breaks_in_our_own_code_is_looked_up_before_it_is_repeated(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("a")
    post = office.client.chat_postMessage

    def breaks_afterwards(**message: Any) -> None:
        post(**message)
        raise KeyError("ts")

    with monkeypatch.context() as patched:
        patched.setattr(office.client, "chat_postMessage", breaks_afterwards)
        office.drain()
    office.run()
    assert (office.slack.texts("C_QUALITY"), office.states("a")) == (["a"], ["SENT"])
