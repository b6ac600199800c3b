"""What a person asks to see: their own items, the open ones, one item whole. Every list is paged.

A page that is turned over takes the place of the one before. All of it is for employees only.
"""

from collections.abc import Sequence

import storage.record
from bot.errors import UserError
from bot.improvement.links import normal_number
from bot.improvement.waiting import waiting_for
from bot.workflow import Scene, scene
from handlers.blocks import Block, actions, button, section
from handlers.cards import Reader, card, due_line, headline, record_line
from handlers.hearing import Hearing
from handlers.pages import BEGINNING, PLACE, Place, whole

PAGE = 10
LIST_PAGE, MINE_PAGE, OPEN_MINE, MINE = "list_page", "mine_page", "open_mine", "mine"
DIGITS_MOST = 9


def mine(hearing: Hearing, *, page: int = 1) -> None:
    """What waits for me, with its buttons, and what I raised."""
    text, blocks = my_items(hearing, page=page)
    hearing.answer(text, blocks)


def mine_again(hearing: Hearing) -> None:
    """The same from a button, beside the message it stands in."""
    hearing.ack()
    mine(hearing)


def turn_mine_over(hearing: Hearing) -> None:
    """The next or previous page of my items."""
    hearing.ack()
    text, blocks = my_items(hearing, page=_asked_page(hearing))
    hearing.answer(text, blocks, replace=True)


def my_items(hearing: Hearing, *, page: int = 1) -> tuple[str, list[Block]]:
    """The answer to "mine": a page shows as many of both lists; beyond the end it is the last one."""
    words, person = hearing.words, staff(hearing)
    with hearing.reading() as session:
        waiting = waiting_for(session, hearing.company, person, hearing.now)
        total = storage.record.count_raised(session, person)
        last = _pages(max(len(waiting.records), total))
        page = min(page, last)
        start = PAGE * (page - 1)
        raised = storage.record.raised_by(session, person, limit=PAGE, offset=start)
        shown = scene.load(session, hearing.company, hearing.now, waiting.records[start : start + PAGE])
        own = scene.load(session, hearing.company, hearing.now, raised)
    blocks = [section(words.mrkdwn("ui.waiting_for_you", n=waiting.count))]
    for here in shown:
        blocks += card(here, Reader.person(person), hearing.context.workflow, words, row=f"{MINE}-{page}")
    blocks.append(section(words.mrkdwn("ui.raised_by_you", n=total) + "\n" + _lines(hearing, own)))
    return words.say("ui.yours"), blocks + _turns(hearing, MINE_PAGE, page, last)


def open_items(hearing: Hearing, *, page: int, replace: bool = False) -> None:
    """The open improvements, newest first: what every employee may see of them."""
    words, _ = hearing.words, staff(hearing)
    with hearing.reading() as session:
        total = storage.record.count_open(session, kind="improvement")
        last = _pages(total)
        start = PAGE * (min(page, last) - 1)
        found = storage.record.open_records(session, kind="improvement", limit=PAGE, offset=start)
        scenes = scene.load(session, hearing.company, hearing.now, found)
    text = words.mrkdwn("ui.open_items", n=total) + "\n" + _lines(hearing, scenes)
    blocks = [section(text), *_turns(hearing, LIST_PAGE, min(page, last), last)]
    hearing.answer(words.say("ui.open_items", n=total), blocks, replace=replace)


def turn_over(hearing: Hearing) -> None:
    """The next or previous page of the open items."""
    hearing.ack()
    open_items(hearing, page=_asked_page(hearing), replace=True)


def show(hearing: Hearing, typed: str) -> None:
    """One item with all that this person may see of it, and its buttons."""
    if not typed:
        raise UserError("ui.show_what")
    number = normal_number(typed, year=hearing.company.today(hearing.now).year)
    text, blocks = one_item(hearing, number)
    hearing.answer(text, blocks)


def one_item(hearing: Hearing, number: str, place: Place = BEGINNING) -> tuple[str, list[Block]]:
    """The answer to "show": one page of it."""
    person = staff(hearing)
    with hearing.reading() as session:
        here = hearing.context.workflow.find(session, number, hearing.now)
    return headline(here, hearing.words), whole(here, person, hearing.context.workflow, hearing.words, place)


def turn_item_over(hearing: Hearing) -> None:
    """Another page of one item, or one of its earlier rounds."""
    hearing.ack()
    place = PLACE.fullmatch(hearing.body["actions"][0]["value"])
    if place is None:
        raise UserError("ui.outdated")
    text, blocks = one_item(hearing, place["number"], Place(int(place["round"]), int(place["page"])))
    hearing.answer(text, blocks, replace=True)


def staff(hearing: Hearing) -> str:
    """The person, who is an employee; raises `UserError` for guests and deactivated accounts."""
    if not hearing.company.directory.is_active(hearing.actor):
        raise UserError("refused.not_staff")
    return hearing.actor


def page_number(digits: str) -> int:
    """The page a person asks for; what is longer than any page number is the last page anyway."""
    return max(int(digits[:DIGITS_MOST]), 1)


def _asked_page(hearing: Hearing) -> int:
    value = hearing.body["actions"][0]["value"]
    if not value.isdecimal():
        raise UserError("ui.outdated")
    return page_number(value)


def _pages(total: int) -> int:
    return max(-(-total // PAGE), 1)


def _lines(hearing: Hearing, scenes: Sequence[Scene]) -> str:
    return "\n".join(_line(hearing, here) for here in scenes) or hearing.words.say("ui.none")


def _line(hearing: Hearing, here: Scene) -> str:
    words = hearing.words
    due = "".join(f" · {due_line(here, deadline, words)}" for deadline in here.running()[:1])
    return record_line(here.record, words) + due


def _turns(hearing: Hearing, action: str, page: int, last: int) -> list[Block]:
    """The buttons to the pages before and after. Of one row each needs an id of its own."""
    turns = [(page - 1, "ui.previous_page"), (page + 1, "ui.next_page")]
    row = [button(f"{action}:{to}", str(to), hearing.words.say(label)) for to, label in turns if 0 < to <= last]
    return [actions("pages", row)] if row else []
