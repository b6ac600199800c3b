"""What Slack sends to a bot: commands, interactions and events in their real shapes."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.company import User
from bot.sandbox.forms import start_state
from bot.sandbox.state import Json, Message, View, Workspace, elements_of
from bot.sandbox.web_api.conversations import message_object
from bot.sandbox.web_api.users import user_object
from bot.sandbox.web_api.views import view_object

TOKEN = "sandbox-verification"  # noqa: S105 - Slack's deprecated verification token, no secret here


def command(workspace: Workspace, user: User, channel: str, name: str, text: str) -> Json:
    company = workspace.company
    return {
        "token": TOKEN,
        "team_id": company.team_id,
        "team_domain": company.team_domain,
        "channel_id": channel,
        "channel_name": workspace.conversation_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": company.app_id,
        "is_enterprise_install": "false",
        "response_url": workspace.issue_response_url(user.id, channel, None),
        "trigger_id": workspace.issue_trigger(user.id),
    }


def block_actions(workspace: Workspace, user: User, place: Message | View, action: Json) -> Json:
    """`place` is the message, modal or Home tab that holds the pressed element."""
    payload = _interaction(workspace, user, "block_actions")
    payload["actions"] = [action]
    payload["container"] = _container(place)
    state = start_state(place, user.id)
    if isinstance(place, View):
        payload["view"] = view_object(workspace, place)
        payload["trigger_id"] = workspace.issue_trigger(user.id, None if place.is_home else place.id)
        return payload
    payload["channel"] = _channel(workspace, place.channel)
    payload["message"] = message_object(workspace, place)
    payload["state"] = {"values": state}
    payload["response_url"] = workspace.issue_response_url(user.id, place.channel, place)
    payload["trigger_id"] = workspace.issue_trigger(user.id)
    return payload


def block_suggestion(workspace: Workspace, user: User, place: Message | View, element: Json, typed: str) -> Json:
    """What an external select asks: `typed` is what stands in it so far."""
    payload = _interaction(workspace, user, "block_suggestion")
    block_id = next(b["block_id"] for b in place.blocks if any(one is element for one in elements_of(b)))
    payload |= {"action_id": element["action_id"], "block_id": block_id, "value": typed}
    payload["container"] = _container(place)
    if isinstance(place, View):
        return {**payload, "view": view_object(workspace, place)}
    return {
        **payload,
        "channel": _channel(workspace, place.channel),
        "message": message_object(workspace, place),
    }


def view_submission(workspace: Workspace, user: User, view: View) -> Json:
    payload = _interaction(workspace, user, "view_submission")
    payload["trigger_id"] = workspace.issue_trigger(user.id, view.id)
    payload["response_urls"] = list(_response_urls(workspace, user, view))
    return {**payload, "view": view_object(workspace, view)}


def view_closed(workspace: Workspace, user: User, view: View, *, cleared: bool) -> Json:
    payload = _interaction(workspace, user, "view_closed")
    return {**payload, "view": view_object(workspace, view), "is_cleared": cleared}


def shortcut(workspace: Workspace, user: User, callback_id: str, message: Message | None) -> Json:
    """A global shortcut, or a message shortcut where there is a message."""
    payload = _interaction(workspace, user, "message_action" if message else "shortcut")
    payload |= {"callback_id": callback_id, "action_ts": workspace.next_ts()}
    payload["trigger_id"] = workspace.issue_trigger(user.id)
    if message is not None:
        payload["message_ts"] = message.ts
        payload["channel"] = _channel(workspace, message.channel)
        payload["message"] = message_object(workspace, message)
        payload["response_url"] = workspace.issue_response_url(user.id, message.channel, None)
    return payload


def event(workspace: Workspace, inner: Json) -> Json:
    company = workspace.company
    return {
        "token": TOKEN,
        "team_id": company.team_id,
        "api_app_id": company.app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": workspace.new_id("Ev"),
        "event_time": int(workspace.now.timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": company.team_id,
                "user_id": company.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def app_home_opened(workspace: Workspace, user: User) -> Json:
    inner: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": workspace.open_dm(user.id),
        "tab": "home",
        "event_ts": workspace.next_ts(),
    }
    home = workspace.homes.get(user.id)
    return event(workspace, {**inner, "view": view_object(workspace, home)} if home else inner)


def user_change(workspace: Workspace, user: User) -> Json:
    changed = user_object(workspace, user, locale=True)
    now = int(workspace.now.timestamp())
    return event(workspace, {"type": "user_change", "user": changed, "cache_ts": now, "event_ts": workspace.next_ts()})


def _response_urls(workspace: Workspace, user: User, view: View) -> Iterator[Json]:
    """An address for each conversation that was chosen where the view asks for one."""
    for block in view.blocks:
        element = block["element"] if block["type"] == "input" else {}
        state = view.state.get(block["block_id"], {}).get(element.get("action_id", ""), {})
        channel = state.get("selected_conversation") or state.get("selected_channel")
        if element.get("response_url_enabled") and channel:
            named = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel}
            yield {**named, "response_url": workspace.issue_response_url(user.id, channel, None)}


def _interaction(workspace: Workspace, user: User, kind: str) -> Json:
    company = workspace.company
    return {
        "type": kind,
        "token": TOKEN,
        "api_app_id": company.app_id,
        "team": {"id": company.team_id, "domain": company.team_domain},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": company.team_id},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _container(place: Message | View) -> Json:
    if isinstance(place, View):
        return {"type": "view", "view_id": place.id}
    return {
        "type": "message",
        "message_ts": place.ts,
        "channel_id": place.channel,
        "is_ephemeral": place.ephemeral_for is not None,
    }


def _channel(workspace: Workspace, channel: str) -> dict[str, Any]:
    return {"id": channel, "name": workspace.conversation_name(channel)}
