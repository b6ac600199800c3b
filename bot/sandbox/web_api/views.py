"""views.open, push, update, publish."""

import json
import time
from typing import Any

from bot.sandbox.limits import check_payload
from bot.sandbox.state import (
    TRIGGER_LIFE_SECONDS,
    Json,
    Trigger,
    View,
    Workspace,
    blocks_words,
    elements_of,
    with_ids,
)
from bot.sandbox.web_api.call import Call, SlackError

STACK = 3
VIEW_BYTES = 250_000


def views_open(call: Call) -> Json:
    content = _content(call, "modal")
    trigger = _exchange(call)
    view = call.workspace.new_view(trigger.user, content)
    call.workspace.open_root(view)
    note_words(call.workspace, view)
    return {"view": view_object(call.workspace, view)}


def views_push(call: Call) -> Json:
    content = _content(call, "modal")
    trigger = _exchange(call)
    below = call.workspace.views.get(trigger.view_id or "")
    if below is None:
        raise SlackError("not_found", ["the trigger does not come from an open modal"])
    return {"view": view_object(call.workspace, push(call.workspace, below, content))}


def views_update(call: Call) -> Json:
    content = _content(call, "modal")
    view = _wanted_view(call)
    _check_hash(call, view)
    update(call.workspace, view, content)
    return {"view": view_object(call.workspace, view)}


def views_publish(call: Call) -> Json:
    content = _content(call, "home")
    user = call.workspace.person(call.need("user_id"))
    if user is None or user.deleted:
        raise SlackError("user_not_found")
    if not call.workspace.company.home_tab_enabled:
        raise SlackError("not_enabled")
    home = call.workspace.homes.get(user.id)
    if home is None:
        home = call.workspace.new_view(user.id, content)
        call.workspace.homes[user.id] = home
    else:
        _check_hash(call, home)
        _replace(call.workspace, home, content)
    return {"view": view_object(call.workspace, home)}


def push(workspace: Workspace, below: View, content: Json) -> View:
    """Puts a view on the stack of `below`. Raises push_limit_reached and not_found."""
    stack = workspace.stack_of(below.id)
    if stack is None:
        raise SlackError("not_found")
    if len(stack) >= STACK:
        raise SlackError("push_limit_reached")
    view = workspace.new_view(below.user, content, previous=below)
    stack.append(view.id)
    note_words(workspace, view)
    return view


def update(workspace: Workspace, view: View, content: Json) -> None:
    """Replaces a view's content. What was typed stays where block_id and action_id stay."""
    _replace(workspace, view, content)
    note_words(workspace, view)


def checked_content(content: Any, kind: str) -> Json:
    """A view the bot sent, checked. Raises invalid_arguments and view_too_large."""
    if not isinstance(content, dict):
        raise SlackError("invalid_arguments", ["view must be an object"])
    if content.get("type") != kind:
        raise SlackError("invalid_arguments", [f"view must have the type {kind}"])
    problems = check_payload(kind, content)
    if problems:
        raise SlackError("invalid_arguments", problems)
    if len(json.dumps(content)) > VIEW_BYTES:
        raise SlackError("view_too_large")
    return content


def view_object(workspace: Workspace, view: View) -> Json:
    """Slack's view object, with what has been typed so far in `state`."""
    company, content = workspace.company, view.content
    return {
        "id": view.id,
        "team_id": company.team_id,
        "type": content["type"],
        "blocks": content["blocks"],
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": content.get("callback_id", ""),
        "state": {"values": view.state},
        "hash": view.hash,
        "title": content.get("title"),
        "clear_on_close": bool(content.get("clear_on_close")),
        "notify_on_close": bool(content.get("notify_on_close")),
        "close": content.get("close"),
        "submit": content.get("submit"),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": company.app_id,
        "external_id": content.get("external_id", ""),
        "app_installed_team_id": company.team_id,
        "bot_id": company.bot_id,
    }


def note_words(workspace: Workspace, view: View) -> None:
    """A modal in which nothing can be filled in is something said to this person."""
    if any(block["type"] == "input" for block in view.blocks):
        return
    pressable = any(element.get("action_id") for block in view.blocks for element in elements_of(block))
    workspace.say(view.user, blocks_words(view.blocks), final=not pressable)


def _replace(workspace: Workspace, view: View, content: Json) -> None:
    view.content = with_ids(content)
    view.hash = workspace.new_hash()
    view.order = workspace.next_order()
    kept = {(block["block_id"], e.get("action_id")) for block in view.blocks for e in elements_of(block)}
    view.state = {
        block_id: {action_id: value for action_id, value in values.items() if (block_id, action_id) in kept}
        for block_id, values in view.state.items()
    }


def _content(call: Call, kind: str) -> Json:
    content = call.data("view", "invalid_arguments")
    if content is None:
        raise SlackError("invalid_arguments", ["missing required field: view"])
    found = checked_content(content, kind)
    external_id = found.get("external_id")
    taken = (view for view in call.workspace.views.values() if view.content.get("external_id") == external_id)
    if external_id and call.method in ("views.open", "views.push") and any(taken):
        raise SlackError("duplicate_external_id")
    return found


def _exchange(call: Call) -> Trigger:
    trigger = call.workspace.triggers.get(call.need("trigger_id"))
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if time.monotonic() - trigger.born > TRIGGER_LIFE_SECONDS:
        raise SlackError("expired_trigger_id")
    trigger.used = True
    return trigger


def _wanted_view(call: Call) -> View:
    view_id, external_id = call.text("view_id"), call.text("external_id")
    for view in call.workspace.views.values():
        named = view.id == view_id or (external_id and view.content.get("external_id") == external_id)
        if named and not view.is_home:
            return view
    raise SlackError("not_found")


def _check_hash(call: Call, view: View) -> None:
    known = call.text("hash")
    if known and known != view.hash:
        raise SlackError("hash_conflict")


METHODS = {
    "views.open": views_open,
    "views.push": views_push,
    "views.update": views_update,
    "views.publish": views_publish,
}
