"""In which order and how fast messages leave."""

import pytest

from tests.delivery.office import LOST_LEASE, Office


def test_messages_to_one_target_leave_in_order_one_a_second(office: Office) -> None:
    office.put("a", "b", "c")
    assert office.run() == [0, 1, 2]
    assert office.slack.texts("C_QUALITY") == ["a", "b", "c"]


def test_different_targets_do_not_wait_for_each_other(office: Office) -> None:
    office.put("a1", "a2", target="C_QUALITY")
    office.put("b1", target="C_WEEKLY")
    office.put("c1", target="U_LIU")
    assert office.drain() == 3
    assert office.states("a1", "a2", "b1", "c1") == ["SENT", "QUEUED", "SENT", "SENT"]


@pytest.mark.parametrize(("seconds", "sent"), [(0.5, 0), (0.999, 0), (1, 1), (60, 1)])
def test_the_second_message_of_a_target_waits_a_second(office: Office, seconds: float, sent: int) -> None:
    office.put("a", "b")
    office.drain()
    assert office.drain(seconds) == sent


def test_a_message_that_has_to_be_tried_again_holds_back_the_later_ones_of_its_target(office: Office) -> None:
    office.put("a", "b")
    office.slack.fault("chat.postMessage", "rate_limit", retry_after=7)
    assert office.run() == [0, 7, 8]
    assert office.slack.texts("C_QUALITY") == ["a", "b"]


def test_a_message_given_up_lets_the_next_one_pass(office: Office) -> None:
    office.put("a", blocks=[{"type": "no such block"}])
    office.put("b")
    office.drain()
    assert office.states("a", "b") == ["DEAD", "SENT"]


def test_the_sender_is_told_where_each_message_stands(office: Office) -> None:
    office.put("a", target="U_LIU")
    office.drain()
    message = office.slack.workspace.messages_in("D_LIU")[0]
    assert office.sent == [("a", "D_LIU", message.ts)]
    assert message.metadata == {"event_type": "improve_bot", "event_payload": {"key": "a"}}
    row = office.row("a")
    assert (row.state, row.channel, row.ts, row.error) == ("SENT", "D_LIU", message.ts, None)


def test_a_reply_stands_in_its_thread(office: Office) -> None:
    office.put("a")
    office.drain()
    office.put("b", thread_ts=office.row("a").ts)
    office.drain(1)
    assert office.slack.workspace.messages_in("C_QUALITY")[1].thread_ts == office.row("a").ts


def test_a_row_with_nothing_left_to_say_is_settled_without_a_call_and_without_a_pause(office: Office) -> None:
    office.put("a", nothing=True)
    office.put("b")
    assert office.drain() == 2
    assert office.slack.calls() == ["chat.postMessage"]
    assert office.states("a", "b") == ["SENT", "SENT"]
    assert [key for key, _, _ in office.sent] == ["b"]


def test_a_drain_that_has_taken_long_stops_and_the_next_one_goes_on(office: Office) -> None:
    office.put("a", target="U_LIU")
    office.put("b", target="U_CHEN")
    ticks = iter(range(0, 100, 3))
    delivery = office.delivery(stopwatch=lambda: float(next(ticks)))
    now = office.slack.workspace.now
    assert [delivery.drain(now), delivery.drain(now), delivery.drain(now)] == [1, 1, 0]


class TestNextSend:
    """When the clock has to come back."""

    def test_never_while_nothing_waits(self, office: Office) -> None:
        assert office.next_send() is None

    def test_at_once_while_something_can_be_sent(self, office: Office) -> None:
        office.put("a", "b")
        assert office.next_send(30) == 30

    def test_a_second_after_the_last_message_of_the_target(self, office: Office) -> None:
        office.put("a", "b")
        office.drain(0.25)
        assert office.next_send(0.25) == 1.25

    def test_the_earliest_of_several_targets(self, office: Office) -> None:
        office.put("a", "b", target="C_QUALITY")
        office.put("c", "d", target="U_LIU")
        office.drain()
        office.drain(5)
        office.put("e", target="C_QUALITY")
        office.put("f", target="U_CHEN")
        assert office.next_send(5) == 5

    def test_when_the_rate_limit_ends_for_every_message_it_holds(self, office: Office) -> None:
        office.slack.fault("chat.postMessage", "rate_limit", retry_after=20)
        office.put("a", target="C_QUALITY")
        office.put("b", target="C_WEEKLY")
        office.drain()
        assert office.next_send() == 20

    def test_when_a_lease_ends(self, office: Office) -> None:
        office.put("a")
        office.claim()
        assert office.next_send(3) == LOST_LEASE
