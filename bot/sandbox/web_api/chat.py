"""chat.postMessage, update, delete, postEphemeral, getPermalink."""

import json
from typing import Any

from bot.sandbox.limits import check_blocks
from bot.sandbox.state import Json, Message, Workspace, fill_ids
from bot.sandbox.web_api.call import Call, SlackError
from bot.sandbox.web_api.conversations import message_object, need_conversation

POST_TEXT = 40_000
UPDATE_TEXT = 4_000
METADATA_BYTES = 16_000


def chat_post_message(call: Call) -> Json:
    channel = _place_to_post(call)
    content = message_content(call)
    thread = call.text("thread_ts") or None
    if thread and call.workspace.message(channel, thread) is None:
        raise SlackError("thread_not_found")
    message = call.workspace.post(
        Message(
            ts=call.workspace.next_ts(),
            channel=channel,
            user=call.workspace.company.bot_user_id,
            text=content["text"],
            blocks=content["blocks"] or [],
            metadata=content["metadata"],
            thread_ts=thread,
            broadcast=call.flag("reply_broadcast"),
        )
    )
    return {"channel": channel, "ts": message.ts, "message": message_object(call.workspace, message)}


def chat_update(call: Call) -> Json:
    message = _own_message(call, "cant_update_message")
    content = message_content(call)
    if len(content["text"]) > UPDATE_TEXT:
        raise SlackError("msg_too_long")
    message.text = content["text"]
    message.edited = call.workspace.next_ts()
    if content["blocks"] is not None:
        message.blocks = content["blocks"]
    if content["metadata"] is not None:
        message.metadata = content["metadata"]
    found = message_object(call.workspace, message)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": found}


def chat_delete(call: Call) -> Json:
    message = _own_message(call, "cant_delete_message")
    call.workspace.messages.remove(message)
    return {"channel": message.channel, "ts": message.ts}


def chat_post_ephemeral(call: Call) -> Json:
    channel, reader = need_conversation(call), call.need("user")
    if not call.workspace.bot_is_in(channel):
        raise SlackError("not_in_channel")
    user = call.workspace.person(reader)
    if user is None or user.deleted or reader not in call.workspace.people_in(channel):
        raise SlackError("user_not_in_channel")
    content = message_content(call)
    message = call.workspace.post(
        Message(
            ts=call.workspace.next_ts(),
            channel=channel,
            user=call.workspace.company.bot_user_id,
            text=content["text"],
            blocks=content["blocks"] or [],
            thread_ts=call.text("thread_ts") or None,
            ephemeral_for=reader,
        )
    )
    return {"message_ts": message.ts}


def chat_get_permalink(call: Call) -> Json:
    channel, ts = need_conversation(call), call.need("message_ts")
    if call.workspace.message(channel, ts) is None:
        raise SlackError("message_not_found")
    return {"channel": channel, "permalink": permalink(call.workspace, channel, ts)}


def permalink(workspace: Workspace, channel: str, ts: str) -> str:
    return f"{workspace.url}/archives/{channel}/p{ts.replace('.', '')}"


def message_content(call: Call) -> Json:
    """The checked text, blocks (None when not given) and metadata of a message.

    Raises no_text, msg_too_long, invalid_blocks, invalid_metadata_format and their kin. Stricter than Slack in two
    points: blocks without a text for notifications are refused, and a text beyond 40,000 is refused, not cut.
    """
    blocks = call.data("blocks", "invalid_blocks_format")
    text = call.text("text") or ""
    markdown = call.text("markdown_text")
    if call.data("attachments", "invalid_attachments"):
        raise SlackError("invalid_attachments", ["the sandbox knows no attachments"])
    if markdown is not None:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        if len(markdown) > 12_000:
            raise SlackError("msg_too_long")
        text = markdown
    if not text.strip():
        raise SlackError("no_text")
    if len(text) > POST_TEXT:
        raise SlackError("msg_too_long")
    return {"text": text, "blocks": checked_blocks(blocks), "metadata": _metadata(call)}


def checked_blocks(blocks: Any) -> list[Json] | None:
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    problems = check_blocks("message", blocks)
    if problems:
        raise SlackError("invalid_blocks", problems)
    return fill_ids(blocks)


def _metadata(call: Call) -> Json | None:
    metadata = call.data("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    fits = (
        isinstance(metadata, dict)
        and isinstance(metadata.get("event_type"), str)
        and isinstance(metadata.get("event_payload"), dict)
    )
    if not fits:
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(metadata)) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    found: Json = metadata
    return found


def _place_to_post(call: Call) -> str:
    """The channel argument, or the DM that a user id stands for, if the bot may post there."""
    target = call.need("channel")
    workspace = call.workspace
    person = workspace.users.get(workspace.dms.get(target, target))
    if person is not None:
        if person.deleted or person.is_bot:
            raise SlackError("channel_not_found")
        return workspace.open_dm(person.id)
    channel = need_conversation(call)
    if workspace.channels[channel].is_archived:
        raise SlackError("is_archived")
    if not workspace.bot_is_in(channel) and "chat:write.public" not in workspace.company.scopes:
        raise SlackError("not_in_channel")
    return channel


def _own_message(call: Call, refusal: str) -> Message:
    channel = need_conversation(call)
    message = call.workspace.message(channel, call.need("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.user != call.workspace.company.bot_user_id:
        raise SlackError(refusal)
    return message


METHODS = {
    "chat.postMessage": chat_post_message,
    "chat.update": chat_update,
    "chat.delete": chat_delete,
    "chat.postEphemeral": chat_post_ephemeral,
    "chat.getPermalink": chat_get_permalink,
}
