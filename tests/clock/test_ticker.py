"""APScheduler's part: it goes on when the computer's clock is set back, and ends without waiting for a long queue."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from typing import Any, cast

import pytest
import time_machine

from bot.clock import SystemClock
from bot.scheduler import Agenda, Ticker
from tests.support.company import at

NOW = at("2026-03-02 09:00")
PATIENCE = 30


class Counting:
    """An agenda with nothing on it, which says how often it was woken."""

    def __init__(self) -> None:
        self.context = self
        self.clock = SystemClock()
        self.sent, self.due = Event(), Event()
        self.queue, self.left_over = range(1), False

    def send(self, stopping: Callable[[], bool]) -> None:
        """Called every second."""
        self.sent.set()
        for _ in self.queue:
            self.left_over = stopping()
            if self.left_over:
                return
            time.sleep(0.001)  # a message leaves

    def run_due(self, _now: datetime) -> None:
        """Called every half a minute."""
        self.due.set()

    def woken_again(self) -> bool:
        """Whether both are called once more."""
        self.sent.clear()
        self.due.clear()
        return self.sent.wait(PATIENCE) and self.due.wait(PATIENCE)


@pytest.fixture
def agenda() -> Any:
    return Counting()


def test_a_clock_that_is_set_back_stops_nothing(agenda: Any) -> None:
    ticker = Ticker()
    with time_machine.travel(NOW) as travels:
        ticker.start(cast(Agenda, agenda))
        assert agenda.sent.wait(PATIENCE)
        travels.shift(timedelta(hours=-8))
        assert agenda.woken_again()
        ticker.stop()


def test_a_long_queue_does_not_hold_up_the_end(agenda: Any) -> None:
    agenda.queue = range(PATIENCE * 1000)
    ticker = Ticker()
    ticker.start(cast(Agenda, agenda))
    assert agenda.sent.wait(PATIENCE)
    ticker.stop()
    assert agenda.left_over
