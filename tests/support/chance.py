"""How far the tests that try examples by chance look: the same few in every `make test`, many others in `make fuzz`."""

import os

from hypothesis import settings

TIMES = int(os.environ.get("FUZZ", "0"))
"""How many times as many examples are wanted; 0 for the same ones each time."""


def examples(usual: int) -> int:
    """How many to try of what is tried `usual` times in `make test`."""
    return usual * max(TIMES, 1)


def set_up() -> None:
    """A commit passes or it does not, whenever it is looked at. A machine under load is slow, not wrong."""
    settings.register_profile("same", deadline=None, derandomize=True)
    settings.register_profile("others", deadline=None, derandomize=False, print_blob=True, max_examples=examples(100))
    settings.load_profile("others" if TIMES else "same")
