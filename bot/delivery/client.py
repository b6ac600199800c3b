"""The Web API client for messages."""

from slack_sdk import WebClient

TIMEOUT_SECONDS = 10


def posting_client(token: str, base_url: str = WebClient.BASE_URL) -> WebClient:
    """A client that asks once and never repeats by itself.

    The SDK's default repeats a request whose connection broke after Slack had read it, and so posts twice. A
    rate limit is waited for in the outbox, not by a sleeping thread.
    """
    return WebClient(token=token, base_url=base_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
