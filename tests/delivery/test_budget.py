"""A process counts its own posts of the last minute, and waits before Slack has to refuse one."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery import budget
from bot.delivery.budget import POSTS, Budget
from storage.outbox import REFRESH, OutboxRow
from tests.delivery.office import Office, at

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def test_posts_wait_until_the_first_of_them_is_a_minute_old() -> None:
    posts = Budget()
    for _ in range(POSTS):
        assert not posts.held(NOW)
        posts.spend(_row("card"), NOW)
    assert posts.held(NOW + timedelta(seconds=59)) == {False: NOW + timedelta(seconds=60)}
    assert not posts.held(NOW + timedelta(seconds=60))


def test_changes_are_no_posts() -> None:
    posts = Budget()
    for _ in range(2 * POSTS):
        posts.spend(_row(REFRESH), NOW)
    assert not posts.held(NOW)


def test_a_sender_keeps_to_its_budget_and_says_when_it_goes_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "POSTS", 2)
    for target in ("C_QUALITY", "C_WEEKLY", "U_LIU"):
        office.put(target, target=target)
    sender = office.delivery()

    assert [sender.drain(at(seconds)) for seconds in (0, 30, 59)] == [2, 0, 0]
    assert sender.next_send(at(1)) == at(60)
    assert sender.drain(at(60)) == 1


def test_what_stands_there_is_changed_while_posts_wait(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.put("card", target="C_QUALITY")
    monkeypatch.setattr(budget, "POSTS", 1)
    sender = office.delivery()
    assert sender.drain(at(0)) == 1
    office.put("change", target="C_QUALITY", kind=REFRESH, update_ts=office.row("card").ts)
    office.put("next", target="C_WEEKLY")

    assert sender.next_send(at(1)) == at(1)
    assert sender.drain(at(1)) == 1
    assert office.states("change", "next") == ["SENT", "QUEUED"]


def _row(kind: str) -> OutboxRow:
    return OutboxRow(key="k", target="U1", kind=kind, created_at=NOW)
