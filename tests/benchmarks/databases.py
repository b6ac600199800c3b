"""The databases of one run: migrated, on both engines, gone when the run ends."""

import shutil
import tempfile
import uuid
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from storage.database import Database
from storage.migrate import upgrade
from tests.support.postgres import Admin, Server

ENGINES = ("sqlite", "postgresql")


class Databases:
    """Makes databases and in the end removes them. PostgreSQL writes through to the disk, as a company's does."""

    def __init__(self) -> None:
        # In /tmp: a socket's path must be short, and the server's user must be able to get there.
        self._home = Path(tempfile.mkdtemp(prefix="improve-bench-", dir="/tmp"))
        self._server = Server(self._home, durable=True)

    def new(self, engine: str) -> str:
        """The address of a database with all tables and no rows."""
        admin = self._admin(engine)
        url = admin.url_of(admin.create()) if admin else self._file()
        upgrade(url)
        return url

    def copy(self, url: str) -> str:
        """The address of a database with the same rows; nobody may be connected to the original."""
        original = make_url(url)
        admin = self._admin(original.get_backend_name())
        if admin:
            return admin.url_of(admin.create(original.database or ""))
        copy = self._file()
        shutil.copyfile(original.database or "", make_url(copy).database or "")
        return copy

    def folder(self) -> str:
        """A new folder."""
        return tempfile.mkdtemp(dir=self._home)

    def close(self) -> None:
        """Leave nothing behind."""
        self._server.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    def _admin(self, engine: str) -> Admin | None:
        return None if engine == "sqlite" else self._server.start()

    def _file(self) -> str:
        return f"sqlite:///{self._home / uuid.uuid4().hex}.db"


def execute(database: Database, *statements: str) -> None:
    """Run statements that want no transaction."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))
