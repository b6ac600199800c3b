"""The index can be made anew from the records at any time, and then says the same."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import col, select

import bot.knowledge.reindex
import storage.search
from bot.knowledge.cases import cases
from bot.knowledge.reindex import reindex
from storage.database import Database
from storage.search import SearchDocument
from tests.support import capa
from tests.support.company import DemoCompany, at

NOW = at("2026-03-02 10:00")


def contents(database: Database) -> dict[str, dict[str, Any]]:
    """Everything in the index, by number."""
    with database.reading() as session:
        rows = session.exec(select(SearchDocument).order_by(col(SearchDocument.number))).all()
    return {row.number: row.model_dump(exclude={"id"}) for row in rows}


def lived(company: DemoCompany, now: datetime) -> dict[str, str]:
    """Items in several states: open, closed, withdrawn, and a CAPA that is past its first round."""
    closed = company.daily(now, "打印机每天卡纸")
    company.report_result(closed, now, by="U_ZHOU", measure_taken="更换搓纸轮")
    company.verify_effective(closed, now)
    withdrawn = company.raise_(now, "投影仪灯泡坏了")
    company.do("withdraw", withdrawn, now, by="U_CHEN", reason="已经有人提过")
    second = capa.planned(company, now)
    capa.done(company, second, at("2026-03-10 10:00"))
    capa.failed(company, second, at("2026-03-11 10:00"))
    return {"open": company.raise_(now, "机房空调漏水"), "closed": closed, "withdrawn": withdrawn, "capa": second}


def test_an_index_made_anew_finds_what_is_there(company: DemoCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.knowledge.reindex, "BATCH", 2)
    numbers = lived(company, NOW)
    with company.database.transaction() as session:
        session.connection().execute(text("DELETE FROM search_document"))
        storage.search.put(session, number="IMP-1", kind="improvement", department=None, open_=False, words=["打印"])

    assert reindex(company.workflow, NOW) == 3

    assert list(contents(company.database)) == sorted(
        number for state, number in numbers.items() if state != "withdrawn"
    )
    with company.database.reading() as session:
        assert cases(session, "打印机").numbers == cases(session, "搓纸轮").numbers == [numbers["closed"]]
        assert cases(session, "漏水").numbers == []


def test_made_anew_it_says_the_same_again(company: DemoCompany) -> None:
    lived(company, NOW)
    reindex(company.workflow, NOW)
    before = contents(company.database)

    reindex(company.workflow, NOW)

    assert contents(company.database) == before
