"""What of Slack's patience this process has used: it waits by itself before Slack has to say so.

Slack takes some hundred posts a minute in a workspace. Several processes have a budget each; where together they are
too fast, Slack's own answer holds all of them, as the outbox remembers it.
"""

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta

from storage.outbox import REFRESH, OutboxRow

POSTS, WINDOW = 300, timedelta(minutes=1)


class Budget:
    """The posts of the last minute."""

    def __init__(self) -> None:
        self._posts: deque[datetime] = deque()

    def spend(self, row: OutboxRow, now: datetime) -> None:
        """A row is being sent; changes of what stands there are counted by Slack elsewhere."""
        if row.kind != REFRESH:
            self._posts.append(now)

    def held(self, now: datetime) -> Mapping[bool, datetime]:
        """Until when posts (False) have to wait, as the outbox knows Slack's limits too; empty if they need not."""
        while self._posts and not now - WINDOW < self._posts[0] <= now:  # past, or before the clock was set back
            self._posts.popleft()
        return {False: self._posts[0] + WINDOW} if len(self._posts) >= POSTS else {}
