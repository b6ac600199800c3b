"""The address a bot may answer to after a command or a click: five times within 30 minutes.

Answers are seen by the person alone unless the bot says `in_channel`, and may replace or delete the
message that was pressed (or, after a command, the bot's own earlier answer).
"""

from typing import Any

from bot.sandbox.state import RESPONSE_URL_LIFE, RESPONSE_URL_USES, Json, Message, ResponseUrl, Workspace, message_words
from bot.sandbox.web_api.call import SlackError
from bot.sandbox.web_api.chat import POST_TEXT, checked_blocks


def answer(workspace: Workspace, token: str, body: Any) -> None:
    """Says `body` where the address leads. Raises SlackError: used_url, expired_url, invalid_blocks …"""
    address = workspace.response_urls.get(token)
    if address is None or workspace.now - address.born > RESPONSE_URL_LIFE:
        raise SlackError("expired_url")
    if address.uses >= RESPONSE_URL_USES:
        raise SlackError("used_url")
    if not isinstance(body, dict):
        raise SlackError("invalid_payload")
    blocks = checked_blocks(body.get("blocks"))
    address.uses += 1
    say(workspace, address, body, blocks)


def say(workspace: Workspace, address: ResponseUrl, body: Json, blocks: list[Json] | None) -> None:
    """The same for a command's ack, which counts as no use of the address."""
    original = address.source or address.said
    if body.get("delete_original"):
        if original in workspace.messages:
            workspace.messages.remove(original)
        return
    text = str(body.get("text") or "")
    if not text and not blocks:
        raise SlackError("no_text")
    if len(text) > POST_TEXT:
        raise SlackError("msg_too_long")
    if body.get("replace_original") and original in workspace.messages:
        _replace(workspace, original, text, blocks)
        return
    address.said = _post(workspace, address, body, text, blocks or [])


def _replace(workspace: Workspace, original: Message, text: str, blocks: list[Json] | None) -> None:
    original.text, original.blocks = text, blocks or []
    original.edited = workspace.next_ts()
    if original.ephemeral_for:
        # The answer the person pressed on is drawn again: that is no word about the press.
        workspace.say(original.ephemeral_for, message_words(original), final=False)


def _post(workspace: Workspace, address: ResponseUrl, body: Json, text: str, blocks: list[Json]) -> Message:
    in_channel = body.get("response_type") == "in_channel"
    return workspace.post(
        Message(
            ts=workspace.next_ts(),
            channel=address.channel,
            user=workspace.company.bot_user_id,
            text=text,
            blocks=blocks,
            thread_ts=body.get("thread_ts"),
            ephemeral_for=None if in_channel else address.user,
        )
    )
