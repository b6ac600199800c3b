"""How often each Web API method may be called, counted in simulated time.

Tiers are Slack's published ones. `chat.postMessage` is special: about one message a second and
channel with one more in a burst, and 300 a minute in the whole workspace.
"""

import math
from collections import deque

from bot.sandbox.state import Workspace

WINDOW_SECONDS = 60.0
PER_CHANNEL_SECONDS = 1.0
BURST = 2
WORKSPACE_POSTS = 300
SPECIAL = 600
TIER_2, TIER_3, TIER_4 = 20, 50, 100

BUDGETS: dict[str, int] = {
    "api.test": SPECIAL,
    "auth.test": SPECIAL,
    "chat.getPermalink": SPECIAL,
    "chat.postMessage": WORKSPACE_POSTS,
    "chat.postEphemeral": TIER_4,
    "conversations.members": TIER_4,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "files.info": TIER_4,
    "users.info": TIER_4,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
    "users.list": TIER_2,
    "conversations.list": TIER_2,
}


class Rates:
    """Counts calls and says how many seconds a caller must wait; None lets the call through.

    People's gestures move the clock of the per-minute budgets a little (Workspace.rate_seconds), because
    simulated time stands still while somebody clicks around. Posts are counted in simulated time alone.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._calls: dict[str, deque[float]] = {}
        self._posts: dict[str, tuple[float, float]] = {}

    def wait(self, method: str, channel: str | None) -> int | None:
        if method == "chat.postMessage" and channel:
            seconds = self._wait_channel(channel)
            if seconds is not None:
                return seconds
        return self._wait_budget(method)

    def _wait_budget(self, method: str) -> int | None:
        now = self._workspace.rate_seconds()
        calls = self._calls.setdefault(method, deque())
        while calls and calls[0] <= now - WINDOW_SECONDS:
            calls.popleft()
        if len(calls) >= BUDGETS.get(method, TIER_3):
            return max(1, math.ceil(calls[0] + WINDOW_SECONDS - now))
        calls.append(now)
        return None

    def _wait_channel(self, channel: str) -> int | None:
        """A bucket of two messages that fills by one a second."""
        now = self._workspace.now.timestamp()
        left, since = self._posts.get(channel, (float(BURST), now))
        left = min(float(BURST), left + (now - since) / PER_CHANNEL_SECONDS)
        if left < 1:
            self._posts[channel] = (left, now)
            return 1
        self._posts[channel] = (left - 1, now)
        return None
