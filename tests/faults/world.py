"""A workspace, a database and some replicas of the bot, which can be broken and made whole again."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from multiprocessing.context import ForkServerContext
from pathlib import Path
from threading import Thread
from typing import Any

import storage.outbox
import storage.profile
from bot import demo, profile
from bot.company import CompanySource
from bot.reminders.hours import next_send_at
from bot.sandbox import ControlClient, Sandbox
from storage.database import Database
from tests.faults.plan import ENVELOPES, SLACK, Fault, Plan
from tests.faults.replica import Replica
from tests.faults.stores import Store

PLACES = ("C_QUALITY", "C_WEEKLY")
LONGEST_START = 60.0
MOST_FLUSHES = 30
FLUSH = timedelta(seconds=45)
MODES = {"error_503": "error", "error_ok_false": "error"}


class World:
    """One schedule's world. `wrong` collects what goes against a promise while it is played."""

    def __init__(self, plan: Plan, store: Store, nursery: ForkServerContext, folder: Path) -> None:
        self.plan, self.store, self._nursery = plan, store, nursery
        self.folder = folder
        self.database = Database(store.url)
        self.companies = CompanySource()
        self.injected: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.downs: list[tuple[datetime, datetime]] = []
        self.replicas: list[Replica] = []
        self._sandbox = Sandbox(demo.workspace(), plan.begin)
        self._people = [user.id for user in self._sandbox.company.users]

    def open(self) -> None:
        """Found the company and start its replicas."""
        text = profile.built_in("demo").replace("Asia/Shanghai", str(self.plan.zone))
        with self.database.transaction() as session:
            storage.profile.apply(session, text=text, by="test", now=self.plan.begin)
        self._sandbox.start()
        self.control = ControlClient(self._sandbox.url)
        self.complete()

    def close(self) -> None:
        """Leave nothing behind."""
        for replica in self.replicas:
            replica.kill()
        self._sandbox.stop()
        self.database.dispose()
        self.store.drop()

    @property
    def now(self) -> datetime:
        """The time in the workspace."""
        return datetime.fromisoformat(self.control.look("time")["now"])

    def next_morning(self) -> datetime:
        """The next moment at which reminders and digests are due."""
        with self.database.reading() as session:
            return next_send_at(self.companies.load(session), self.now)

    def move_to(self, instant: datetime) -> None:
        """Let the clock run."""
        since = self.now.astimezone(self.plan.zone)
        until = max(instant, since).astimezone(self.plan.zone)
        self.injected["dst"] += since.utcoffset() != until.utcoffset()
        answer = self.control.act("clock", to=until.isoformat())
        if "error" in answer:
            self.wrong.append(f"the clock stopped: {answer}")

    def messages(self) -> list[dict[str, Any]]:
        """Everything that stands in the workspace, passing answers left out."""
        places = [{"channel": place} for place in PLACES] + [{"dm": person} for person in self._people]
        found = [message for place in places for message in self.control.look("messages", **place)["messages"]]
        return [message for message in found if not message["ephemeral_for"]]

    def complete(self) -> None:
        """Start what is missing, as a supervisor does."""
        self.move_to(self.now)  # whoever is gone is noticed when the clock calls
        until = time.monotonic() + LONGEST_START
        while len(self.replicas) < self.plan.replicas or not self._all_there():
            if time.monotonic() > until:
                self.wrong.append("the replicas did not come up")
                return
            self.replicas = [replica for replica in self.replicas if replica.alive]
            missing = self.plan.replicas - len(self.replicas)
            self.replicas += [self._start() for _ in range(missing)]
            time.sleep(0.05)

    def bots(self) -> int:
        """How many processes live in the workspace's time; of the dead ones only those that were called since."""
        return len(self.control.look("time")["bots"])

    def kill_all(self) -> None:
        """Nobody is left."""
        for replica in self.replicas:
            replica.kill()

    def down(self, until: datetime) -> None:
        """Nobody works for a while; then all do."""
        since = self.now
        self.kill_all()
        self.move_to(until)
        self.downs.append((since, self.now))
        self.complete()
        self.flush()

    def flush(self) -> None:
        """Let time pass until nothing waits to be sent."""
        for _ in range(MOST_FLUSHES):
            self.move_to(self.now + FLUSH)
            with self.database.reading() as session:
                if storage.outbox.depth(session) == 0:
                    return
        self.wrong.append("the outbox does not become empty")

    @contextmanager
    def broken(self, fault: Fault | None) -> Iterator[None]:
        """Something is wrong during the block; after it, everything is whole and what was left has been done."""
        if fault is None:
            yield
            return
        undo = self._arm(fault)
        try:
            yield
        finally:
            undo()
            self.database.dispose()
            self.control.act("fault", clear=True)
            self.complete()
        # Twice: a connection that broke is noticed by whoever uses it first.
        self.move_to(self.now + FLUSH)
        self.flush()

    # -- what can be broken

    def _arm(self, fault: Fault) -> Callable[[], object]:
        kind = fault.kind
        if kind in SLACK:
            return self._slack(fault)
        self.injected[kind] += fault.times if kind in ENVELOPES else 1
        if kind in ENVELOPES:
            self.control.act("socket", envelopes=kind, times=fault.times)
            return lambda: None
        if kind == "full":
            self.store.refuse()
            return self.store.accept
        late = {
            "kill": lambda: self._victim(fault).kill(),
            "stop": lambda: self._stop(self._victim(fault)),
            "restart": lambda: self.store.restart(fault.seconds),
            "cut": lambda: self.control.act("socket", disconnect="drop"),
            "kill_after_send": self._kill_after_send,
            "kill_before_commit": lambda: self._kill_before_commit(fault),
        }[kind]
        return self._later(0.0 if kind.startswith("kill_") else fault.delay, late)

    def _slack(self, fault: Fault) -> Callable[[], object]:
        mode = MODES.get(fault.kind, fault.kind)
        more = {"status": 503, "error": "service_unavailable"} if fault.kind == "error_503" else {}
        times = {"times": fault.times, "seconds": fault.seconds, "retry_after": fault.retry_after}
        self.control.act("fault", method=fault.method, mode=mode, **times, **more)
        since = len(self.control.look("log")["log"])

        def count() -> None:
            met = [call for call in self.control.look("log", since=since)["log"] if call.get("fault")]
            self.injected[fault.kind] += len(met)

        return count

    def _later(self, delay: float, act: Callable[[], object]) -> Callable[[], object]:
        def wait_and_act() -> None:
            time.sleep(delay)
            act()

        thread = Thread(target=wait_and_act)
        thread.start()
        return thread.join

    def _victim(self, fault: Fault) -> Replica:
        return self.replicas[int(fault.delay * 1000) % len(self.replicas)]

    def _stop(self, replica: Replica) -> None:
        if replica.stop() != 0:
            self.wrong.append("a replica that was asked to finish did not end with 0")

    def _kill_after_send(self) -> None:
        """All of them, while one message stands and nobody has been told so."""
        since = len(self.control.look("log")["log"])
        self.control.act("fault", method="chat.postMessage", mode="slow", seconds=20, times=1)
        self._wait_for(lambda: any(c.get("fault") and c["answer"] for c in self._calls(since)))
        self.kill_all()

    def _kill_before_commit(self, fault: Fault) -> None:
        """All of them, while no step can be committed."""
        with self.store.held():
            time.sleep(fault.seconds)
            self.kill_all()

    def _calls(self, since: int) -> Sequence[dict[str, Any]]:
        calls: list[dict[str, Any]] = self.control.look("log", since=since)["log"]
        return calls

    @staticmethod
    def _wait_for(there: Callable[[], bool], seconds: float = 2.0) -> None:
        until = time.monotonic() + seconds
        while not there() and time.monotonic() < until:
            time.sleep(0.01)

    # -- processes

    def _start(self) -> Replica:
        return Replica(self._nursery, self.environment, self.folder / "bots.log", self.store.full)

    def _all_there(self) -> bool:
        seen = {}
        with suppress(OSError):
            seen = self.control.look("time")
        return bool(min(seen.get("connections", 0), len(seen.get("bots", ()))) >= self.plan.replicas)

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a bot that lives here."""
        company = self._sandbox.company
        return {
            "SLACK_BOT_TOKEN": company.bot_token,
            "SLACK_APP_TOKEN": company.app_token,
            "DATABASE_URL": self.store.url,
            "IMPROVE_BOT_SLACK_URL": self._sandbox.api_url,
            "IMPROVE_BOT_TIME_URL": f"{self._sandbox.url}/_time",
            "IMPROVE_BOT_LOG": "text",
        }
