"""The Web API client for messages."""

import ssl

from slack_sdk import WebClient

TIMEOUT_SECONDS = 10


def posting_client(token: str, base_url: str = WebClient.BASE_URL) -> WebClient:
    """A client that asks once and never repeats by itself.

    The SDK's default repeats a request whose connection broke after Slack had read it, and so posts twice. A
    rate limit is waited for in the outbox, not by a sleeping thread. The certificates of this machine are read once:
    the SDK would do so for each message, which takes longer than the message.
    """
    return WebClient(
        token=token,
        base_url=base_url,
        timeout=TIMEOUT_SECONDS,
        ssl=ssl.create_default_context(),
        retry_handlers=[],
    )
