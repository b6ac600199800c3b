"""Ports for servers that must be told one, and addresses where nobody listens."""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from random import SystemRandom

FIRST, MANY, WORKERS = 20_000, 1_000, 12
"""Below those that Linux gives to connections: between choosing one and using it, no connection can take it."""


def free_port() -> int:
    """One that nobody holds now; each worker of a run has ports of its own."""
    worker = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or 0) % WORKERS
    ports = range(FIRST + MANY * worker, FIRST + MANY * (worker + 1))
    return next(port for port in SystemRandom().sample(ports, MANY) if _is_free(port))


@contextmanager
def deaf_port() -> Iterator[int]:
    """One that is held and refuses connections, as long as the block lasts."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("0.0.0.0", port))
        except OSError:
            return False
    return True
