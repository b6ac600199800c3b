"""The Home tab: what waits for me, with its buttons, and what I raised."""

import storage.record
from bot.workflow import scene
from bot.workflow.names import stage_name
from handlers.blocks import VIEW_BLOCKS, Block, actions, button, context, divider, header, section
from handlers.cards import Reader, card
from handlers.hearing import Hearing
from handlers.waiting import waiting_for

WAITING, RAISED = 12, 10
RAISE = "home_raise"


def opened(hearing: Hearing) -> None:
    """The person opened the Home tab."""
    if hearing.body["event"].get("tab") == "home":
        publish(hearing)


def publish(hearing: Hearing) -> None:
    """Draw the Home tab anew for this person."""
    blocks = _blocks(hearing)[:VIEW_BLOCKS]
    hearing.args.client.views_publish(user_id=hearing.actor, view={"type": "home", "blocks": blocks})


def _blocks(hearing: Hearing) -> list[Block]:
    words, reader, workflow = hearing.words, Reader.person(hearing.actor), hearing.context.workflow
    with hearing.reading() as session:
        waiting = waiting_for(session, workflow, hearing.company, hearing.actor, hearing.now, most=WAITING + 1)
        raised = storage.record.raised_by(session, hearing.actor, limit=RAISED + 1)
        own = scene.load(session, hearing.company, hearing.now, raised)
    blocks = [
        header(words.say("home.title")),
        actions("raise", [button(RAISE, "raise", words.say("step.raise_opportunity"), style="primary")]),
        header(words.say("home.waiting", n=min(len(waiting), WAITING))),
    ]
    for here in waiting[:WAITING]:
        blocks += [*card(here, reader, workflow, words), divider()]
    if not waiting:
        blocks.append(section(words.mrkdwn("home.nothing_waits")))
    if len(waiting) > WAITING:
        blocks.append(context(words.mrkdwn("home.more")))
    blocks.append(header(words.say("home.raised")))
    for here in own[:RAISED]:
        blocks.append(section(_raised_line(hearing, here)))
    if not own:
        blocks.append(section(words.mrkdwn("home.nothing_raised")))
    if len(own) > RAISED:
        blocks.append(context(words.mrkdwn("home.more")))
    return blocks


def _raised_line(hearing: Hearing, here: scene.Scene) -> str:
    words, record = hearing.words, here.record
    return words.mrkdwn(
        "ui.line", number=record.number, title=record.title, stage=stage_name(record.kind, record.stage)
    )
