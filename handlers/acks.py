"""Acks first: one that says nothing is given before any work begins.

Slack waits three seconds for it, and the work may wait for a database, for Slack, or for other work. An ack that
says something is its listener's: the errors of a filled form, the answer to a command.
"""

from collections.abc import Callable

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.middleware import Middleware

from handlers.command import opens_a_form

SAYING_NOTHING = ("block_actions", "shortcut", "message_action")


class AckFirst(Middleware):
    """Acks what may be acked at once. Bolt sends it when it has handed the work over, and not if that fails."""

    def process(self, *, req: BoltRequest, resp: BoltResponse, next: Callable[[], BoltResponse]) -> BoltResponse | None:
        """Called by Bolt for every request whose signature is right."""
        if req.body.get("type") in SAYING_NOTHING or opens_a_form(req.body):
            req.context.ack()
        return next()
