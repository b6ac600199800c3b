"""The day of the check: from then on the effect of a CAPA can be judged, and those who verify it are asked to.

It is asked for like a reminder, on a working day from `send_at` on; days without a running bot lose nothing.
"""

from datetime import datetime

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

import storage.deadline
from bot.errors import UserError
from bot.people.who import SYSTEM
from bot.reminders.hours import may_send
from bot.workflow import Request, Workflow
from storage.database import is_conflict
from storage.deadline import Deadline

CHECK_DATE, OPEN_CHECK, PAGE = "check_date", "open_check", 200
log = structlog.get_logger()


def open_reached(workflow: Workflow, now: datetime) -> None:
    """Open every check whose day has come, if the bot may speak by itself at `now`; each once, whoever else tries."""
    after = 0
    while found := _reached(workflow, now, after):
        for deadline in found:
            _open(workflow, deadline, now)
        after = found[-1].id or after


def _reached(workflow: Workflow, now: datetime, after: int) -> list[Deadline]:
    with workflow.database.reading() as session:
        company = workflow.companies.load(session)
        if not may_send(company, now):
            return []
        today = company.today(now)
        return [*storage.deadline.reached(session, today, name=CHECK_DATE, limit=PAGE, after=after)]


def _open(workflow: Workflow, deadline: Deadline, now: datetime) -> None:
    """What cannot be opened because somebody is at work on it is tried again the next time; it stops no other."""
    # By the row, not the day: a measure that was sent back and reported again may lead to the same day once more.
    key = f"{OPEN_CHECK}:{deadline.record}:{deadline.id}"
    try:
        workflow.perform(Request(OPEN_CHECK, SYSTEM, key, now, number=deadline.record))
    except (UserError, StaleDataError, OperationalError) as error:
        if not isinstance(error, UserError) and not is_conflict(error):
            raise
        log.warning("check_day.not_opened", number=deadline.record, error=str(error))
