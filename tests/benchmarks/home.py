"""The Home tab of one person, drawn in a crowded company, against the same tab where nobody else has any items.

An owner and an engineer see the same in both. Quality sees what waits for its office, which is the company's and not
its own: that line is only told.
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
from tests.benchmarks.crowd import NOW, House
from tests.benchmarks.harness import Line, compare, taking
from tests.benchmarks.run import Run

PEOPLE = (("an owner", "U_ZHOU", 1.5), ("an engineer", "U_CHEN", 1.5), ("quality", "U_LIU", None))


def lines(run: Run) -> Iterator[Line]:
    """On both engines."""
    for engine, crowd in run.crowds.items():
        for who, person, limit in PEOPLE:
            many, alone = (partial(_drawn, hearing_of(house, person)) for house in (crowd.many, crowd.alone))
            if limit and many() != alone():
                raise RuntimeError(f"{who} does not see the same")
            found = compare(taking(many), taking(alone))
            what = f"Home tab of {who}, {run.closed:,} closed, {engine}"
            yield Line("home", what, "nobody else has items", found.value, limit, note=found.note)


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
