"""Takes what waits in the outbox to Slack: in order, paced, each message once, giving up loudly."""

from bot.delivery.client import posting_client
from bot.delivery.delivery import Delivery, GivenUp, Sent
from bot.delivery.outgoing import Attachment, Outgoing, Renderer

__all__ = ["Attachment", "Delivery", "GivenUp", "Outgoing", "Renderer", "Sent", "posting_client"]
