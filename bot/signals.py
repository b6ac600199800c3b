"""The signals that ask a process to finish."""

import math
import signal
import time
from threading import Event

LOOK_SECONDS = 0.2


def asked_to_stop() -> Event:
    """An event that SIGTERM and SIGINT will set."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def rest(stop: Event, seconds: float = math.inf) -> bool:
    """Wait until the process is asked to finish, or for so long; says whether it was asked.

    Any thread may take a signal, but Python deals with it in the main one, which that does not wake: so it looks now
    and then. It must not wait for the event itself, whose lock the signal could find taken.
    """
    until = time.monotonic() + seconds
    while not stop.is_set() and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
    return stop.is_set()
