"""A button whose time is up leaves the card the day after, once."""

from sqlmodel import col, select

import storage.job
from bot.improvement import run_out
from storage.outbox import SENT, OutboxRow
from tests.support.company import DemoCompany, at


def test_the_day_after_the_due_date_the_cards_are_drawn_again(company: DemoCompany) -> None:
    late = company.daily(at("2026-03-02 10:00"))
    company.daily(at("2026-03-06 10:00"), "另一项")
    _all_sent(company)
    run_out.redraw(company.workflow, at("2026-03-09 09:00"))
    assert _redrawn(company) == set()
    run_out.redraw(company.workflow, at("2026-03-10 09:00"))
    assert _redrawn(company) == {late}


def test_when_the_time_for_an_appeal_has_passed_its_button_goes(company: DemoCompany) -> None:
    number = company.raise_(at("2026-03-02 10:00"))
    company.do("decline", number, at("2026-03-02 11:00"), by="U_LIU", reason="已有同类措施")
    _all_sent(company)
    run_out.redraw(company.workflow, at("2026-03-16 09:00"))
    assert _redrawn(company) == set()
    run_out.redraw(company.workflow, at("2026-03-17 09:00"))
    assert _redrawn(company) == {number}


def test_after_days_without_a_run_nothing_is_forgotten(company: DemoCompany) -> None:
    late = company.daily(at("2026-03-02 10:00"))
    _all_sent(company)
    with company.database.transaction() as session:
        storage.job.claim(session, job=run_out.JOB, period="2026-03-06", now=at("2026-03-06 09:00"))
    run_out.redraw(company.workflow, at("2026-03-13 09:00"))
    assert _redrawn(company) == {late}


def _all_sent(company: DemoCompany) -> None:
    with company.database.transaction() as session:
        for row in session.exec(select(OutboxRow)):
            row.state, row.not_before = SENT, None
            session.add(row)


def _redrawn(company: DemoCompany) -> set[str | None]:
    with company.database.reading() as session:
        return {
            row.record for row in session.exec(select(OutboxRow).where(col(OutboxRow.key).like("refresh:run_out:%")))
        }
