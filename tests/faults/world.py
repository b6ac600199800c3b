"""A workspace, a database and some replicas of the bot."""

import socket
import time
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from multiprocessing.context import ForkServerContext
from pathlib import Path
from random import Random
from typing import Any

import storage.outbox
import storage.profile
from bot import demo, profile
from bot.company import CompanySource
from bot.reminders.hours import next_send_at
from bot.sandbox import ControlClient, Sandbox
from storage.database import Database
from tests.faults.balancer import Balancer
from tests.faults.past import Past
from tests.faults.plan import Plan
from tests.faults.replica import Replica
from tests.faults.stores import Store

PLACES = ("C_QUALITY", "C_WEEKLY")
LONGEST_START = 60.0
MOST_FLUSHES = 30
FLUSH = timedelta(seconds=45)


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
        self.troubles: list[tuple[datetime, datetime]] = []
        self.replicas: list[Replica] = []
        self.balancer = Balancer(lambda: [replica.port for replica in self.replicas])
        self._sandbox = Sandbox(demo.workspace(), plan.begin)
        self._people = [user.id for user in self._sandbox.company.users]

    def open(self) -> None:
        """Found the company, let it live through its past, and start its replicas."""
        text = profile.built_in("demo").replace("Asia/Shanghai", str(self.plan.zone))
        with self.database.transaction() as session:
            storage.profile.apply(session, text=text, by="test", now=self.plan.begin)
        Past(self.database, self.plan.begin, Random(self.plan.seed)).live(self.plan.past)
        self._sandbox.start()
        self.balancer.start()
        self.control = ControlClient(self._sandbox.url)
        self.complete()
        if self.plan.http and not self.control.act("transport", request_url=self.balancer.url).get("done"):
            self.wrong.append("the address of the bot was not taken")

    def close(self) -> None:
        """Leave nothing behind."""
        for replica in self.replicas:
            replica.kill()
        self._sandbox.stop()
        self.balancer.stop()
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
        answer = self.control.act("clock", to=max(instant, self.now).isoformat())
        if "error" in answer:
            self.wrong.append(f"the clock stopped: {answer}")

    def messages(self) -> list[dict[str, Any]]:
        """Everything that stands in the workspace, passing answers left out."""
        places = [{"channel": place} for place in PLACES] + [{"dm": person} for person in self._people]
        found = [message for place in places for message in self.control.look("messages", **place)["messages"]]
        return [message for message in found if not message["ephemeral_for"]]

    def told_again(self) -> int:
        """How often Slack told the bot of an event again."""
        wire = self.control.look("wire")["wire"]
        return sum(entry["direction"] == "payload" and entry.get("attempt", 0) > 0 for entry in wire)

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

    def _start(self) -> Replica:
        port = free_port() if self.plan.http else 0
        environment = self.environment | ({"PORT": str(port)} if port else {})
        return Replica(self._nursery, environment, self.folder / "bots.log", self.store.full, port)

    def _all_there(self) -> bool:
        seen = {}
        with suppress(OSError):
            seen = self.control.look("time")
        lines = len(seen.get("bots", ())) if self.plan.http else seen.get("connections", 0)
        return bool(min(lines, len(seen.get("bots", ()))) >= self.plan.replicas)

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a bot that lives here."""
        company = self._sandbox.company
        return {
            "SLACK_BOT_TOKEN": company.bot_token,
            **self._way_to_slack,
            "DATABASE_URL": self.store.url,
            "IMPROVE_BOT_SLACK_URL": self._sandbox.api_url,
            "IMPROVE_BOT_TIME_URL": f"{self._sandbox.url}/_time",
            "IMPROVE_BOT_LOG": "text",
        }

    @property
    def _way_to_slack(self) -> dict[str, str]:
        company = self._sandbox.company
        if self.plan.http:
            return {"SLACK_SIGNING_SECRET": company.signing_secret}
        return {"SLACK_APP_TOKEN": company.app_token}


def free_port() -> int:
    """A port that nobody listens on; whoever is beaten to it does not start, and is started again with another."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
