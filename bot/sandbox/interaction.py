"""What a person does: type a command, run a shortcut, press, fill a form, close it – and what comes back."""

from bot.sandbox import filling, forms, payloads
from bot.sandbox.choosing import Suggester, chosen_action
from bot.sandbox.command_text import escape_command
from bot.sandbox.courier import Courier
from bot.sandbox.forgery import forged_action, forged_place
from bot.sandbox.gesture import BadGestureError, Gesture
from bot.sandbox.obeying import answer_in_ack, obey
from bot.sandbox.places import Offer, action_of, find_press, stateful_element
from bot.sandbox.reach import begin, channel_of, message_of, place_of, view_of
from bot.sandbox.state import Json, Message, View, Workspace
from bot.sandbox.time_channel import TimeChannel

NOT_OFFERED: Json = {"not_offered": True}
LISTENS = "commands"


class Interaction:
    """Gestures. Each returns when the bot has acked and is quiet; none raises for what the bot does wrong."""

    def __init__(self, workspace: Workspace, courier: Courier, time: TimeChannel) -> None:
        self._workspace = workspace
        self._courier = courier
        self._time = time

    async def command(self, wish: Json) -> Json:
        """{as, text, channel?}: types a slash command, in the bot's DM unless a channel is named."""
        gesture = begin(self._workspace, wish)
        channel = channel_of(self._workspace, gesture, wish)
        name, _, text = str(wish.get("text") or "").strip().partition(" ")
        known = next((one for one in self._workspace.company.commands if one.command == name), None)
        if known is None or LISTENS not in self._workspace.company.scopes:
            raise BadGestureError("unknown_command", name)
        said = escape_command(self._workspace, text.strip()) if known.should_escape else text.strip()
        payload = payloads.command(self._workspace, gesture.user, channel, name, said)
        ack = await self._courier.deliver("slash_commands", payload)
        if ack is None:
            return await self._failed(gesture, name)
        problem = answer_in_ack(self._workspace, payload, ack)
        await self._time.settle(gesture.start)
        return problem or gesture.done(self._workspace)

    async def shortcut(self, wish: Json) -> Json:
        """{as, callback_id, channel?, ts?}: a global shortcut, or one on a message."""
        gesture = begin(self._workspace, wish)
        message = message_of(self._workspace, gesture, wish) if wish.get("ts") else None
        named, kind = str(wish.get("callback_id")), "message" if message else "global"
        known = [one for one in self._workspace.company.shortcuts if (one.callback_id, one.type) == (named, kind)]
        if not known or LISTENS not in self._workspace.company.scopes:
            raise BadGestureError("unknown_shortcut", named)
        return await self._interact(gesture, payloads.shortcut(self._workspace, gesture.user, named, message))

    async def click(self, wish: Json) -> Json:
        """{as, channel + ts | view_id | home, action_id, value?, values?, force?, type?}: presses or chooses.

        `values` is what has been typed into the modal so far; Slack sends it along.
        """
        gesture = begin(self._workspace, wish)
        place = place_of(self._workspace, gesture, wish)
        action = None
        if place is not None:
            suggest = self._suggester(gesture, place)
            if isinstance(place, View) and wish.get("values"):
                try:
                    await filling.fill(self._workspace, place, wish["values"], suggest)
                except forms.CannotFillError as problem:
                    return problem.answer
            action = await chosen_action(self._workspace, gesture.user, place, wish, suggest)
        if place is not None and action is not None:
            return await self._press(gesture, place, action)
        if not wish.get("force"):
            return dict(NOT_OFFERED)
        place = place or forged_place(self._workspace, gesture.user, wish)
        return await self._press(gesture, place, forged_action(self._workspace, place, wish))

    async def press(self, wish: Json) -> Json:
        """{as, action_id, value, values?, look?}: presses the newest such offer, fills the modal it opens and submits.

        What is offered nowhere is looked for once more on the freshly opened Home tab. `look` leaves the modal open.
        The answer says `submitted` if it came to that: a click may be acked by a bot that then opens nothing.
        """
        gesture = begin(self._workspace, wish)
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
            return gesture.pressed(self._workspace) | {"submitted": True}
        return filled

    async def submit(self, wish: Json) -> Json:
        """{as, view_id?, values}: fills the open modal by action_id and submits it."""
        gesture = begin(self._workspace, wish)
        view = view_of(self._workspace, gesture, wish)
        try:
            await filling.fill(self._workspace, view, wish.get("values") or {}, self._suggester(gesture, view))
        except forms.CannotFillError as problem:
            return {**problem.answer, "view_id": view.id, "inputs": forms.input_names(view)}
        refused = filling.refusals(self._workspace, view)
        if refused:
            return {"errors": refused, "view_id": view.id}
        ack = await self._courier.deliver("interactive", payloads.view_submission(self._workspace, gesture.user, view))
        if ack is None:
            return await self._failed(gesture, "view_submission")
        problem_or_errors = obey(self._workspace, view, ack)
        await self._time.settle(gesture.start)
        return problem_or_errors or gesture.done(self._workspace)

    async def close(self, wish: Json) -> Json:
        """{as, view_id?}: closes the modal on top; the one below it shows again."""
        gesture = begin(self._workspace, wish)
        view = view_of(self._workspace, gesture, wish)
        stack = self._workspace.stack_of(view.id) or [view.id]
        gone = list(stack) if view.content.get("clear_on_close") else [view.id]
        if view.content.get("notify_on_close"):
            cleared = len(gone) > 1
            payload = payloads.view_closed(self._workspace, gesture.user, view, cleared=cleared)
            self._workspace.close_views(gone)
            await self._courier.deliver("interactive", payload)
        self._workspace.close_views(gone)
        await self._time.settle(gesture.start)
        return {"done": True}

    async def suggest(self, wish: Json) -> Json:
        """{as, channel + ts | view_id | home, action_id, typed}: what an external select offers.

        Where no place is named it stands in the open modal.
        """
        gesture = begin(self._workspace, wish)
        elsewhere = wish.get("home") or wish.get("ts")
        place = place_of(self._workspace, gesture, wish) if elsewhere else view_of(self._workspace, gesture, wish)
        found = stateful_element(place, str(wish.get("action_id"))) if place is not None else None
        if place is None or found is None:
            return dict(NOT_OFFERED)
        options = await self._suggester(gesture, place).ask(found[1], str(wish.get("typed") or ""))
        return {"options": [{"value": one["value"], "text": one["text"]["text"]} for one in options]}

    async def open_home(self, user_id: str) -> View | None:
        """Opens the Home tab: the bot hears app_home_opened and may publish."""
        gesture = Gesture.by(self._workspace, user_id)
        await self._courier.event(payloads.app_home_opened(self._workspace, gesture.user))
        await self._time.settle(gesture.start)
        return self._workspace.homes.get(user_id)

    async def change_user(self, user_id: str, changes: Json) -> Json:
        """Changes a member and tells the bot with user_change."""
        start = self._workspace.now
        user = self._workspace.change_user(user_id, **changes)
        if user.deleted:
            self._workspace.close_views(list(self._workspace.open_views(user_id)))
        await self._courier.event(payloads.user_change(self._workspace, user))
        await self._time.settle(start)
        return {"done": True}

    async def write(self, wish: Json) -> Json:
        """{as, channel, text, thread_ts?}: a person writes a message (for message shortcuts)."""
        gesture = begin(self._workspace, wish)
        channel = channel_of(self._workspace, gesture, wish)
        ts, text = self._workspace.next_ts(), str(wish.get("text") or "")
        message = Message(ts, channel, gesture.user.id, text, thread_ts=wish.get("thread_ts"))
        self._workspace.post(message)
        return {"done": True, "ts": ts, "channel": channel}

    # -- the ways to the bot

    async def _interact(self, gesture: Gesture, payload: Json) -> Json:
        if await self._courier.deliver("interactive", payload) is None:
            return await self._failed(gesture, payload["type"])
        await self._time.settle(gesture.start)
        return gesture.done(self._workspace)

    async def _press(self, gesture: Gesture, place: Message | View, action: Json) -> Json:
        payload = payloads.block_actions(self._workspace, gesture.user, place, action)
        answer = await self._interact(gesture, payload)
        return gesture.pressed(self._workspace) if answer.get("done") else answer

    async def _failed(self, gesture: Gesture, what: str) -> Json:
        """Nobody acked. `of` lets the page say it as Slack does for a command, a button, a form."""
        await self._time.settle(gesture.start)
        return {"error": "dispatch_failed", "of": what}

    def _suggester(self, gesture: Gesture, place: Message | View) -> forms.Suggest:
        return Suggester(self._workspace, self._courier.deliver, gesture.user, place)

    def _find(self, gesture: Gesture, wish: Json, *, menu: bool) -> Offer | None:
        value = wish.get("value")
        named = None if value is None else str(value)
        return find_press(self._workspace, gesture.user.id, str(wish.get("action_id")), named, menu=menu)
