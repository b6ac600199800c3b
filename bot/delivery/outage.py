"""What is wrong with Slack or the way there, as this process sees it: then all wait, not each message for itself.

Posts and changes are different methods, and one may be unwell without the other. Several processes find out by
themselves: during an outage each asks for one post and one change between two pauses.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.delivery.attempt import Outcome
from bot.delivery.post import Posted
from bot.delivery.trouble import Kind, Trouble
from storage.outbox import REFRESH, OutboxRow

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
SYMPTOMS = frozenset({Kind.AWAY, Kind.UNCLEAR, Kind.UNSEEN, Kind.REPEATABLE})


class Outage:
    """The failures in a row of changes (True) and of posts (False), and until when none of them is tried."""

    def __init__(self) -> None:
        self._pauses: dict[bool, timedelta] = {}
        self._until: dict[bool, datetime] = {}
        self._well: set[bool] = set()

    def hear(self, row: OutboxRow, outcome: Outcome, now: datetime) -> Outcome:
        """Take note of how a row ended: one that stands in Slack ends the outage.

        A failure is the row's own if Slack has just done the same for another. The row waits for longer than all
        do, so that what fails again and again lets the others pass.
        """
        method = row.kind == REFRESH
        if isinstance(outcome, Posted):
            self._well.add(method)
            self._pauses.pop(method, None)
        if not isinstance(outcome, Trouble) or not _is_symptom(outcome):
            return outcome
        pause = min(2 * self._pauses.get(method, FIRST_PAUSE / 2), LONGEST_PAUSE)
        self._pauses[method], self._until[method] = pause, now + pause
        own = method in self._well
        self._well.discard(method)
        return replace(outcome, own=own, retry_after=2 * pause)

    def held(self, now: datetime) -> Mapping[bool, datetime]:
        """Until when changes and posts have to wait, as the outbox knows Slack's limits too.

        What lies further ahead was said before the computer's clock was set back.
        """
        return {method: until for method, until in self._until.items() if now < until <= now + LONGEST_PAUSE}


def _is_symptom(trouble: Trouble) -> bool:
    """Slack is well enough if it names a pause, or has just answered."""
    return trouble.kind in SYMPTOMS and not trouble.retry_after and not trouble.own
