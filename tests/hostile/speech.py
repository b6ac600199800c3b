"""What Slack says to the bot when somebody presses, types and sends: real payloads, for any step by anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox import payloads
from bot.sandbox.forms import start_state
from bot.sandbox.state import Json, Message, View
from bot.workflow import Step, glance, scene
from handlers import lists
from handlers.blocks import actions, button, menu, section
from handlers.cards import MORE
from handlers.modal import Opened, Origin, step_view
from handlers.raising import STEP
from tests.hostile.gate import Gate
from tests.workflow.test_walk import FILLED

PICKED = {
    "static_select": "selected_option",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "datepicker": "selected_date",
    "checkboxes": "selected_options",
}
ROW = "steps"


@dataclass(repr=False)
class Speech:
    """Builds the payloads; each has a trigger and an address for answers that the workspace takes."""

    gate: Gate

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """What Hypothesis prints of it."""
        printer.text("Speech(…)")

    def command(self, person: str, text: str) -> Json:
        """`/improve text`, typed in the weekly channel."""
        return payloads.command(self.gate.slack, self.gate.slack.users[person], "C_WEEKLY", "/improve", text)

    def shortcut(self, person: str) -> Json:
        """The global shortcut."""
        return payloads.shortcut(self.gate.slack, self.gate.slack.users[person], "raise_opportunity", None)

    def from_message(self, person: str, text: str) -> Json:
        """The shortcut on a message."""
        message = self._posted("C_WEEKLY", [section("…")], text=text)
        return payloads.shortcut(self.gate.slack, self.gate.slack.users[person], "raise_from_message", message)

    def press(self, person: str, action_id: str, value: str, *, place: str = "dm", row: str = ROW) -> Json:
        """A button: in the person's DM, on their Home tab, or in an answer only they see."""
        row = f"{row}:{value}" if row == ROW else row
        blocks = [section("…"), actions(row, [button(action_id, value, "…")])]
        return self._pressed(person, blocks, place, {"type": "button", "value": value})

    def choose(self, person: str, step: str, number: str, *, place: str = "dm") -> Json:
        """An entry of the "⋯" menu."""
        entry = (f"{step} {number}", "…")
        row = actions(f"{ROW}:{number}", [menu(MORE, [entry], "…")])
        option = row["elements"][0]["options"][0]
        return self._pressed(person, [section("…"), row], place, {"type": "overflow", "selected_option": option})

    def form(self, person: str, step: Step, number: str | None, values: Mapping[str, Any] | None = None) -> Json:
        """A filled form; without `values` it is filled so that the step succeeds where it may be taken."""
        given = FILLED.get(step.id, {}) if values is None else values
        view = self._opened(person, step, number, given)
        return payloads.view_submission(self.gate.slack, self.gate.slack.users[person], view)

    def hint(self, person: str, title: str) -> Json:
        """A letter typed into the title of the form to raise with."""
        step = self.gate.bot.context.workflow.step_of("improvement", STEP)
        view = self._opened(person, step, None, {"title": title})
        action = {"type": "plain_text_input", "block_id": "title", "action_id": "title", "value": title}
        return payloads.block_actions(self.gate.slack, self.gate.slack.users[person], view, self._dated(action))

    def home_opened(self, person: str) -> Json:
        """The Home tab is looked at."""
        return payloads.app_home_opened(self.gate.slack, self.gate.slack.users[person])

    def user_change(self, person: str) -> Json:
        """Somebody has changed their profile."""
        return payloads.user_change(self.gate.slack, self.gate.slack.users[person])

    def _pressed(self, person: str, blocks: list[Json], place: str, chosen: Json) -> Json:
        element = blocks[-1]["elements"][0]
        action = {"block_id": blocks[-1]["block_id"], "action_id": element["action_id"], **chosen}
        user = self.gate.slack.users[person]
        where: Message | View
        if place == "home":
            where = self.gate.slack.new_view(person, {"type": "home", "blocks": blocks})
        else:
            channel = self.gate.slack.open_dm(person) if place == "dm" else "C_WEEKLY"
            where = self._posted(channel, blocks, ephemeral_for=person if place == "answer" else None)
        return payloads.block_actions(self.gate.slack, user, where, self._dated(action))

    def _dated(self, action: Json) -> Json:
        return action | {"action_ts": self.gate.slack.next_ts()}

    def _posted(
        self, channel: str, blocks: list[Json], *, text: str = "…", ephemeral_for: str | None = None
    ) -> Message:
        message = Message(self.gate.slack.next_ts(), channel, "U_BOT", text, blocks, ephemeral_for=ephemeral_for)
        return self.gate.slack.post(message)

    def _opened(self, person: str, step: Step, number: str | None, values: Mapping[str, Any]) -> View:
        context = self.gate.bot.context
        with context.database.reading() as session:
            company = context.companies.load(session)
            blank = scene.blank(company, self.gate.now, step.kind, person)
            here = context.workflow.find(session, number, self.gate.now) if number else blank
        kind = here.record.kind
        opened = Opened(step.id, kind, number, glance(step, here), Origin())
        words = context.phrasebook.words("zh_CN")
        content = step_view(step, here, words, opened, values={}, intro=["…"])
        view = self.gate.slack.new_view(person, content)
        state = start_state(view, person)
        for block in view.blocks:
            if block["type"] == "input" and block["block_id"] in values:
                state[block["block_id"]] = {block["block_id"]: filled(block["element"], values[block["block_id"]])}
        self.gate.slack.open_root(view)
        return view


def filled(element: Json, value: Any) -> Json:
    """The state of an input in which this has been typed or chosen."""
    kind = element["type"]
    chosen = PICKED.get(kind, "value")
    if kind == "static_select":
        value = {"value": value, "text": {"type": "plain_text", "text": "…"}}
    elif kind == "checkboxes":
        value = [{"value": "true"}] if value == "true" else []
    return {"type": kind, chosen: value}


def pages() -> dict[str, str]:
    """The buttons that turn pages over and those beside them, with the value each carries."""
    return {
        f"{lists.LIST_PAGE}:1": "1",
        f"{lists.MINE_PAGE}:1": "1",
        "cases_page:1": "1 打印机",
        "show_page:1.1": "1.1.IMP-2026-0901",
        "open_mine": "mine",
        "home_raise": "raise",
        "raise_with_text": "打印机每天卡纸",
    }
