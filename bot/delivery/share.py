"""A file takes three calls to Slack. Nobody sees anything before the last one; if that never comes, nothing remains."""

from http import HTTPStatus
from http.client import HTTPException
from typing import NamedTuple
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

from slack_sdk import WebClient

from bot.delivery.outgoing import Attachment, Outgoing
from bot.delivery.post import Posted


class Ticket(NamedTuple):
    """Where a file may be handed over, and under which id Slack will hold it."""

    url: str
    file_id: str


def announce(slack: WebClient, file: Attachment) -> Ticket:
    """Ask Slack where a file may be handed over. May be done again at any time."""
    answer = slack.files_getUploadURLExternal(
        filename=file.name, length=len(file.content), alt_txt=file.alt_text or None
    )
    return Ticket(str(answer["upload_url"]), str(answer["file_id"]))


def upload(slack: WebClient, url: str, content: bytes) -> None:
    """POST to the address that Slack gave, the way the client reaches Slack; our token does not go there."""
    proxies = [ProxyHandler({"http": slack.proxy, "https": slack.proxy})] if slack.proxy else []
    opener = build_opener(*proxies, HTTPSHandler(context=slack.ssl))
    with opener.open(Request(url, data=content, method="POST"), timeout=slack.timeout) as answer:  # noqa: S310
        if answer.status != HTTPStatus.OK:
            raise HTTPException(f"upload answered {answer.status}")


def share(slack: WebClient, outgoing: Outgoing, file: Attachment, *, file_id: str, channel: str) -> Posted:
    """Post what was uploaded into a channel or an open DM. Done twice, it stands there twice."""
    slack.files_completeUploadExternal(
        files=[{"id": file_id, "title": file.title}],
        channel_id=channel,
        initial_comment=outgoing.text,
        thread_ts=outgoing.thread_ts,
    )
    return Posted(channel, ts=None)
