"""A step submitted: loaded, checked, changed, history, outbox, commit; against a hand-written transaction.

The twin is a copy of the database from before the steps. What a step has written is found by comparing the tables, and
the hand-written transaction writes the same rows there, in plain SQL by their keys, without reading anything. In the
end both databases have to be equal.
"""

from collections.abc import Callable, Iterator
from typing import Any

from psycopg.types.json import Json
from sqlalchemy import JSON, Table
from sqlmodel import SQLModel

from storage.database import Database
from tests.benchmarks.databases import ENGINES
from tests.benchmarks.harness import WARM_UP, Line, ratio_of, taking
from tests.benchmarks.run import Run
from tests.support.company import DemoCompany, at

RAISED, ACTED = at("2026-03-02 09:00"), at("2026-03-03 10:00")
TIMES = 30
Key = tuple[Any, ...]
Rows = dict[str, dict[Key, dict[str, Any]]]
Statement = tuple[str, tuple[Any, ...]]
Act = Callable[[DemoCompany, str], None]


def lines(run: Run) -> Iterator[Line]:
    """A single click and a form, on both engines."""
    for engine in ENGINES:
        url = run.databases.new(engine)
        company = DemoCompany(Database(url))
        numbers = [company.daily(RAISED) for _ in range(TIMES)]
        company.database.dispose()
        twin = Database(run.databases.copy(url))
        for name, act in (("accept", _accept), ("report_result", _report)):
            found = ratio_of([_both(company, twin, act, number) for number in numbers][WARM_UP:])
            yield Line("step", f"step {name}, {engine}", "the same rows by hand", found.value, 2.0, note=found.note)
        if _rows(company.database) != _rows(twin):
            raise RuntimeError("not the same rows were written")
        company.database.dispose()
        twin.dispose()


def _accept(company: DemoCompany, number: str) -> None:
    company.accept(number, ACTED, by="U_ZHOU")


def _report(company: DemoCompany, number: str) -> None:
    company.report_result(number, ACTED, by="U_ZHOU")


def _both(company: DemoCompany, twin: Database, act: Act, number: str) -> tuple[float, float]:
    before = _rows(company.database)
    own = taking(lambda: act(company, number))()
    statements = list(_by_hand(before, _rows(company.database), sqlite=twin.is_sqlite))
    return own, taking(lambda: _write(twin, statements))()


def _write(database: Database, statements: list[Statement]) -> None:
    with database.engine.begin() as connection:
        for statement, values in statements:
            connection.exec_driver_sql(statement, values)


def _by_hand(before: Rows, after: Rows, *, sqlite: bool) -> Iterator[Statement]:
    """What a careful hand would write: new rows of a table together, and of the others what has changed."""
    mark = "?" if sqlite else "%s"
    for table in SQLModel.metadata.sorted_tables:
        known, new = before[table.name], []
        for key, row in after[table.name].items():
            if key not in known:
                new.append(row)
            elif changed := {name: value for name, value in row.items() if value != known[key][name]}:
                yield _update(table, key, changed, mark)
        if new:
            yield _insert(table, new, mark)


def _insert(table: Table, rows: list[dict[str, Any]], mark: str) -> Statement:
    columns = ", ".join(f'"{name}"' for name in rows[0])
    one = f"({', '.join([mark] * len(rows[0]))})"
    values = tuple(_given(table, name, value) for row in rows for name, value in row.items())
    return f'INSERT INTO "{table.name}" ({columns}) VALUES {", ".join([one] * len(rows))}', values


def _update(table: Table, key: Key, changed: dict[str, Any], mark: str) -> Statement:
    put = ", ".join(f'"{name}" = {mark}' for name in changed)
    where = " AND ".join(f'"{column.name}" = {mark}' for column in table.primary_key)
    values = (*(_given(table, name, value) for name, value in changed.items()), *key)
    return f'UPDATE "{table.name}" SET {put} WHERE {where}', values


def _given(table: Table, name: str, value: Any) -> Any:
    """What the driver takes: psycopg reads JSON by itself, and wants to be told of it."""
    return Json(value) if isinstance(table.columns[name].type, JSON) and not isinstance(value, str) else value


def _rows(database: Database) -> Rows:
    """All rows of all tables by their keys, as the driver gives them."""
    with database.reading() as session:
        return {
            table.name: {
                tuple(row[column.name] for column in table.primary_key): dict(row)
                for row in session.connection().exec_driver_sql(f'SELECT * FROM "{table.name}"').mappings()
            }
            for table in SQLModel.metadata.sorted_tables
        }
