"""What every table shares: constraint names that migrations can rely on, JSON columns, and INSERT … ON CONFLICT.

What every step asks stands as a statement in capitals: putting it together anew takes longer than asking it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, BindParameter, Table, bindparam
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlmodel import Session, SQLModel

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

INSERT: Mapping[str, type[SqliteInsert] | type[PostgresqlInsert]] = {
    "sqlite": SqliteInsert,
    "postgresql": PostgresqlInsert,
}
"""What makes an INSERT that knows ON CONFLICT, by the name of the database."""

Values = dict[str, Any]


class Base(SQLModel):
    """The root of all tables. Datetimes are aware UTC; due dates are plain dates in the company's zone."""


Base.metadata.naming_convention = NAMES
JSON_COLUMN = JSON(none_as_null=False)
NUMBERS: BindParameter[Sequence[str]] = bindparam("numbers", expanding=True)
"""The numbers of the records that a statement is about."""


def table_of(rows: type[Base]) -> Table:
    """The table of these rows, for writing many of them at once without making objects."""
    return Base.metadata.tables[str(rows.__tablename__)]


def dialect_of(session: Session) -> str:
    """The name of the database in use."""
    return session.get_bind().dialect.name


def insert(session: Session, table: type[Base]) -> SqliteInsert | PostgresqlInsert:
    """An INSERT that knows ON CONFLICT, for the database in use.

    Add RETURNING to learn whether a row was written: `rowcount` is -1 on PostgreSQL.
    """
    return INSERT[dialect_of(session)](table)
