"""The Home tab: what waits for me, with its buttons, and what I raised."""

import storage.record
from bot.errors import UserError
from bot.improvement.waiting import waiting_for
from bot.workflow import scene
from handlers.blocks import VIEW_BLOCKS, Block, actions, button, context, divider, header, section
from handlers.cards import Reader, card, record_line
from handlers.hearing import Hearing
from handlers.lists import staff

WAITING, RAISED = 12, 10
RAISE = "home_raise"


def opened(hearing: Hearing) -> None:
    """The person opened the Home tab."""
    if hearing.body["event"].get("tab") == "home":
        publish(hearing)


def publish(hearing: Hearing) -> None:
    """Draw the Home tab anew for this person; somebody who is no employee is told so there."""
    try:
        blocks = blocks_for(hearing, staff(hearing))[:VIEW_BLOCKS]
    except UserError as error:
        blocks = [section(hearing.words.mrkdwn(error.message))]
    hearing.slack.views_publish(user_id=hearing.actor, view={"type": "home", "blocks": blocks})


def blocks_for(hearing: Hearing, person: str) -> list[Block]:
    """The tab of somebody who is an employee."""
    words, reader, workflow = hearing.words, Reader.person(person), hearing.context.workflow
    with hearing.reading() as session:
        waiting = waiting_for(session, hearing.company, person, hearing.now)
        raised = storage.record.count_raised(session, person)
        own = storage.record.raised_by(session, person, limit=RAISED)
        shown = scene.load(session, hearing.company, hearing.now, waiting.records[:WAITING])
    blocks = [
        header(words.say("home.title")),
        actions("raise", [button(RAISE, "raise", words.say("step.raise_opportunity"), style="primary")]),
        header(words.say("home.waiting", n=waiting.count)),
    ]
    for here in shown:
        blocks += [*card(here, reader, workflow, words), divider()]
    if not shown:
        blocks.append(section(words.mrkdwn("home.nothing_waits")))
    if len(waiting.records) > WAITING:
        blocks.append(context(words.mrkdwn("home.more")))
    blocks.append(header(words.say("home.raised", n=raised)))
    blocks += [section(record_line(record, words)) for record in own]
    if not own:
        blocks.append(section(words.mrkdwn("home.nothing_raised")))
    if raised > len(own):
        blocks.append(context(words.mrkdwn("home.more")))
    return blocks
