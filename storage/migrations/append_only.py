"""The triggers that keep a table as it was written: rows can be added, never changed, removed or replaced."""

from collections.abc import Sequence

from alembic import op

FUNCTION = "refuse_rewriting"


def guard(table: str, *, key: Sequence[str]) -> None:
    """Make a table append-only. On SQLite a batch rebuild loses the guard: guard the table again after it."""
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite(table, key)
    else:
        _guard_postgresql(table)


def unguard(table: str) -> None:
    """Take the triggers off, before the table itself is dropped or rebuilt."""
    if op.get_bind().dialect.name == "sqlite":
        for moment in ("update", "delete", "replace"):
            op.execute(f"DROP TRIGGER {table}_no_{moment}")
    else:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")


def drop_function() -> None:
    """Remove what the triggers of all tables share, once the last of them is gone."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION {FUNCTION}()")


def _guard_sqlite(table: str, key: Sequence[str]) -> None:
    # SQLite fires no DELETE trigger for the row that INSERT OR REPLACE takes away.
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    moments = {
        "update": f"UPDATE ON {table}",
        "delete": f"DELETE ON {table}",
        "replace": f"INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})",  # noqa: S608
    }
    for moment, event in moments.items():
        op.execute(
            f"CREATE TRIGGER {table}_no_{moment} BEFORE {event} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _guard_postgresql(table: str) -> None:
    op.execute(
        f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
    )
