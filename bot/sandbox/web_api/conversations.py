"""conversations.open, info, history, replies, members, list, join."""

from decimal import Decimal, InvalidOperation

from bot.sandbox.state import Json, Message, Workspace
from bot.sandbox.web_api.call import Call, SlackError

KINDS = {"public_channel": "channels", "private_channel": "groups", "im": "im"}


def conversations_open(call: Call) -> Json:
    if call.text("channel"):
        channel = need_conversation(call)
        return {"channel": {"id": channel}, "no_op": True, "already_open": True}
    wanted = [one.strip() for one in (call.text("users") or "").split(",") if one.strip()]
    if not wanted:
        raise SlackError("users_list_not_supplied")
    if len(wanted) > 1:
        raise SlackError("method_not_supported_for_channel_type", ["the sandbox has no group conversations"])
    user = call.workspace.person(wanted[0])
    if user is None:
        raise SlackError("user_not_found")
    if user.is_bot:
        raise SlackError("cannot_dm_bot")
    if user.deleted:
        raise SlackError("user_disabled")
    opened = call.workspace.dm_of(user.id) in call.workspace.dms
    return {"channel": {"id": call.workspace.open_dm(user.id)}, "no_op": opened, "already_open": opened}


def conversations_info(call: Call) -> Json:
    channel = need_conversation(call)
    need_scope(call, channel, "read")
    return {"channel": conversation_object(call.workspace, channel)}


def conversations_members(call: Call) -> Json:
    channel = need_conversation(call)
    need_scope(call, channel, "read")
    members, cursor = call.page(call.workspace.people_in(channel), default=100, most=999)
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


def conversations_list(call: Call) -> Json:
    kinds = [one.strip() for one in (call.text("types") or "public_channel").split(",")]
    unknown = [one for one in kinds if one not in (*KINDS, "mpim")]
    if unknown:
        raise SlackError("invalid_types", [f"unknown type: {unknown[0]}"])
    everything = [*call.workspace.channels, *call.workspace.dms]
    found = [one for one in everything if kind_of(call.workspace, one) in kinds and _shows_itself(call, one)]
    page, cursor = call.page(found, default=100, most=999)
    objects = [conversation_object(call.workspace, one) for one in page]
    return {"channels": objects, "response_metadata": {"next_cursor": cursor}}


def conversations_join(call: Call) -> Json:
    channel = need_conversation(call)
    if channel not in call.workspace.channels or call.workspace.channels[channel].is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if call.workspace.channels[channel].is_archived:
        raise SlackError("is_archived")
    if not call.workspace.bot_is_in(channel):
        call.workspace.members[channel].append(call.workspace.company.bot_user_id)
    return {"channel": conversation_object(call.workspace, channel)}


def conversations_history(call: Call) -> Json:
    channel = _readable(call)
    found = [one for one in _between(call, channel) if one.thread_ts in (None, one.ts) or one.broadcast]
    found.reverse()
    page, cursor = call.page(found, default=100, most=999)
    return {**_message_page(call, page, cursor), "pin_count": 0}


def conversations_replies(call: Call) -> Json:
    channel = _readable(call)
    parent = call.workspace.message(channel, call.need("ts"))
    if parent is None:
        raise SlackError("thread_not_found")
    root = parent.thread_ts or parent.ts
    replies = [one for one in _between(call, channel) if root in (one.thread_ts, one.ts)]
    page, cursor = call.page(replies, default=1000, most=1000)
    return _message_page(call, page, cursor)


def need_conversation(call: Call) -> str:
    """The channel argument, if the bot may know of it. Raises channel_not_found."""
    channel = call.need("channel")
    known = call.workspace.channels.get(channel)
    hidden = known is not None and known.is_private and not call.workspace.bot_is_in(channel)
    if (known is None and channel not in call.workspace.dms) or hidden:
        raise SlackError("channel_not_found")
    return channel


def kind_of(workspace: Workspace, channel: str) -> str:
    if channel in workspace.dms:
        return "im"
    return "private_channel" if workspace.channels[channel].is_private else "public_channel"


def need_scope(call: Call, channel: str, act: str) -> None:
    """Raises missing_scope unless the app may `act` (read, history) in this kind of conversation."""
    needed = f"{KINDS[kind_of(call.workspace, channel)]}:{act}"
    held = call.workspace.company.scopes
    if needed not in held:
        raise SlackError("missing_scope", needed=needed, provided=",".join(held))


def conversation_object(workspace: Workspace, channel: str) -> Json:
    if channel in workspace.dms:
        user = workspace.dms[channel]
        deleted = workspace.users[user].deleted
        return {"id": channel, "is_im": True, "user": user, "is_user_deleted": deleted, "is_archived": False}
    known = workspace.channels[channel]
    return {
        "id": channel,
        "name": known.name,
        "name_normalized": known.name,
        "is_channel": not known.is_private,
        "is_group": known.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": known.is_private,
        "is_archived": known.is_archived,
        "is_general": False,
        "is_member": workspace.bot_is_in(channel),
        "topic": {"value": known.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(workspace.members[channel]),
    }


def message_object(workspace: Workspace, message: Message, *, metadata: bool = True) -> Json:
    """Slack's message object; without `metadata` only the metadata's event type is given away."""
    company = workspace.company
    found: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    if message.user == company.bot_user_id:
        profile = {"id": company.bot_id, "app_id": company.app_id, "name": company.bot_name}
        found |= {"bot_id": company.bot_id, "app_id": company.app_id, "team": company.team_id}
        found["bot_profile"] = {**profile, "team_id": company.team_id, "deleted": False}
    if message.blocks:
        found["blocks"] = message.blocks
    if message.thread_ts:
        found["thread_ts"] = message.thread_ts
    if message.edited:
        found["edited"] = {"user": message.user, "ts": message.edited}
    if message.files:
        found["files"] = message.files
    if message.metadata:
        found["metadata"] = message.metadata if metadata else {"event_type": message.metadata["event_type"]}
    return found


def _message_page(call: Call, page: list[Message], cursor: str) -> Json:
    everything = call.flag("include_all_metadata")
    messages = [message_object(call.workspace, one, metadata=everything) for one in page]
    return {"messages": messages, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


def _readable(call: Call) -> str:
    channel = need_conversation(call)
    need_scope(call, channel, "history")
    if not call.workspace.bot_is_in(channel):
        raise SlackError("not_in_channel")
    return channel


def _between(call: Call, channel: str) -> list[Message]:
    oldest, latest = _moment(call, "oldest", "0"), _moment(call, "latest", "99999999999")
    with_ends = call.flag("inclusive")
    found = []
    for message in call.workspace.messages_in(channel):
        at = Decimal(message.ts)
        inside = oldest <= at <= latest if with_ends else oldest < at < latest
        if inside and not message.ephemeral_for:
            found.append(message)
    return found


def _moment(call: Call, name: str, default: str) -> Decimal:
    try:
        return Decimal(call.text(name) or default)
    except InvalidOperation as error:
        raise SlackError(f"invalid_ts_{name}") from error


def _shows_itself(call: Call, channel: str) -> bool:
    need_scope(call, channel, "read")
    known = call.workspace.channels.get(channel)
    if known is None:
        return True
    if known.is_archived and call.flag("exclude_archived"):
        return False
    return not known.is_private or call.workspace.bot_is_in(channel)


METHODS = {
    "conversations.open": conversations_open,
    "conversations.info": conversations_info,
    "conversations.members": conversations_members,
    "conversations.list": conversations_list,
    "conversations.join": conversations_join,
    "conversations.history": conversations_history,
    "conversations.replies": conversations_replies,
}
