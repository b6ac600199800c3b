"""Proves the history: a daily head over all records, signed, and the check of every chain and every head.

A chain shows that an entry was changed, but not that the newest ones, or a whole record, were taken away. A head seals
the last entry of each record that has gone on since the head before it, and is chained to that one: so a day's work is
as small as the day, however much is closed. Its signature can be made only with a key that the database does not hold.
"""

from bot.proof.heads import Heads
from bot.proof.seal import Keys
from bot.proof.verify import SEALED_WITHIN, Report, verify

__all__ = ["SEALED_WITHIN", "Heads", "Keys", "Report", "verify"]
