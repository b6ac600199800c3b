"""What a wish of the control API means: the conversation, message, view or place that this person can reach."""

from bot.sandbox.gesture import BadGestureError, Gesture
from bot.sandbox.state import Json, Message, View, Workspace


def begin(workspace: Workspace, wish: Json) -> Gesture:
    """A gesture of the person named in `as`. Raises BadGestureError for somebody who may not act."""
    return Gesture.by(workspace, wish.get("as"))


def channel_of(workspace: Workspace, gesture: Gesture, wish: Json) -> str:
    """The named conversation if this person is in it, otherwise their DM with the bot."""
    own = workspace.open_dm(gesture.user.id)
    channel = str(wish.get("channel") or own)
    if channel not in workspace.channels and channel not in workspace.dms:
        raise BadGestureError("channel_not_found", channel)
    if gesture.user.id not in workspace.people_in(channel):
        raise BadGestureError("not_in_channel", channel)
    return channel


def message_of(workspace: Workspace, gesture: Gesture, wish: Json) -> Message:
    """The message named by channel and ts. Raises BadGestureError where this person cannot read it."""
    channel, ts = str(wish.get("channel")), str(wish.get("ts"))
    message = _visible(workspace, gesture, channel, ts)
    if message is None:
        raise BadGestureError("message_not_found", f"{channel} {ts}")
    return message


def view_of(workspace: Workspace, gesture: Gesture, wish: Json) -> View:
    """The modal on screen, or the named one if it lies on top of one of the person's stacks."""
    wanted = wish.get("view_id")
    view = workspace.views.get(str(wanted)) if wanted else workspace.top_view(gesture.user.id)
    stack = workspace.stack_of(view.id) if view is not None else None
    if view is None or stack is None or stack[-1] != view.id or view.user != gesture.user.id:
        raise BadGestureError("no_open_view", str(wanted or ""))
    return view


def place_of(workspace: Workspace, gesture: Gesture, wish: Json) -> Message | View | None:
    """The place named by `home`, `view_id`, or `channel` and `ts`; None where this person cannot see it."""
    if wish.get("home"):
        return workspace.homes.get(gesture.user.id)
    if wish.get("view_id"):
        view = workspace.views.get(str(wish["view_id"]))
        return view if view is not None and view.user == gesture.user.id else None
    channel, ts = str(wish.get("channel")), str(wish.get("ts"))
    if wish.get("force"):
        return workspace.message(channel, ts, ephemeral=True)
    return _visible(workspace, gesture, channel, ts)


def _visible(workspace: Workspace, gesture: Gesture, channel: str, ts: str) -> Message | None:
    seen = workspace.visible_to(gesture.user.id)
    return next((one for one in seen if one.channel == channel and one.ts == ts), None)
