"""Fixtures of every room: a database of its own for each test, on both engines."""

import gc
import shutil
import sqlite3
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from storage.migrate import upgrade
from tests.support import chance
from tests.support.company import DemoCompany
from tests.support.postgres import Reused, Server, fresh_database
from tests.support.reopened import Reopened

SERVER_HOME = pytest.StashKey[Path]()
LONG = (
    "improvement/test_whole_lives.py",
    "workflow/test_walk.py",
    "handlers/test_capa_payloads.py",
    "acceptance/test_project_story.py",
    "acceptance/test_capa_story.py",
)
"""Files with few tests that take long. They begin first, so that no worker is left with one while the others rest."""


def pytest_configure(config: pytest.Config) -> None:
    """The process that began the run decides where the PostgreSQL server lives; the workers are told."""
    told = getattr(config, "workerinput", {}).get("server_home")
    # In /tmp: a socket's path must be short, and the server's user must be able to get there.
    config.stash[SERVER_HOME] = Path(told or tempfile.mkdtemp(prefix="improve-bot-", dir="/tmp"))
    chance.set_up()
    # pytest-xdist would begin with the files that have most tests, which are the quick ones.
    config.option.loadscopereorder = False


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One worker more than there are processors: a story often waits for its bot, which is another process."""
    return (yield) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; the others stay as they are, the stories of the running bot ahead."""
    items.sort(key=lambda item: not item.path.as_posix().endswith(LONG))


def pytest_collection_finish() -> None:
    """What has been imported stays: to look through it for garbage again and again took a fifth of some tests' time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Called by pytest-xdist for each worker, before it starts."""
    node.workerinput["server_home"] = str(node.config.stash[SERVER_HOME])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server after the last worker."""
    if not hasattr(config, "workerinput"):
        Server(config.stash[SERVER_HOME]).stop()


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Server:
    """The PostgreSQL server of this run; it starts when a test first asks it for a database."""
    return Server(pytestconfig.stash[SERVER_HOME])


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, in one piece, to be copied."""
    folder = tmp_path_factory.mktemp("template")
    upgrade(f"sqlite:///{folder / 'migrated.db'}")
    with sqlite3.connect(folder / "migrated.db") as migrated, sqlite3.connect(folder / "copy.db") as copy:
        migrated.backup(copy)
    migrated.close()
    copy.close()
    return folder / "copy.db"


@pytest.fixture(scope="session")
def postgres_database(postgres: Server) -> Iterator[Reused]:
    """A migrated PostgreSQL database of this worker, to be emptied after each test."""
    reused = Reused(postgres.start(), postgres.template(upgrade))
    yield reused
    reused.drop()


@pytest.fixture(scope="session")
def sqlite_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this worker's SQLite file of the moment lies: always at the same address."""
    return tmp_path_factory.mktemp("database")


@pytest.fixture(scope="session")
def reopened() -> Reopened:
    """The databases of this worker that are opened again and again."""
    return Reopened()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Which database engine the test runs on; every test that touches a database runs on both."""
    return str(request.param)


@pytest.fixture
def empty_database_url(engine: str, tmp_path: Path, postgres: Server) -> Iterator[str]:
    """A database without tables."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        with fresh_database(postgres.start()) as url:
            yield url


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database with all tables and no rows."""
    # The fixtures of an engine are asked for by name, so that a test on the other does not wait for them.
    if engine == "sqlite":
        folder: Path = request.getfixturevalue("sqlite_folder")
        shutil.copyfile(request.getfixturevalue("sqlite_template"), folder / "improve.db")
        yield f"sqlite:///{folder / 'improve.db'}"
        for file in folder.iterdir():
            file.unlink(missing_ok=True)
    else:
        reused: Reused = request.getfixturevalue("postgres_database")
        yield reused.url
        reused.empty()


@pytest.fixture
def database(database_url: str, reopened: Reopened) -> Iterator[Database]:
    """An open `Database` with all tables and no rows."""
    with reopened.open(database_url) as opened:
        yield opened


@pytest.fixture
def company(database: Database) -> DemoCompany:
    """The demo company with nothing raised yet; a room that looks at it from elsewhere has its own."""
    return DemoCompany(database)
