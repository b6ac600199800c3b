"""Buttons whose time is up: once a day the cards of what has run out are drawn again, and lose them.

An extension can be asked for until its date, an appeal made for some days: nobody takes a step when that time ends.
"""

from datetime import date, datetime, timedelta

from sqlmodel import Session

import storage.job
import storage.register
import storage.relation
from bot.company import Company
from bot.improvement.stages import Stage
from bot.workflow import Workflow, cards
from storage.record import Record

JOB = "run_out"
DAYS_A_WORKING_DAY = 4
"""Calendar days that a working day takes at the most, long holidays included, over a whole window."""


def redraw(workflow: Workflow, now: datetime) -> None:
    """Draw again the cards of everything whose time ended since the last time this was done."""
    with workflow.database.transaction() as session:
        company = workflow.companies.load(session)
        today, last = company.today(now), storage.job.last(session, JOB)
        since = date.fromisoformat(last.period) if last else today - timedelta(days=1)
        items = {record.number: record.parent or record.number for record in _run_out(session, company, since, today)}
        relations = storage.relation.of_records(session, set(items.values()))
        holders = {relation.person for relation in relations if relation.relation in cards.HOLDING}
        cards.deliver(session, [], redrawn=items.keys(), holders=holders, key=f"{JOB}:{today}", now=now)


def _run_out(session: Session, company: Company, since: date, today: date) -> list[Record]:
    """Records with a date that passed on or after `since` and before `today`."""
    window = company.profile.deadlines.appeal_window_wd
    earliest = since - timedelta(days=DAYS_A_WORKING_DAY * (window + 1))
    declined = storage.register.ended(session, stage=Stage.REJECTED, since=earliest)
    late = storage.register.passed_between(session, since, today)
    over = [r for r in declined if r.ended_on and since <= company.calendar.add(r.ended_on, window).day < today]
    return [*late, *over]
