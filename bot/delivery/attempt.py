"""One try to send one row, without a database: what is asked of Slack, and how its answers are taken."""

from dataclasses import replace

import structlog
from slack_sdk import WebClient

from bot.delivery.outgoing import Attachment, Outgoing
from bot.delivery.post import Ourselves, Posted, change, dm_or_channel, find_key, post
from bot.delivery.share import announce, share, upload
from bot.delivery.trouble import CALL_ERRORS, MISSING_SCOPE, Kind, Trouble, judge
from storage.outbox import UNKNOWN, OutboxRow

# Those that speak against the row: what concerns Slack, the way there or our token is waited for, however long.
DELIVERY_ATTEMPTS = 5
# After a last try with an unclear end there is one more claim, which only looks the message up.
LAST_LOOK = DELIVERY_ATTEMPTS + 1
SENDER_LOST = "sender_lost"

Outcome = Posted | Trouble | None
"""Where it stands, what went wrong, or None if nothing had to be sent."""

log = structlog.get_logger(__name__)


def attempt(slack: WebClient, us: Ourselves, row: OutboxRow, outgoing: Outgoing | None) -> Outcome:
    """Send a claimed row. One that may stand in Slack already is looked up first, and not sent if it does."""
    if outgoing is not None and outgoing.update_ts:
        return _change(slack, outgoing, outgoing.update_ts)
    if row.state == UNKNOWN:
        found = _look_up(slack, us, row, outgoing)
        if found is not None:
            return found
        if row.attempts >= LAST_LOOK:
            return Trouble(Kind.PERMANENT, row.error or SENDER_LOST)
    if outgoing is None:
        return None
    if outgoing.file is not None:
        return _share(slack, outgoing, outgoing.file)
    try:
        return post(slack, outgoing, row.key)
    except CALL_ERRORS as error:
        return judge(error)


def _change(slack: WebClient, outgoing: Outgoing, ts: str) -> Posted | Trouble:
    """A change may be made twice, so that an unclear end needs no look-up."""
    try:
        return change(slack, outgoing, ts)
    except CALL_ERRORS as error:
        return _repeatable(judge(error))


def _share(slack: WebClient, outgoing: Outgoing, file: Attachment) -> Posted | Trouble:
    """Only the last call can leave open whether the file stands there. What takes the content is not Slack's API."""
    try:
        channel = dm_or_channel(slack, outgoing.channel)
        ticket = announce(slack, file)
    except CALL_ERRORS as error:
        return _optional(_repeatable(judge(error)))
    try:
        upload(slack, ticket.url, file.content)
    except CALL_ERRORS as error:
        return replace(judge(error), kind=Kind.REPEATABLE, own=True)
    try:
        return share(slack, outgoing, file, file_id=ticket.file_id, channel=channel)
    except CALL_ERRORS as error:
        return judge(error)


def _repeatable(trouble: Trouble) -> Trouble:
    """What may be done twice has no unclear end."""
    return replace(trouble, kind=Kind.REPEATABLE) if trouble.kind is Kind.UNCLEAR else trouble


def _optional(trouble: Trouble) -> Trouble:
    """Without the right to share files all else is still let in, and must not wait for it."""
    return replace(trouble, kind=Kind.PERMANENT) if trouble.error == MISSING_SCOPE else trouble


def _look_up(slack: WebClient, us: Ourselves, row: OutboxRow, outgoing: Outgoing | None) -> Posted | Trouble | None:
    """Where the row already stands; None if it does not, or if Slack does not let us see it."""
    where = outgoing or Outgoing(row.target, text="")
    try:
        return find_key(slack, us, where, key=row.key, since=row.claimed_at or row.created_at)
    except CALL_ERRORS as error:
        trouble = judge(error)
    if trouble.kind is Kind.PERMANENT or trouble.error == MISSING_SCOPE:
        log.warning("outbox.history_unreadable", key=row.key, place=where.channel, error=trouble.error)
        return None
    return replace(trouble, kind=Kind.UNSEEN)
