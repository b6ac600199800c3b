"""What Slack sends to a bot: commands, interactions and events in their real shapes."""

from typing import Any

from bot.sandbox.company import User
from bot.sandbox.state import Json, Message, View, Workspace
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
    if isinstance(place, View):
        payload["container"] = {"type": "view", "view_id": place.id}
        payload["view"] = view_object(workspace, place)
        payload["trigger_id"] = workspace.issue_trigger(user.id, None if place.is_home else place.id)
        return payload
    payload["container"] = {
        "type": "message",
        "message_ts": place.ts,
        "channel_id": place.channel,
        "is_ephemeral": place.ephemeral_for is not None,
    }
    payload["channel"] = _channel(workspace, place.channel)
    payload["message"] = message_object(workspace, place)
    payload["state"] = {"values": {}}
    payload["response_url"] = workspace.issue_response_url(user.id, place.channel, place)
    payload["trigger_id"] = workspace.issue_trigger(user.id)
    return payload


def block_suggestion(workspace: Workspace, user: User, view: View, element: Json, typed: str) -> Json:
    payload = _interaction(workspace, user, "block_suggestion")
    block_id = next(b["block_id"] for b in view.blocks if b.get("element") is element or b.get("accessory") is element)
    container = {"type": "view", "view_id": view.id}
    asked = {"action_id": element["action_id"], "block_id": block_id, "value": typed}
    return {**payload, **asked, "container": container, "view": view_object(workspace, view)}


def view_submission(workspace: Workspace, user: User, view: View) -> Json:
    payload = _interaction(workspace, user, "view_submission")
    payload["trigger_id"] = workspace.issue_trigger(user.id, view.id)
    return {**payload, "view": view_object(workspace, view), "response_urls": []}


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


def _channel(workspace: Workspace, channel: str) -> dict[str, Any]:
    return {"id": channel, "name": workspace.conversation_name(channel)}
