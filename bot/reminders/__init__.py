"""The reminder ladder: who is asked when, in one message per person and day.

`ladder` says which rungs are open and for whom; `run` does a day's work; `redirect` and `orphans` find somebody else
where the person asked cannot be reached or has left.
"""

from bot.reminders.run import Reminders

__all__ = ["Reminders"]
