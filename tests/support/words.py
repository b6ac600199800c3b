"""The words of the bot, read once a process: every test that draws something wants them."""

from functools import cache

from bot.render import Phrasebook
from tests.support.company import ZONE


@cache
def phrasebook() -> Phrasebook:
    """Both languages, in the demo company's zone. Nothing that is drawn changes them."""
    return Phrasebook(ZONE)
