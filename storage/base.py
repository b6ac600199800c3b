"""What every table shares: constraint names that migrations can rely on, JSON columns, and INSERT … ON CONFLICT."""

from typing import Any

from sqlalchemy import JSON
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

Values = dict[str, Any]


class Base(SQLModel):
    """The root of all tables. Datetimes are aware UTC; due dates are plain dates in the company's zone."""


Base.metadata.naming_convention = NAMES
JSON_COLUMN = JSON(none_as_null=False)


def insert(session: Session, table: type[Base]) -> SqliteInsert | PostgresqlInsert:
    """An INSERT that knows ON CONFLICT, for the database in use.

    Add RETURNING to learn whether a row was written: `rowcount` is -1 on PostgreSQL.
    """
    return SqliteInsert(table) if session.get_bind().dialect.name == "sqlite" else PostgresqlInsert(table)
