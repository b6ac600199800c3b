"""A process counts its own posts of the last minute, and waits before Slack has to refuse one."""

from datetime import UTC, datetime, timedelta

from bot.delivery.budget import POSTS, Budget
from storage.outbox import REFRESH, OutboxRow

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def test_posts_wait_until_the_first_of_them_is_a_minute_old() -> None:
    budget = Budget()
    for _ in range(POSTS):
        assert not budget.held(NOW)
        budget.spend(_row("card"), NOW)
    assert budget.held(NOW + timedelta(seconds=59)) == {False: NOW + timedelta(seconds=60)}
    assert not budget.held(NOW + timedelta(seconds=60))


def test_changes_are_no_posts() -> None:
    budget = Budget()
    for _ in range(2 * POSTS):
        budget.spend(_row(REFRESH), NOW)
    assert not budget.held(NOW)


def _row(kind: str) -> OutboxRow:
    return OutboxRow(key="k", target="U1", kind=kind, created_at=NOW)
