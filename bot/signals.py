"""The signals that ask a process to finish."""

import signal
from threading import Event

LOOK_SECONDS = 1


def asked_to_stop() -> Event:
    """An event that SIGTERM and SIGINT will set."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def rest(stop: Event) -> None:
    """Wait until the process is asked to finish.

    Any thread may take a signal, but Python deals with it in the main one, which that does not wake: so it looks now
    and then.
    """
    while not stop.wait(LOOK_SECONDS):
        pass
