"""The calls to Slack: post with a key, change what stands there, look for a key or for a file."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.delivery.outgoing import Attachment, Outgoing

EVENT_TYPE = "improve_bot"
PERSON = ("U", "W")  # how the ids of people begin
CLOCK_MARGIN = timedelta(seconds=60)  # how far Slack's clock may be behind ours
# Slack begins at `oldest`, where a message that was posted at the claim stands; and a lease bounds the time.
PAGE, PAGES = 200, 3


@dataclass(frozen=True)
class Posted:
    """Where a message stands in Slack; of a file that was just shared Slack does not say at which ts."""

    channel: str
    ts: str | None


class Ourselves:
    """Who we are to Slack, asked when it is first needed. Another app may post with a key like ours."""

    def __init__(self, slack: WebClient) -> None:
        self._slack = slack
        self._ids: tuple[str, str] | None = None

    def wrote(self, message: dict[str, Any]) -> bool:
        """Whether a message is ours; a shared file may name its user alone. Raises what a call to Slack raises."""
        if self._ids is None:
            answer = self._slack.auth_test()
            self._ids = str(answer["bot_id"]), str(answer["user_id"])
        bot, user = self._ids
        return message.get("bot_id") == bot or message.get("user") == user


def post(slack: WebClient, outgoing: Outgoing, key: str) -> Posted:
    """Post a new message that carries `key`. Slack itself posts the same message as often as it is asked."""
    answer = slack.chat_postMessage(
        channel=outgoing.channel,
        text=outgoing.text,
        blocks=list(outgoing.blocks) or None,
        thread_ts=outgoing.thread_ts,
        metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
    )
    return Posted(str(answer["channel"]), str(answer["ts"]))


def change(slack: WebClient, outgoing: Outgoing, ts: str) -> Posted:
    """Replace the message at `ts`; repeating it does no harm, and its metadata stays."""
    answer = slack.chat_update(channel=outgoing.channel, ts=ts, text=outgoing.text, blocks=list(outgoing.blocks))
    return Posted(str(answer["channel"]), str(answer["ts"]))


def find_key(slack: WebClient, us: Ourselves, outgoing: Outgoing, *, key: str, since: datetime) -> Posted | None:
    """Our message with `key`, not older than `since`, where `outgoing` would be posted, if there is one.

    One with a file is known by the file's name.
    """
    channel = dm_or_channel(slack, outgoing.channel)
    oldest = f"{(since - CLOCK_MARGIN).timestamp():.6f}"
    cursor: str | None = None
    for _ in range(PAGES):
        page = _page(slack, channel, outgoing.thread_ts, oldest, cursor)
        for message in page.get("messages") or []:
            if _is_it(message, key, outgoing.file) and us.wrote(message):
                return Posted(channel, str(message["ts"]))
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None
    return None


def dm_or_channel(slack: WebClient, place: str) -> str:
    """A person's DM has to be opened before it is read or given a file; posting a message does that by itself."""
    if not place.startswith(PERSON):
        return place
    opened: dict[str, Any] = slack.conversations_open(users=[place])["channel"]
    return str(opened["id"])


def _page(slack: WebClient, channel: str, thread_ts: str | None, oldest: str, cursor: str | None) -> SlackResponse:
    if thread_ts:
        return slack.conversations_replies(
            channel=channel,
            ts=thread_ts,
            oldest=oldest,
            inclusive=True,
            limit=PAGE,
            cursor=cursor,
            include_all_metadata=True,
        )
    return slack.conversations_history(
        channel=channel,
        oldest=oldest,
        inclusive=True,
        limit=PAGE,
        cursor=cursor,
        include_all_metadata=True,
    )


def _is_it(message: dict[str, Any], key: str, file: Attachment | None) -> bool:
    if file is None:
        return _key(message) == key
    return any(one.get("name") == file.name for one in message.get("files") or [])


def _key(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    key = (metadata.get("event_payload") or {}).get("key")
    return key if isinstance(key, str) else None
