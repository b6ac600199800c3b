"""Clicks on what is not on the screen: stale buttons and forged ones, which a bot must withstand."""

from bot.sandbox.company import User
from bot.sandbox.gesture import BadGestureError
from bot.sandbox.places import MORE, offers_in
from bot.sandbox.state import Json, Message, View, Workspace


def forged_place(workspace: Workspace, user: User, wish: Json) -> Message | View:
    """Somewhere for a click that nothing on the screen offers: a view or a message that never was."""
    if wish.get("home") or wish.get("view_id"):
        filler: Json = {"type": "section", "text": {"type": "mrkdwn", "text": "…"}}
        kind = "home" if wish.get("home") else "modal"
        return View(
            str(wish.get("view_id") or "V0"),
            user.id,
            {"type": kind, "blocks": [filler]},
            "0",
            "V0",
        )
    channel = str(wish.get("channel") or workspace.open_dm(user.id))
    if channel not in workspace.channels and channel not in workspace.dms:
        raise BadGestureError("channel_not_found", channel)
    ts = str(wish.get("ts") or workspace.next_ts())
    return Message(ts, channel, workspace.company.bot_user_id, "…")


def forged_action(workspace: Workspace, place: Message | View, wish: Json) -> Json:
    """An entry of a menu where the id is a menu's, otherwise a button."""
    action_id, value = str(wish.get("action_id")), wish.get("value")
    known = next((offer.element["type"] for offer in offers_in(place) if offer.action_id == action_id), None)
    kind = wish.get("type") or known or ("overflow" if action_id == MORE else "button")
    action: Json = {"type": kind, "action_id": action_id, "block_id": "forged"}
    action["action_ts"] = workspace.next_ts()
    text = {"type": "plain_text", "text": "…", "emoji": True}
    if kind == "button":
        return {**action, "text": text, "value": "" if value is None else str(value)}
    return {**action, "selected_option": {"text": text, "value": str(value)}}
