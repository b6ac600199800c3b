"""The next version starts while this one still works: nobody waits, nothing is lost, and there is no way back."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import bot
from storage import migrate
from tests.faults.people import People, Told
from tests.faults.plan import SHANGHAI, Move, Plan
from tests.faults.play import Stage
from tests.faults.world import World
from tests.support.town import MONDAY

ROOMS = ("bot", "handlers", "storage", "templates")
NEXT = '''
"""What a next version may add."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "9999", "{head}"


def upgrade() -> None:
    op.add_column("record", sa.Column("weather", sa.Text(), nullable=True))
    op.add_column("history", sa.Column("mood", sa.Text(), nullable=False, server_default="calm"))
    op.create_table("forecast", sa.Column("day", sa.Date(), primary_key=True))
    op.create_index("ix_outbox_kind", "outbox", ["kind"])
'''
REFUSED = 2
START_SECONDS = 60.0


def test_the_old_processes_go_on_until_they_are_stopped(scene: Stage, tmp_path: Path) -> None:
    with scene.world(Plan(4, "postgresql", 2, SHANGHAI, MONDAY)) as world:
        people = People(world)
        people.raise_(Move("raise", 1))
        with next_version(world, tmp_path):
            assert migrate.current(world.store.url) == "9999"
            for pick in range(4):
                people.raise_(Move("raise", pick))
                people.next_step(Move("step", pick))()
            assert [replica.stop() for replica in world.replicas] == [0, 0]
            people.raise_(Move("raise", 5))
            outcome = scene.judge(world, people)

    assert outcome.violations == []
    assert Told.NOTHING not in {attempt.told for attempt in people.attempts}
    assert len(outcome.steps) > 3


def test_an_old_process_does_not_start_again(scene: Stage) -> None:
    with scene.world(Plan(5, "postgresql", 1, SHANGHAI, MONDAY)) as world:
        world.kill_all()
        with world.database.transaction() as session:
            session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        started = subprocess.run(
            [sys.executable, "-m", "bot", "run"],
            env=os.environ | world.environment,
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )

    assert started.returncode == REFUSED
    assert "9999" in started.stderr


@contextmanager
def next_version(world: World, folder: Path) -> Iterator[None]:
    """A process of the program as it is, with one more migration."""
    home = Path(bot.__file__).parents[1]
    for room in ROOMS:
        shutil.copytree(home / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "storage/migrations/versions/9999_next.py").write_text(NEXT.format(head=migrate.head()))
    before, command = world.bots(), [sys.executable, "-m", "bot", "run"]
    process = subprocess.Popen(command, cwd=folder, env=os.environ | world.environment)
    try:
        until = time.monotonic() + START_SECONDS
        while world.bots() == before:
            assert process.poll() is None, "the next version did not start"
            assert time.monotonic() < until
            time.sleep(0.1)
        yield
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
