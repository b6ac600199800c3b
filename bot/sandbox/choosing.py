"""What choosing or pressing an element comes to: the action Slack sends, and the choice the place remembers."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox import forms, payloads
from bot.sandbox.company import User
from bot.sandbox.element_values import state_for
from bot.sandbox.places import Offer, action_of, offers_in, stateful_element
from bot.sandbox.state import Json, Message, View, Workspace
from bot.sandbox.transport import Ack

Deliver = Callable[[str, Json], Awaitable[Ack | None]]


class Suggester:
    """Asks the bot what an external select in this place offers, and remembers what it did."""

    def __init__(self, workspace: Workspace, deliver: Deliver, user: User, place: Message | View) -> None:
        self._workspace = workspace
        self._deliver = deliver
        self._user = user
        self._place = place

    async def ask(self, element: Json, typed: str) -> list[Json]:
        """The bot's options; none where it does not answer in time."""
        asked = payloads.block_suggestion(self._workspace, self._user, self._place, element, typed)
        ack = await self._deliver("interactive", asked)
        answer = ack.payload if ack is not None and isinstance(ack.payload, dict) else {}
        options = forms.offered_options(answer)
        self._remembered(element).update({str(one.get("value")): one for one in options})
        return options

    def offered(self, element: Json, value: str) -> Json | None:
        """What was found by a word is chosen by its value, which the bot need not find again."""
        return self._remembered(element).get(value)

    def _remembered(self, element: Json) -> dict[str, Json]:
        place = self._place.id if isinstance(self._place, View) else self._place.ts
        return self._workspace.suggested.setdefault((self._user.id, place, element["action_id"]), {})


async def chosen_action(
    workspace: Workspace, user: User, place: Message | View, wish: Json, suggest: forms.Suggest
) -> Json | None:
    """The action of a wish {action_id, value?} if the place offers it. A choice is written into the place's state."""
    action_id, value = str(wish.get("action_id")), wish.get("value")
    for offer in offers_in(place):
        if offer.action_id == action_id and (str(value) == offer.value or (value is None and not offer.option)):
            _remember(place, user, offer)
            return action_of(workspace, offer)
    found = stateful_element(place, action_id)
    if found is None or value is None:
        return None
    block_id, element = found
    try:
        state = await state_for(workspace, element, value, suggest, user.id)
    except forms.CannotFillError:
        return None
    place.state_of(user.id).setdefault(block_id, {})[action_id] = state
    return {**state, "action_id": action_id, "block_id": block_id, "action_ts": workspace.next_ts()}


def _remember(place: Message | View, user: User, offer: Offer) -> None:
    if offer.option and offer.element["type"] in forms.PLAIN:
        state: dict[str, Any] = {"type": offer.element["type"], "selected_option": offer.option}
        place.state_of(user.id).setdefault(offer.block_id, {})[offer.action_id] = state
