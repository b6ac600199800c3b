"""A company of two thousand people: 10,000 open items, and ever so many closed ones.

A few items go through real steps; each is then copied within the database, row by row in all tables that the clock and
the Home tab look at, as if it had happened in one of many sister departments.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import JSON, Column, Connection, text
from sqlmodel import SQLModel

import storage.person
import storage.profile
from bot import profile
from bot.company import Company, CompanySource
from bot.improvement import LIFECYCLES
from bot.improvement.waiting import waiting_for
from bot.reminders import Reminders
from bot.workflow import Workflow
from storage.database import Database
from storage.deadline import Deadline
from storage.entry import Entry
from storage.history import HistoryEntry
from storage.person import Person
from storage.record import Record
from storage.relation import Relation
from storage.reminder import ReminderEntry
from tests.benchmarks.databases import Databases, execute
from tests.support import capa
from tests.support.company import FOUNDED, NAMES, DemoCompany, at

NOW = at("2026-03-02 09:00")
SISTERS, DEPARTMENT, QUALITY = 400, "信息部", "U_LIU"
OPEN = FEW = 10_000
BATCH = 10_000
"""So many copies in one transaction: with a million, SQLite would look for every page in a log of seven gigabytes."""

TABLES: Mapping[type[SQLModel], str] = {
    Record: "number",
    Deadline: "record",
    Relation: "record",
    Entry: "record",
    HistoryEntry: "record",
    ReminderEntry: "record",
}
"""The tables that are copied, in this order, and the column that holds an item's number or that of its part."""

NAMING = ("number", "record", "parent", "raiser", "owner", "responsible_dept", "person", "recipient", "actor", "values")
"""The columns in which numbers, people or departments stand."""

COUNTING = """
    WITH RECURSIVE counted(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM counted WHERE n < {last})
    INSERT INTO {table} ({columns}) SELECT {values} FROM counted CROSS JOIN {table} origin WHERE origin.{key} IN ({of})
"""


class Copies(NamedTuple):
    """So many copies of an item, the first with this number."""

    of: str
    first: int
    times: int


@dataclass(frozen=True)
class Crowd:
    """The same company with a few items of its own, with 10,000 open and closed ones, and with many more closed.

    Of the 10,000 open ones `office` has only those that wait for quality, which are its own wherever they come from.
    """

    alone: "House"
    office: "House"
    few: "House"
    many: "House"

    def close(self) -> None:
        """Let go of the databases."""
        for house in (self.alone, self.office, self.few, self.many):
            house.database.dispose()


class House:
    """What a process of the bot holds of one of them."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.companies = CompanySource()
        self.workflow = Workflow(self.database, self.companies, LIFECYCLES)
        self.reminders = Reminders(self.database, self.companies, self.workflow)

    def company(self) -> Company:
        """The company as it is now."""
        with self.database.reading() as session:
            return self.companies.load(session)


def crowds(databases: Databases, engine: str, *, closed: int) -> Crowd:
    """Build all four on an engine."""
    url = databases.new(engine)
    alone = DemoCompany(Database(url))
    found(alone)
    open_, ended = list(open_items(alone)), list(closed_items(alone))
    with alone.database.reading() as session:
        asked = {record.number for record in waiting_for(session, alone.now(session), QUALITY, NOW).records}
    alone.database.dispose()
    dealt = [*_dealt(open_, OPEN), *_dealt(ended, FEW, first=OPEN)]
    office, few = databases.copy(url), databases.copy(url)
    _grown(office, [copies for copies in dealt if copies.of in asked])
    _grown(few, dealt)
    many = databases.copy(few)
    _grown(many, [*_dealt(ended, closed - FEW, first=OPEN + FEW)])
    return Crowd(House(url), House(office), House(few), House(many))


def found(company: DemoCompany) -> None:
    """Give the demo company its sister departments, each with the same five people."""
    text_ = profile.built_in("demo")
    entry = (
        '  {{ name = "信息部{n}", head = "U{n}_ZHOU", members = ["U{n}_CHEN", "U{n}_SMITH", "U{n}_HE", "U{n}_WU"] }},\n'
    )
    sisters = "".join(entry.format(n=n) for n in range(SISTERS))
    text_ = re.sub(r"(departments = \[\n)", rf"\1{sisters}", text_)
    people = [
        Person(id=f"U{n}_{name[2:]}", name=f"{NAMES[name]}{n}", locale="zh-CN", refreshed_at=FOUNDED)
        for n in range(SISTERS)
        for name in ("U_ZHOU", "U_CHEN", "U_SMITH", "U_HE", "U_WU")
    ]
    with company.database.transaction() as session:
        storage.profile.apply(session, text=text_, by="bench", now=FOUNDED)
        storage.person.save(session, people)


def open_items(company: DemoCompany) -> Iterator[tuple[str, int]]:
    """Items at every stage of their way, some late, with what share of the crowd each stands for."""
    yield company.raise_(at("2026-02-10 10:00")), 1
    yield company.daily(at("2026-02-09 10:00")), 1
    yield company.daily(at("2026-02-12 10:00")), 1
    yield capa.planned(company, at("2026-02-05 10:00"), measures=2), 1
    yield _in_verification(company, at("2026-02-06 10:00")), 4
    yield _at_work(company, at("2026-02-12 10:00"), until="2026-03-20"), 5
    yield capa.classified(company, at("2026-02-13 10:00")), 4
    Reminders(company.database, company.companies, company.workflow).run(at("2026-02-27 09:00"))
    yield company.daily(at("2026-02-25 10:00")), 1
    reported = company.daily(at("2026-02-26 10:00"))
    company.report_result(reported, at("2026-02-27 10:00"), by="U_ZHOU")
    yield reported, 1
    accepted = company.daily(at("2026-02-27 10:00"))
    company.accept(accepted, at("2026-02-27 11:00"), by="U_ZHOU")
    yield accepted, 1


def closed_items(company: DemoCompany) -> Iterator[tuple[str, int]]:
    """Daily improvements of many months, and one CAPA in twenty."""
    for month in range(1, 11):
        when = at(f"2025-{month:02}-11 10:00")
        number = company.daily(when)
        company.report_result(number, when, by="U_ZHOU")
        company.verify_effective(number, when)
        yield number, 19
    for month in (3, 8):
        when = at(f"2025-{month:02}-12 10:00")
        number = capa.effective(company, when)
        capa.standardised(company, number, when)
        company.do("close", number, when, by=capa.verifier(company, number, when))
        yield number, 5


def _in_verification(company: DemoCompany, now: datetime) -> str:
    number = capa.planned(company, now)
    capa.done(company, number, now + timedelta(hours=1))
    return number


def _at_work(company: DemoCompany, now: datetime, *, until: str) -> str:
    number = capa.classified(company, now)
    capa.analysed(company, number, now)
    for _ in range(2):
        capa.measured(company, number, now, due_on=until)
    capa.approved(company, number, now)
    return number


def _dealt(shares: Sequence[tuple[str, int]], count: int, *, first: int = 0) -> Iterator[Copies]:
    """How often each item is copied, so that there are so many copies; they are numbered from `first` on."""
    whole = sum(share for _, share in shares)
    counts = [count * share // whole for _, share in shares]
    counts[0] += count - sum(counts)
    for (number, _), n in zip(shares, counts, strict=True):
        for done in range(0, n, BATCH):
            yield Copies(number, first + done, min(BATCH, n - done))
        first += n


def _grown(url: str, dealt: Sequence[Copies]) -> None:
    database = Database(url)
    for copies in dealt:
        with database.transaction() as session:
            _copy(session.connection(), copies)
    execute(database, "ANALYZE" if database.is_sqlite else "VACUUM ANALYZE")
    database.dispose()


def _copy(connection: Connection, copies: Copies) -> None:
    number, first, times = copies
    parts = connection.execute(text("SELECT number FROM record WHERE parent = :of"), {"of": number}).scalars()
    sqlite = connection.dialect.name == "sqlite"
    of = ", ".join(f"'{one}'" for one in (number, *parts))
    for table, key in TABLES.items():
        columns = [column for column in table.metadata.tables[str(table.__tablename__)].columns if column.name != "id"]
        statement = COUNTING.format(
            first=first,
            last=first + times - 1,
            table=table.__tablename__,
            columns=", ".join(f'"{column.name}"' for column in columns),
            values=", ".join(_copied(column, number, sqlite=sqlite) for column in columns),
            key=key,
            of=of,
        )
        connection.execute(text(statement))


def _copied(column: Column[Any], number: str, *, sqlite: bool) -> str:
    """The column of a copy: of another number, of other people and another department, all else as it was."""
    name, is_json = f'origin."{column.name}"', isinstance(column.type, JSON)
    if column.name not in NAMING:
        return name
    told = f"CAST({name} AS text)" if is_json else name
    told = f"replace(replace({told}, '{number}', 'IMP-2020-' || n), 'U_', 'U' || (n % {SISTERS}) || '_')"
    if column.name == "responsible_dept":
        told = f"replace({told}, '{DEPARTMENT}', '{DEPARTMENT}' || (n % {SISTERS}))"
    return f"CAST({told} AS json)" if is_json and not sqlite else told
