"""What a person does: type a command, run a shortcut, press, fill a form, close it – and what comes back."""

from typing import Any

from bot.sandbox import forms, payloads, response_url
from bot.sandbox.command_text import escape_command
from bot.sandbox.forgery import forged_action, forged_place
from bot.sandbox.gesture import BadGestureError, Gesture
from bot.sandbox.places import Offer, action_of, find_press, offers_in, stateful_element
from bot.sandbox.socket_mode import Ack, SocketMode
from bot.sandbox.state import Json, Message, View, Workspace
from bot.sandbox.time_channel import TimeChannel
from bot.sandbox.web_api.call import SlackError
from bot.sandbox.web_api.chat import checked_blocks
from bot.sandbox.web_api.views import checked_content, push, update

DISPATCH_FAILED: Json = {"error": "dispatch_failed"}
NOT_OFFERED: Json = {"not_offered": True}


class Interaction:
    """Gestures. Each returns when the bot has acked and is quiet; none raises for what the bot does wrong."""

    def __init__(self, workspace: Workspace, socket: SocketMode, time: TimeChannel) -> None:
        self._workspace = workspace
        self._socket = socket
        self._time = time

    async def command(self, wish: Json) -> Json:
        """{as, text, channel?}: types a slash command, in the bot's DM unless a channel is named."""
        gesture = self._begin(wish)
        channel = self._channel(gesture, wish)
        name, _, text = str(wish.get("text") or "").strip().partition(" ")
        known = next((one for one in self._workspace.company.commands if one.command == name), None)
        if known is None:
            raise BadGestureError("unknown_command", name)
        said = escape_command(self._workspace, text.strip()) if known.should_escape else text.strip()
        payload = payloads.command(self._workspace, gesture.user, channel, name, said)
        ack = await self._deliver("slash_commands", payload)
        if ack is None:
            return await self._failed(gesture)
        problem = self._answer_in_ack(payload, ack)
        await self._time.settle(gesture.start)
        return problem or gesture.done(self._workspace)

    async def shortcut(self, wish: Json) -> Json:
        """{as, callback_id, channel?, ts?}: a global shortcut, or one on a message."""
        gesture = self._begin(wish)
        message = None
        if wish.get("ts"):
            message = self._message(gesture, str(wish.get("channel")), str(wish["ts"]))
        payload = payloads.shortcut(self._workspace, gesture.user, str(wish.get("callback_id")), message)
        return await self._interact(gesture, payload)

    async def click(self, wish: Json) -> Json:
        """{as, channel + ts | view_id | home, action_id, value?, force?, type?}: presses or chooses."""
        gesture = self._begin(wish)
        action_id, value = str(wish.get("action_id")), wish.get("value")
        place = self._place(gesture, wish)
        action = await self._action(gesture, place, action_id, value) if place is not None else None
        if place is not None and action is not None:
            return await self._press(gesture, place, action)
        if not wish.get("force"):
            return dict(NOT_OFFERED)
        place = place or forged_place(self._workspace, gesture.user, wish)
        return await self._press(
            gesture, place, forged_action(self._workspace, place, action_id, value, wish.get("type"))
        )

    async def press(self, wish: Json) -> Json:
        """{as, action_id, value, values?, look?}: presses the newest such offer, fills the modal it opens and submits.

        What is offered nowhere is looked for once more on the freshly opened Home tab. `look` leaves the modal open.
        """
        gesture = self._begin(wish)
        values = wish.get("values")
        offer = self._find(gesture, wish, menu=values is not None)
        if offer is None:
            await self.open_home(gesture.user.id)
            offer = self._find(gesture, wish, menu=values is not None)
        if offer is None:
            return dict(NOT_OFFERED)
        answer = await self._press(gesture, offer.place, action_of(self._workspace, offer))
        view_id = gesture.opened(self._workspace)
        if wish.get("look") or view_id is None or not forms.input_names(self._workspace.views[view_id]):
            return answer
        filled = await self.submit({"as": gesture.user.id, "view_id": view_id, "values": values or {}})
        if filled.get("done"):
            return gesture.pressed(self._workspace)
        return filled

    async def submit(self, wish: Json) -> Json:
        """{as, view_id?, values}: fills the open modal by action_id and submits it."""
        gesture = self._begin(wish)
        view = self._open_view(gesture, wish)
        try:
            await forms.fill(self._workspace, view, wish.get("values") or {}, self._suggester(gesture, view))
        except forms.CannotFillError as problem:
            return {**problem.answer, "view_id": view.id, "inputs": forms.input_names(view)}
        refused = forms.refusals(view)
        if refused:
            return {"errors": refused, "view_id": view.id}
        ack = await self._deliver("interactive", payloads.view_submission(self._workspace, gesture.user, view))
        if ack is None:
            return await self._failed(gesture)
        problem_or_errors = self._obey(view, ack.payload)
        await self._time.settle(gesture.start)
        return problem_or_errors or gesture.done(self._workspace)

    async def close(self, wish: Json) -> Json:
        """{as, view_id?}: closes the modal on top; the one below it shows again."""
        gesture = self._begin(wish)
        view = self._open_view(gesture, wish)
        stack = self._workspace.stack_of(view.id) or [view.id]
        gone = list(stack) if view.content.get("clear_on_close") else [view.id]
        if view.content.get("notify_on_close"):
            cleared = len(gone) > 1
            payload = payloads.view_closed(self._workspace, gesture.user, view, cleared=cleared)
            self._workspace.close_views(gone)
            await self._deliver("interactive", payload)
        self._workspace.close_views(gone)
        await self._time.settle(gesture.start)
        return {"done": True}

    async def suggest(self, wish: Json) -> Json:
        """{as, view_id?, action_id, typed}: what an external select of the open modal offers."""
        gesture = self._begin(wish)
        view = self._open_view(gesture, wish)
        found = stateful_element(view, str(wish.get("action_id")))
        if found is None:
            return dict(NOT_OFFERED)
        options = await self._suggester(gesture, view)(found[1], str(wish.get("typed") or ""))
        return {"options": [{"value": one["value"], "text": one["text"]["text"]} for one in options]}

    async def open_home(self, user_id: str) -> View | None:
        """Opens the Home tab: the bot hears app_home_opened and may publish."""
        gesture = Gesture.by(self._workspace, user_id)
        if "app_home_opened" in self._workspace.company.events:
            await self._socket.event(payloads.app_home_opened(self._workspace, gesture.user))
        await self._time.settle(gesture.start)
        return self._workspace.homes.get(user_id)

    async def change_user(self, user_id: str, changes: Json) -> Json:
        """Changes a member and tells the bot with user_change."""
        start = self._workspace.now
        user = self._workspace.change_user(user_id, **changes)
        if user.deleted:
            self._workspace.close_views(list(self._workspace.open_views(user_id)))
        if "user_change" in self._workspace.company.events:
            await self._socket.event(payloads.user_change(self._workspace, user))
        await self._time.settle(start)
        return {"done": True}

    async def write(self, wish: Json) -> Json:
        """{as, channel, text, thread_ts?}: a person writes a message (for message shortcuts)."""
        gesture = self._begin(wish)
        channel = self._channel(gesture, wish)
        ts, text = self._workspace.next_ts(), str(wish.get("text") or "")
        message = Message(ts, channel, gesture.user.id, text, thread_ts=wish.get("thread_ts"))
        self._workspace.post(message)
        return {"done": True, "ts": ts, "channel": channel}

    # -- the ways to the bot

    async def _deliver(self, kind: str, payload: Json) -> Ack | None:
        return await self._socket.deliver(kind, payload)

    async def _interact(self, gesture: Gesture, payload: Json) -> Json:
        if await self._deliver("interactive", payload) is None:
            return await self._failed(gesture)
        await self._time.settle(gesture.start)
        return gesture.done(self._workspace)

    async def _press(self, gesture: Gesture, place: Message | View, action: Json) -> Json:
        payload = payloads.block_actions(self._workspace, gesture.user, place, action)
        answer = await self._interact(gesture, payload)
        return gesture.pressed(self._workspace) if answer.get("done") else answer

    async def _failed(self, gesture: Gesture) -> Json:
        await self._time.settle(gesture.start)
        return dict(DISPATCH_FAILED)

    # -- what the bot answered

    def _answer_in_ack(self, payload: Json, ack: Ack) -> Json | None:
        """A command may be answered in the ack itself, like through its response_url."""
        body = {"text": ack.payload} if isinstance(ack.payload, str) else ack.payload
        if not isinstance(body, dict) or not (body.get("text") or body.get("blocks")):
            return None
        address = self._workspace.response_urls[payload["response_url"].rpartition("/")[2]]
        try:
            response_url.say(self._workspace, address, body, checked_blocks(body.get("blocks")))
        except SlackError as problem:
            return _wrong_answer(problem)
        return None

    def _obey(self, view: View, answer: Any) -> Json | None:
        """Does what the ack of a submission asks; an empty one closes the view."""
        action = answer.get("response_action") if isinstance(answer, dict) else None
        try:
            if action == "errors":
                return _errors(view, answer.get("errors"))
            if action == "update":
                update(self._workspace, view, checked_content(answer.get("view"), "modal"))
            elif action == "push":
                push(self._workspace, view, checked_content(answer.get("view"), "modal"))
            elif action == "clear":
                self._workspace.close_views(self._workspace.stack_of(view.id) or [])
            elif action is None:
                self._workspace.close_views([view.id])
            else:
                raise SlackError("invalid_arguments", [f"unknown response_action: {action}"])
        except SlackError as problem:
            return _wrong_answer(problem)
        return None

    def _suggester(self, gesture: Gesture, view: View) -> forms.Suggest:
        async def suggest(element: Json, typed: str) -> list[Json]:
            payload = payloads.block_suggestion(self._workspace, gesture.user, view, element, typed)
            ack = await self._deliver("interactive", payload)
            answer = ack.payload if ack is not None and isinstance(ack.payload, dict) else {}
            return forms.offered_options(answer)

        return suggest

    # -- what is meant

    def _begin(self, wish: Json) -> Gesture:
        return Gesture.by(self._workspace, wish.get("as"))

    def _channel(self, gesture: Gesture, wish: Json) -> str:
        """The named conversation if this person is in it, otherwise their DM with the bot."""
        own = self._workspace.open_dm(gesture.user.id)
        channel = str(wish.get("channel") or own)
        if channel not in self._workspace.channels and channel not in self._workspace.dms:
            raise BadGestureError("channel_not_found", channel)
        if gesture.user.id not in self._workspace.people_in(channel):
            raise BadGestureError("not_in_channel", channel)
        return channel

    def _message(self, gesture: Gesture, channel: str, ts: str) -> Message:
        message = self._visible(gesture, channel, ts)
        if message is None:
            raise BadGestureError("message_not_found", f"{channel} {ts}")
        return message

    def _visible(self, gesture: Gesture, channel: str, ts: str) -> Message | None:
        seen = self._workspace.visible_to(gesture.user.id)
        return next((one for one in seen if one.channel == channel and one.ts == ts), None)

    def _open_view(self, gesture: Gesture, wish: Json) -> View:
        """The modal on screen, or the named one if it lies on top of one of the person's stacks."""
        wanted = wish.get("view_id")
        view = self._workspace.views.get(str(wanted)) if wanted else self._workspace.top_view(gesture.user.id)
        stack = self._workspace.stack_of(view.id) if view is not None else None
        if view is None or stack is None or stack[-1] != view.id or view.user != gesture.user.id:
            raise BadGestureError("no_open_view", str(wanted or ""))
        return view

    def _place(self, gesture: Gesture, wish: Json) -> Message | View | None:
        if wish.get("home"):
            return self._workspace.homes.get(gesture.user.id)
        if wish.get("view_id"):
            view = self._workspace.views.get(str(wish["view_id"]))
            return view if view is not None and view.user == gesture.user.id else None
        channel, ts = str(wish.get("channel")), str(wish.get("ts"))
        if wish.get("force"):
            return self._workspace.message(channel, ts, ephemeral=True)
        return self._visible(gesture, channel, ts)

    def _find(self, gesture: Gesture, wish: Json, *, menu: bool) -> Offer | None:
        value = wish.get("value")
        named = None if value is None else str(value)
        return find_press(self._workspace, gesture.user.id, str(wish.get("action_id")), named, menu=menu)

    async def _action(self, gesture: Gesture, place: Message | View, action_id: str, value: Any) -> Json | None:
        """The action if the place offers it; choosing in a picker writes what is chosen into its state."""
        for offer in offers_in(place):
            if offer.action_id == action_id and (str(value) == offer.value or (value is None and not offer.option)):
                self._remember_choice(place, offer)
                return action_of(self._workspace, offer)
        found = stateful_element(place, action_id)
        if found is None or value is None:
            return None
        block_id, element = found
        suggest = self._suggester(gesture, place) if isinstance(place, View) else _nothing
        try:
            state = await forms.state_for(self._workspace, element, value, suggest, gesture.user.id)
        except forms.CannotFillError:
            return None
        if isinstance(place, View):
            place.state.setdefault(block_id, {})[action_id] = state
        return {**state, "action_id": action_id, "block_id": block_id, "action_ts": self._workspace.next_ts()}

    def _remember_choice(self, place: Message | View, offer: Offer) -> None:
        if isinstance(place, View) and offer.option and offer.element["type"] in forms.PLAIN:
            state = {"type": offer.element["type"], "selected_option": offer.option}
            place.state.setdefault(offer.block_id, {})[offer.action_id] = state


async def _nothing(element: Json, typed: str) -> list[Json]:
    return []


def _errors(view: View, errors: Any) -> Json:
    """The bot's errors by block_id, given back by the action_id of the input in that block."""
    inputs = {block["block_id"]: block["element"]["action_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_arguments", ["errors must map block_id to text"])
    strangers = sorted(set(errors) - set(inputs))
    if strangers:
        raise SlackError("invalid_arguments", [f"errors name no input block: {', '.join(strangers)}"])
    return {"errors": {inputs[block_id]: text for block_id, text in errors.items()}, "view_id": view.id}


def _wrong_answer(problem: SlackError) -> Json:
    """The person sees that something went wrong; a developer sees what."""
    messages = problem.answer.get("response_metadata", {}).get("messages", [])
    return {"error": "invalid_response", "detail": problem.answer["error"], "messages": messages}
