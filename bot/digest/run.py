"""When the digest is posted: once a week, on its day or the next working day of the same week, never in a later one."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

import storage.job
import storage.outbox
import storage.register
from bot.company import Company, CompanySource
from bot.digest.snapshot import compile, week_of
from bot.reminders import hours
from storage.base import Values
from storage.database import Database
from storage.job import JobRun
from storage.outbox import DEAD, OutboxRow

JOB = KIND = "digest"
FIRST_WINDOW = timedelta(days=7)
WEEKS_AHEAD = 60
# A step has its time before it is committed: what is in flight at the cut-off would be in no digest.
IN_FLIGHT = timedelta(minutes=1)


class Digests:
    """The digests of one company. Any number of processes may run them at the same time."""

    def __init__(self, database: Database, companies: CompanySource) -> None:
        self._database = database
        self._companies = companies

    def run(self, now: datetime) -> bool:
        """Post this week's digest if it is time and nobody has; says whether it did.

        The claim of the week, the facts and the message are one transaction: all of it happens, or none, or, where two
        processes try, the first one's.
        """
        with self._database.reading() as session:
            company = self._companies.load(session)
            if not _may_post(company, now):
                return False
            posted = storage.job.find(session, job=JOB, period=week_of(company.today(now)))
            if posted and not _refused_so_far(session, posted, company.today(now)):
                return False
        with self._database.transaction() as session:
            return _post_again(session, company, posted, now) if posted else _post(session, company, now)

    def next_moment(self, now: datetime) -> datetime:
        """When the next digest is scheduled, strictly after `now`."""
        with self._database.reading() as session:
            company = self._companies.load(session)
        today = company.today(now)
        for weeks in range(WEEKS_AHEAD):
            moment = _moment(company, today + timedelta(weeks=weeks))
            if moment and moment > now:
                return moment
        return hours.next_send_at(company, now + timedelta(weeks=WEEKS_AHEAD))

    def redirect(self, session: Session, row: OutboxRow, now: datetime) -> None:
        """Told by the sender that the channel did not take a digest: the quality manager gets it, with the reason."""
        company = self._companies.load(session)
        if row.target != company.profile.channels.weekly or row.data.get("again"):
            return
        data = row.data | {"undelivered": row.error or "", "channel": row.target}
        for person in company.directory.holders("qa_manager") or company.directory.holders("mgmt_rep"):
            key = f"{row.key}>{person}"
            storage.outbox.put(session, key=key, target=person, kind=KIND, data=data, now=now)


def _post(session: Session, company: Company, now: datetime) -> bool:
    week, channel = week_of(company.today(now)), company.profile.channels.weekly
    before = storage.job.last(session, JOB)
    if not storage.job.claim(session, job=JOB, period=week, now=now):
        return False
    until = now - IN_FLIGHT
    since = datetime.fromisoformat(before.data["until"]) if before else until - FIRST_WINDOW
    key = f"{KIND}:{channel}:{week}"
    data: Values = {**compile(session, company, now, since, until), "key": key}
    claimed = storage.job.find(session, job=JOB, period=week)
    if claimed is not None:
        claimed.data = data
        session.add(claimed)
    return storage.outbox.put(session, key=key, target=channel, kind=KIND, data=data, now=now)


def _refused_so_far(session: Session, posted: JobRun, today: date) -> bool:
    """Whether the channel has not taken this week's digest, and has not been tried today."""
    key = posted.data["key"]
    monday = today - timedelta(days=today.isoweekday() - 1)
    tries = [f"{key}:{monday + timedelta(days=n)}" for n in range(today.isoweekday())]
    states = storage.register.message_states(session, [key, *tries])
    return posted.data["last"] != str(today) and tries[-1] not in states and set(states.values()) == {DEAD}


def _post_again(session: Session, company: Company, posted: JobRun, now: datetime) -> bool:
    """The channel may have been repaired, or another one named: try once a working day until the week is over."""
    key, channel = f"{posted.data['key']}:{company.today(now)}", company.profile.channels.weekly
    data = posted.data | {"again": True}
    return storage.outbox.put(session, key=key, target=channel, kind=KIND, data=data, now=now)


def _may_post(company: Company, now: datetime) -> bool:
    """From the week's moment on, as long as it is an hour of a working day at which the bot may speak."""
    moment = _moment(company, company.today(now))
    if moment is None or now < moment:
        return False
    on_its_day = company.today(moment) == company.today(now)
    return hours.before_end(company, now) if on_its_day else hours.may_send(company, now)


def _moment(company: Company, day: date) -> datetime | None:
    """When the week of this day has its digest: its weekday, else the next working day of the same week, else never."""
    digest = company.profile.digest
    posted_on = company.calendar.in_week(day, digest.weekday)
    return hours.instant(company, posted_on, digest.at) if posted_on else None
