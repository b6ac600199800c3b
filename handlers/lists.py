"""What a person asks to see: their own items, the open ones, one item whole. Every list is paged."""

from collections.abc import Sequence

import storage.record
from bot.errors import UserError
from bot.improvement.links import normal_number
from bot.workflow import Scene, scene
from bot.workflow.names import stage_name
from handlers.blocks import Block, actions, button, section
from handlers.cards import Reader, card, due_line, headline, whole
from handlers.hearing import Hearing
from handlers.waiting import waiting_for

PAGE = 10
LIST_PAGE, OPEN_MINE, MINE = "list_page", "open_mine", "mine"


def mine(hearing: Hearing) -> None:
    """What waits for me, with its buttons, and what I raised."""
    text, blocks = my_items(hearing)
    hearing.answer(text, blocks)


def mine_again(hearing: Hearing) -> None:
    """The same from a button."""
    hearing.ack()
    mine(hearing)


def my_items(hearing: Hearing) -> tuple[str, list[Block]]:
    """The answer to "mine"."""
    words, reader = hearing.words, Reader.person(hearing.actor)
    with hearing.reading() as session:
        waiting = waiting_for(session, hearing.context.workflow, hearing.company, hearing.actor, hearing.now, most=PAGE)
        raised = storage.record.raised_by(session, hearing.actor, limit=PAGE)
        own = scene.load(session, hearing.company, hearing.now, raised)
    blocks = [section(words.mrkdwn("ui.waiting_for_you", n=len(waiting)))]
    for here in waiting:
        blocks += card(here, reader, hearing.context.workflow, words, row=MINE)
    blocks.append(section(words.mrkdwn("ui.raised_by_you") + "\n" + _lines(hearing, own)))
    return words.say("ui.yours"), blocks


def open_items(hearing: Hearing, *, page: int) -> None:
    """The open improvements, newest first: what every employee may see of them."""
    words, page = hearing.words, max(page, 1)
    with hearing.reading() as session:
        total = storage.record.count_open(session, kind="improvement")
        found = storage.record.open_records(session, kind="improvement", limit=PAGE, offset=PAGE * (page - 1))
        scenes = scene.load(session, hearing.company, hearing.now, found)
    text = words.mrkdwn("ui.open_items", n=total) + "\n" + _lines(hearing, scenes)
    hearing.answer(words.say("ui.open_items", n=total), [section(text), *_turn_over(hearing, page, total)])


def turn_over(hearing: Hearing) -> None:
    """The next or previous page of the open items."""
    hearing.ack()
    open_items(hearing, page=int(hearing.body["actions"][0]["value"]))


def show(hearing: Hearing, typed: str) -> None:
    """One item with all that this person may see of it, and its buttons."""
    if not typed:
        raise UserError("ui.show_what")
    number = normal_number(typed, year=hearing.company.today(hearing.now).year)
    text, blocks = one_item(hearing, number)
    hearing.answer(text, blocks)


def one_item(hearing: Hearing, number: str) -> tuple[str, list[Block]]:
    """The answer to "show"."""
    with hearing.reading() as session:
        here = hearing.context.workflow.find(session, number, hearing.now)
    return headline(here, hearing.words), whole(here, hearing.actor, hearing.context.workflow, hearing.words)


def _lines(hearing: Hearing, scenes: Sequence[Scene]) -> str:
    return "\n".join(_line(hearing, here) for here in scenes) or hearing.words.say("ui.none")


def _line(hearing: Hearing, here: Scene) -> str:
    words, record = hearing.words, here.record
    due = "".join(f" · {due_line(here, deadline, words)}" for deadline in here.running()[:1])
    stage = stage_name(record.kind, record.stage)
    return words.mrkdwn("ui.line", number=record.number, title=record.title, stage=stage) + due


def _turn_over(hearing: Hearing, page: int, total: int) -> list[Block]:
    turns = []
    if page > 1:
        turns.append(button(LIST_PAGE, str(page - 1), hearing.words.say("ui.previous_page")))
    if page * PAGE < total:
        turns.append(button(LIST_PAGE, str(page + 1), hearing.words.say("ui.next_page")))
    # Two buttons of one row need two ids; the page they lead to tells them apart.
    for turn in turns:
        turn["action_id"] = f"{LIST_PAGE}:{turn['value']}"
    return [actions("pages", turns)] if turns else []
