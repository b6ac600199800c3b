"""The whole bot on one's own machine: the same composition root, wired to the local workspace and simulated time.

A newcomer meets a company in mid-week: its people have raised, decided, carried out and verified for some weeks, by the
bot's own steps and at simulated times, while the clock reminded them. `life` says what they did, `living` has them do
it, `run` starts it all.
"""

from bot.demo.company import PEOPLE, manifest, workspace
from bot.demo.run import prepare, run, settings

__all__ = ["PEOPLE", "manifest", "prepare", "run", "settings", "workspace"]
