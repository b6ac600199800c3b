"""Hears: everything Slack can say to the bot, in one list. slack_bolt lives here and in bot/app.py only."""

import re

from slack_bolt import App

from bot.context import Context
from handlers import command, home, knowledge, lists, members, modal, raising, shortcuts, steps
from handlers.acks import AckFirst
from handlers.cards import MORE
from handlers.errors import Behind, guarded
from handlers.hearing import Handle, Hearing
from handlers.pages import SHOW_PAGE


def register(app: App, context: Context, behind: Behind) -> None:
    """Tell Bolt what the bot listens to. The first match wins, so the catch-all stands last.

    `behind` does what is left to do when an ack is out.
    """

    def on(handle: Handle) -> object:
        return guarded(context, handle, behind)

    steps_ = (step for lifecycle in context.workflow.lifecycles.values() for step in lifecycle.steps.values())
    step_ids = sorted(step.id for step in steps_ if not step.creates)

    app.use(AckFirst())

    app.command(command.COMMAND)(on(command.improve))
    app.shortcut(shortcuts.GLOBAL)(on(shortcuts.raise_globally))
    app.shortcut(shortcuts.FROM_MESSAGE)(on(shortcuts.raise_from_message))

    app.action(re.compile(f"^({'|'.join(step_ids)})$"))(on(steps.press))
    app.action(MORE)(on(steps.choose))
    app.action(command.RAISE_ANYWAY)(on(command.raise_anyway))
    app.action(raising.HEEDED)(on(raising.heed))
    app.action(home.RAISE)(on(shortcuts.raise_globally))
    app.action(lists.OPEN_MINE)(on(lists.mine_again))
    app.action(re.compile(f"^{lists.LIST_PAGE}:"))(on(lists.turn_over))
    app.action(re.compile(f"^{lists.MINE_PAGE}:"))(on(lists.turn_mine_over))
    app.action(re.compile(f"^{knowledge.CASES_PAGE}:"))(on(knowledge.turn_over))
    app.action(re.compile(f"^{SHOW_PAGE}:"))(on(lists.turn_item_over))
    app.action(re.compile(""))(on(outdated))
    app.view(modal.CALLBACK)(on(steps.submit))

    app.event("app_home_opened")(on(home.opened))
    app.event("user_change")(on(members.changed))
    app.event("team_join")(on(members.changed))


def outdated(hearing: Hearing) -> None:
    """A button of an earlier version, or one that was made up."""
    hearing.answer(hearing.words.mrkdwn("ui.outdated"))
