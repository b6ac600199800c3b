"""The threads of Bolt's listeners, and those of the work that goes on behind an ack."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Condition
from typing import Any

import structlog

WAIT_SECONDS = 10
AT_ONCE = 2
"""How many work behind acks: more would leave the acks too little, and one would let a slow question hold up all."""

log = structlog.get_logger()


class Turn:
    """The right to work; it is over with the work, or when that has to wait for somebody else."""

    def __init__(self, pass_on: Callable[[], None] | None = None) -> None:
        self._pass_on = pass_on

    def over(self) -> None:
        """Let the next one work. It can be said again."""
        pass_on, self._pass_on = self._pass_on, None
        if pass_on is not None:
            pass_on()


Work = Callable[[Turn], None]


class Listeners(ThreadPoolExecutor):
    """Bolt's pool of listeners, which can say when none of them is running.

    What is done behind an ack has threads of its own, so that no ack waits for one. As many as there are may wait for
    Slack or the database, but few work at once: they share the interpreter with the acks, which come first.
    """

    def __init__(self, max_workers: int) -> None:
        super().__init__(max_workers, thread_name_prefix="listener")
        self._behind = ThreadPoolExecutor(max_workers, thread_name_prefix="behind")
        self._changed = Condition()
        self._running = 0
        self._queue: deque[Work] = deque()
        self._at_work = 0

    @contextmanager
    def answering(self) -> Iterator[None]:
        """A request is being answered: that is not over with its listener, because Bolt only looks now and then."""
        with self._changed:
            self._running += 1
        try:
            yield
        finally:
            self._ended()

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a listener."""
        with self._changed:
            future = super().submit(fn, *args, **kwargs)
            self._running += 1
        future.add_done_callback(self._finished)
        return future

    def behind(self, work: Work) -> None:
        """Do what is left to do when an ack is out, when its turn comes."""
        with self._changed:
            self._running += 1
            self._queue.append(work)
            self._begin()

    def wait_until_idle(self, seconds: float = WAIT_SECONDS) -> bool:
        """Wait until nothing is to be done, neither before an ack nor behind one; false if that took too long."""
        with self._changed:
            return self._changed.wait_for(lambda: self._running == 0, timeout=seconds)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take nothing more. Whoever waits for the end waits for what was acked to be done."""
        super().shutdown(wait, cancel_futures=cancel_futures)
        if wait:
            with self._changed:
                self._changed.wait_for(lambda: self._running == 0)
        self._behind.shutdown(wait, cancel_futures=cancel_futures)

    def _begin(self) -> None:
        """Begin as much as may be worked on; the caller holds the lock."""
        while self._queue and self._at_work < AT_ONCE:
            self._at_work += 1
            future = self._behind.submit(self._in_turn, self._queue.popleft())
            future.add_done_callback(self._finished)

    def _next(self) -> None:
        with self._changed:
            self._at_work -= 1
            self._begin()

    def _in_turn(self, work: Work) -> None:
        turn = Turn(self._next)
        try:
            work(turn)
        except Exception:
            # The outermost edge of these threads: nothing else would ever hear of it.
            log.exception("work_lost")
        finally:
            turn.over()

    def _finished(self, _future: Future[Any]) -> None:
        self._ended()

    def _ended(self) -> None:
        with self._changed:
            self._running -= 1
            self._changed.notify_all()
