"""`/improve cases`: what was learned, found by words. Everybody sees what there is; what is in it, who may read it."""

import storage.record
from bot.errors import UserError
from bot.improvement.learned import learned
from bot.knowledge.cases import Page, cases
from bot.people.visibility import sees_details
from bot.workflow import Scene, scene
from handlers.blocks import Block, actions, button, cut, section
from handlers.hearing import Hearing
from handlers.lists import page_number, staff

CASES_PAGE = "cases_page"
WORDS_MOST, TEXT_MOST = 100, 120


def find(hearing: Hearing, words: str) -> None:
    """The cases in which these words stand, the best first."""
    text, blocks = answer(hearing, words)
    hearing.answer(text, blocks)


def answer(hearing: Hearing, words: str, *, page: int = 1) -> tuple[str, list[Block]]:
    """One page of what is found."""
    asked, person = " ".join(words.split())[:WORDS_MOST], staff(hearing)
    if not asked:
        raise UserError("ui.cases_what")
    with hearing.reading() as session:
        found = cases(session, asked, page=page)
        records = {record.number: record for record in storage.record.find_all(session, found.numbers)}
        shown = [records[number] for number in found.numbers if number in records]
        scenes = scene.load(session, hearing.company, hearing.now, shown)
    text = hearing.words.mrkdwn(_headline(found), words=asked, page=page)
    blocks = [section(text), *(_case(hearing, person, here) for here in scenes)]
    return text, blocks + _turns(hearing, asked, page, found)


def turn_over(hearing: Hearing) -> None:
    """The next or previous page of the cases."""
    hearing.ack()
    page, _, words = hearing.body["actions"][0]["value"].partition(" ")
    if not page.isdecimal():
        raise UserError("ui.outdated")
    text, blocks = answer(hearing, words, page=page_number(page))
    hearing.answer(text, blocks, replace=True)


def _headline(found: Page) -> str:
    if not found.numbers:
        return "ui.cases_none"
    return "ui.cases_some_words" if found.some_words else "ui.cases"


def _case(hearing: Hearing, person: str, here: Scene) -> Block:
    words, record = hearing.words, here.record
    dept = record.responsible_dept or words.say("ui.none")
    lines = [words.mrkdwn("ui.case", number=record.number, title=record.title, dept=dept)]
    if record.kind == "case" or sees_details(person, here.case):
        lesson = learned(here)
        told = {"ui.case_cause": lesson.cause, "ui.case_measure": lesson.measure, "ui.case_result": lesson.result}
        lines += [
            words.mrkdwn(name, text=cut(" ".join(text.split()), TEXT_MOST)) for name, text in told.items() if text
        ]
    return section("\n".join(lines))


def _turns(hearing: Hearing, words: str, page: int, found: Page) -> list[Block]:
    turns = [(page - 1, "ui.previous_page")] if page > 1 else []
    turns += [(page + 1, "ui.next_page")] if found.more else []
    row = [button(f"{CASES_PAGE}:{to}", f"{to} {words}", hearing.words.say(label)) for to, label in turns]
    return [actions("pages", row)] if row else []
