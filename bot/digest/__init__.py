"""The weekly digest: what the department meeting has to know, posted once a week before it.

`snapshot` gathers the facts, `run` decides when, `handlers/digest.py` puts them into words.
"""

from bot.digest.run import Digests

__all__ = ["Digests"]
