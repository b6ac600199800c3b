"""What is broken during a move, and made whole after it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from tests.faults.plan import ENVELOPES, SLACK, Fault
from tests.faults.replica import Replica
from tests.faults.world import FLUSH, World

MODES = {"error_503": "error", "error_ok_false": "error"}
WHOLE_GESTURE = 3
"""A click, the form it opens, and what the form asks for on the way."""

STANDS_SECONDS, HELD_SECONDS, NEVER_SECONDS = 2.0, 20, 3600
Undo = Callable[[], object]


@contextmanager
def broken(world: World, fault: Fault | None) -> Iterator[None]:
    """Something is wrong during the block; after it, everything is whole and what was left has been done."""
    if fault is None:
        yield
        return
    since = world.now
    undo = Breaking(world, fault).begin()
    try:
        yield
    finally:
        undo()
        world.database.dispose()
        world.control.act("fault", clear=True)
        world.balancer.clear()
        world.complete()
    # Twice: a connection that broke is noticed by whoever uses it first.
    world.move_to(world.now + FLUSH)
    world.flush()
    world.troubles.append((since, world.now))


class Breaking:
    """One fault in one world."""

    def __init__(self, world: World, fault: Fault) -> None:
        self._world, self._fault = world, fault

    def begin(self) -> Undo:
        """Break it, now or in a moment; returns how to end that."""
        kind, world = self._fault.kind, self._world
        if kind in SLACK:
            return self._slack()
        world.injected[kind] += 1
        if kind == "double" or (kind in ENVELOPES and not self._fault.delay):
            self._spoil(WHOLE_GESTURE if kind == "double" else self._fault.times)
            return lambda: None
        if kind == "full":
            world.store.refuse()
            return world.store.accept
        late = {
            **dict.fromkeys(ENVELOPES, lambda: self._spoil(self._fault.times)),
            "kill": self._kill,
            "stop": self._stop,
            "restart": lambda: world.store.restart(self._fault.seconds),
            "cut": lambda: world.control.act("socket", disconnect="drop"),
            "kill_before_send": self._kill_before_send,
            "kill_after_send": self._kill_after_send,
            "kill_before_commit": self._kill_before_commit,
        }[kind]
        return self._later(0.0 if kind.startswith("kill_") else self._fault.delay, late)

    def _spoil(self, times: int) -> None:
        kind = self._fault.kind
        if self._world.plan.http:
            self._world.balancer.plan(kind, times)
        else:
            self._world.control.act("socket", envelopes=kind, times=times)

    def _slack(self) -> Undo:
        fault, world = self._fault, self._world
        mode = MODES.get(fault.kind, fault.kind)
        more = {"status": 503, "error": "service_unavailable"} if fault.kind == "error_503" else {}
        times = {"times": fault.times, "seconds": fault.seconds, "retry_after": fault.retry_after}
        world.control.act("fault", method=fault.method, mode=mode, **times, **more)
        since = len(self._calls(0))

        def count() -> None:
            world.injected[fault.kind] += sum(bool(call.get("fault")) for call in self._calls(since))

        return count

    @staticmethod
    def _later(delay: float, act: Callable[[], object]) -> Undo:
        def wait_and_act() -> None:
            time.sleep(delay)
            act()

        thread = Thread(target=wait_and_act)
        thread.start()
        return thread.join

    @property
    def _victim(self) -> Replica:
        replicas = self._world.replicas
        return replicas[int(self._fault.delay * 1000) % len(replicas)]

    def _kill(self) -> None:
        self._victim.kill()

    def _stop(self) -> None:
        if self._victim.stop() != 0:
            self._world.wrong.append("a replica that was asked to finish did not end with 0")

    def _kill_before_send(self) -> None:
        """All of them, while one message is on its way; it never arrives."""
        self._kill_while("before", NEVER_SECONDS, lambda call: True)

    def _kill_after_send(self) -> None:
        """All of them, while one message stands and nobody has been told so."""
        self._kill_while("after", HELD_SECONDS, lambda call: bool(call["answer"]))

    def _kill_while(self, when: str, seconds: int, there: Callable[[dict[str, Any]], bool]) -> None:
        since, until = len(self._calls(0)), time.monotonic() + STANDS_SECONDS
        held = {"method": "chat.postMessage", "mode": "slow", "when": when, "seconds": seconds, "times": 1}
        self._world.control.act("fault", **held)
        while not any(c.get("fault") and there(c) for c in self._calls(since)) and time.monotonic() < until:
            time.sleep(0.01)
        self._world.kill_all()

    def _kill_before_commit(self) -> None:
        """All of them, while no step can be committed."""
        with self._world.store.held():
            time.sleep(self._fault.seconds)
            self._world.kill_all()

    def _calls(self, since: int) -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = self._world.control.look("log", since=since)["log"]
        return calls
