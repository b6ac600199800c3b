"""The outbox as a table: what is entered, what is claimed, what stays."""

from datetime import timedelta
from typing import Any

from sqlalchemy import event, insert

from storage import outbox
from storage.database import Database
from storage.outbox import OutboxRow
from tests.delivery.office import LOST_LEASE, NINE, Office, at


def put(database: Database, key: str, **more: Any) -> bool:
    with database.transaction() as session:
        return outbox.put(session, key=key, target="U_LIU", kind="note", now=NINE, **more)


def test_a_key_is_entered_once(database: Database) -> None:
    assert [put(database, "a"), put(database, "a"), put(database, "b")] == [True, False, True]
    with database.reading() as session:
        assert outbox.depth(session) == 2


def test_a_key_that_was_sent_long_ago_is_still_taken(office: Office) -> None:
    office.put("a")
    office.drain()
    assert not put(office.database, "a")
    assert office.next_send(60) is None


def test_what_is_put_in_a_transaction_that_fails_was_never_put(database: Database) -> None:
    with database.transaction() as session:
        outbox.put(session, key="a", target="U_LIU", kind="note", now=NINE)
        session.rollback()
    with database.reading() as session:
        assert outbox.find(session, "a") is None


def test_a_row_keeps_what_it_was_given(database: Database) -> None:
    put(database, "a", record="IMP-2026-0001", data={"news": "reported", "n": 1})
    with database.reading() as session:
        row = outbox.find(session, "a")
    assert row is not None
    assert (row.target, row.kind, row.record, row.data) == (
        "U_LIU",
        "note",
        "IMP-2026-0001",
        {"news": "reported", "n": 1},
    )
    assert (row.state, row.attempts, row.not_before, row.created_at) == ("QUEUED", 0, NINE, NINE)


def test_what_could_not_be_delivered_is_listed_newest_first(office: Office) -> None:
    office.put("a", "b", "c", blocks=[{"type": "no such block"}])
    office.run()
    with office.database.reading() as session:
        assert [row.key for row in outbox.dead(session, 2)] == ["c", "b"]


def test_a_claim_is_exclusive_and_holds_its_target_until_the_lease_ends(office: Office) -> None:
    office.put("a", "b")
    first = office.claim()
    assert (first.key, first.state, first.attempts, first.claimed_at) == ("a", "LEASED", 1, NINE)
    assert office.drain(54) == 0
    again = office.claim(LOST_LEASE)
    assert (again.key, again.state, again.attempts, again.claimed_at) == ("a", "UNKNOWN", 2, NINE)


def test_a_message_entered_late_with_an_earlier_id_waits_for_the_one_in_flight(office: Office) -> None:
    office.put("early", "late")
    with office.database.transaction() as session:
        early = session.get(OutboxRow, office.row("early").id)
        assert early is not None
        early.not_before = None  # as if its transaction had not been committed yet
    assert office.claim().key == "late"
    with office.database.transaction() as session:
        early = session.get(OutboxRow, office.row("early").id)
        assert early is not None
        early.not_before = NINE
    assert office.drain() == 0


def test_the_sent_rows_are_never_read_through(office: Office) -> None:
    fill_with_sent_rows(office.database)
    office.put("a", "b")
    plans = [plan for query in queries_of_a_drain(office) for plan in explained(office.database, query)]
    assert plans
    whole_table = [plan for plan in plans if "Seq Scan" in plan or plan == "SCAN outbox"]
    assert whole_table == []


def fill_with_sent_rows(database: Database) -> None:
    sent = {"kind": "card", "data": {}, "state": "SENT", "attempts": 1, "created_at": NINE}
    rows = [
        sent | {"key": f"old {n}", "target": f"U_{n % 50}", "sent_at": NINE - timedelta(hours=1 + n)}
        for n in range(5000)
    ]
    with database.transaction() as session:
        session.execute(insert(OutboxRow), rows)
    with database.transaction() as session:
        session.connection().exec_driver_sql("ANALYZE outbox")


def queries_of_a_drain(office: Office) -> list[tuple[str, Any]]:
    """Every SELECT of the outbox in a claim and in the question when to come back."""
    asked: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        asked.append((statement, parameters))

    event.listen(office.database.engine, "before_cursor_execute", note)
    office.claim()
    office.delivery().next_send(at(0))
    event.remove(office.database.engine, "before_cursor_execute", note)
    return [query for query in asked if query[0].startswith("SELECT")]


def explained(database: Database, query: tuple[str, Any]) -> list[str]:
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    statement, parameters = query
    with database.engine.connect() as connection:
        return [str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters)]
