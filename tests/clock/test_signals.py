"""A process that is asked to finish does, whichever of its threads the signal comes to."""

import subprocess
import sys

ASKED = """
import signal
from threading import Timer, get_ident
from bot.signals import asked_to_stop, rest

stop = asked_to_stop()
Timer(0.5, lambda: signal.pthread_kill(get_ident(), signal.{name})).start()  # when the main one rests
rest(stop)
"""


def test_a_signal_that_another_thread_takes_is_seen() -> None:
    for name in ("SIGTERM", "SIGINT"):
        assert subprocess.run([sys.executable, "-c", ASKED.format(name=name)], timeout=60, check=False).returncode == 0
