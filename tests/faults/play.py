"""Plays schedules: one world each, its moves, its faults, and then the promises."""

import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.context import ForkServerContext
from pathlib import Path

from storage.migrate import upgrade
from tests.faults.breaking import broken
from tests.faults.clocks import changed_on, due_after
from tests.faults.people import People
from tests.faults.plan import Move, Plan, after, plan
from tests.faults.promises import violations
from tests.faults.replica import nursery
from tests.faults.stores import FileStore, ServerStore, Store
from tests.faults.undisturbed import Undisturbed
from tests.faults.world import World
from tests.support.postgres import Server

MOMENT = timedelta(minutes=1)


@dataclass
class Outcome:
    """What became of a schedule."""

    plan: Plan
    injected: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    steps: set[str] = field(default_factory=set)
    told_again: int = 0
    scheduled: int = 0
    after_change: int = 0
    messages: int = 0
    violations: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class Stage:
    """What schedules share: an empty database of each engine, and the process that replicas are forked from."""

    folder: Path
    template: Path
    server: Server
    own_server: bool
    nursery: ForkServerContext

    def play(self, seed: int, engine: str) -> Outcome:
        """One schedule from its seed."""
        return self.follow(plan(seed, engine))

    def follow(self, chosen: Plan) -> Outcome:
        """One schedule from beginning to end, and what came of it."""
        begun = time.monotonic()
        with self.world(chosen) as world:
            people = People(world)
            for move in world.plan.moves:
                make(move, world, people)
            outcome = self.judge(world, people)
        if not outcome.violations:
            shutil.rmtree(world.folder)
        outcome.seconds = time.monotonic() - begun
        return outcome

    @contextmanager
    def world(self, chosen: Plan) -> Iterator[World]:
        """The world of a schedule, at its beginning."""
        folder = self.folder / f"{chosen.engine}-{chosen.seed}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        world = World(chosen, self._store(chosen.engine, folder), self.nursery, folder)
        try:
            world.open()
            yield world
        finally:
            world.close()

    def judge(self, world: World, people: People) -> Outcome:
        """Let the next morning come, with everything whole, and look at the promises."""
        world.move_to(world.next_morning() + MOMENT)
        world.flush()
        people.look_back()
        due = Undisturbed(world, self.template, world.folder / "undisturbed").live(world.now)
        changed = changed_on(world.plan.zone, world.plan.begin, world.now)
        return Outcome(
            world.plan,
            world.injected,
            Counter(one.told.value for one in people.attempts),
            steps={step for one in people.attempts for step, _ in one.landed},
            told_again=world.told_again(),
            scheduled=len(due.keys),
            after_change=due_after(due.keys, changed) if changed else 0,
            messages=len(world.messages()),
            violations=violations(world, people.attempts, due),
        )

    def _store(self, engine: str, folder: Path) -> Store:
        if engine == "sqlite":
            return FileStore(self.template, folder)
        return ServerStore(self.server, self.server.template(upgrade), folder, own=self.own_server)


def make(move: Move, world: World, people: People) -> None:
    """One move, with its fault."""
    match move.what:
        case "raise":
            raised = people.next_idea(move)
            with broken(world, move.fault):
                raised()
            world.move_to(world.now + MOMENT)
        case "step":
            for pick in move.before:
                people.next_step(Move("step", pick))()
                world.move_to(world.now + MOMENT)
            step = people.next_step(move)
            with broken(world, move.fault):
                step()
            world.move_to(world.now + MOMENT)
        case "home":
            with broken(world, move.fault):
                people.look_home(move)
        case "hop":
            morning = world.next_morning()
            with broken(world, move.fault):
                world.move_to(morning)
            world.move_to(world.now + MOMENT)
        case "jump":
            world.injected["jump"] += 1
            with broken(world, move.fault):
                world.move_to(after(world.now, move.days))
        case "down":
            world.injected["down"] += 1
            world.down(after(world.now, move.days))


@contextmanager
def stage(folder: Path, server: Server, *, own_server: bool) -> Iterator[Stage]:
    """What schedules need, made in a folder."""
    made, template = folder / "made.db", folder / "template.db"
    upgrade(f"sqlite:///{made}")
    with closing(sqlite3.connect(made)) as source, closing(sqlite3.connect(template)) as target:
        source.backup(target)
    yield Stage(folder, template, server, own_server, nursery())


@contextmanager
def own_stage() -> Iterator[Stage]:
    """A stage with a PostgreSQL server that may be restarted; what failed stays in its folder."""
    home, folder = (Path(tempfile.mkdtemp(prefix="improve-bot-", dir="/tmp")) for _ in range(2))
    server = Server(home)
    try:
        with stage(folder, server, own_server=True) as ready:
            yield ready
    finally:
        server.stop()
        if not any(path.is_dir() for path in folder.iterdir()):
            shutil.rmtree(folder)
