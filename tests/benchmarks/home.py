"""The Home tab of one person, drawn in a crowded company, against the same tab where nothing else is open or closed.

An owner and an engineer have a few items of their own; there nobody else has any. What waits for quality waits for the
office, a thousand items here, of which the tab shows the most pressing and counts two hundred; there the same thousand
wait, but no other item is open, none waits for its day, and none was ever closed. Everybody sees the same in both.
"""

from collections.abc import Iterator
from datetime import UTC
from functools import partial
from typing import cast

from slack_bolt import Args
from slack_sdk import WebClient

from bot.clock import SimulatedClock
from bot.context import Context
from bot.render import Phrasebook
from handlers.hearing import Hearing
from handlers.home import blocks_for
from tests.benchmarks.crowd import NOW, QUALITY, House
from tests.benchmarks.harness import Line, compare, taking
from tests.benchmarks.run import Run

PEOPLE = (("an owner", "U_ZHOU"), ("an engineer", "U_CHEN"), ("quality", QUALITY))


def lines(run: Run) -> Iterator[Line]:
    """On both engines."""
    for engine, crowd in run.crowds.items():
        for who, person in PEOPLE:
            alone = crowd.office if person == QUALITY else crowd.alone
            here, there = (partial(_drawn, hearing_of(house, person)) for house in (crowd.many, alone))
            if here() != there():
                raise RuntimeError(f"{who} does not see the same")
            found = compare(taking(here), taking(there))
            what = f"Home tab of {who}, {run.closed:,} closed, {engine}"
            yield Line("home", what, "nothing else there", found.value, 1.5, note=found.note)


def hearing_of(house: House, person: str) -> Hearing:
    """What the listener is given. Of the request itself nothing is asked while the tab is drawn."""
    company = house.company()
    context = Context(
        database=house.database,
        companies=house.companies,
        workflow=house.workflow,
        phrasebook=Phrasebook(company.profile.zone),
        clock=SimulatedClock(NOW),
        slack=WebClient("xoxb-bench"),
    )
    words = context.phrasebook.words("zh_CN")
    return Hearing(context, cast("Args", None), person, NOW.astimezone(UTC), company, words)


def _drawn(hearing: Hearing) -> list[dict[str, object]]:
    return blocks_for(hearing, hearing.actor)
