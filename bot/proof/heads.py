"""When a head is made: once a day by whichever process comes first; and once a month quality is told of it.

The digest in the channel and in the log is what somebody who rewrites the database cannot take back.
"""

from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

import storage.head
import storage.job
import storage.outbox
from bot.company import Company, CompanySource
from bot.proof.seal import Keys, Tally
from bot.reminders import hours
from bot.workflow.cards import encode
from storage.database import Database
from storage.head import Head

JOB, POSTED, KIND = "head", "head_posted", "note"
# A step has its time before it is committed; looking back further finds what was in flight at the head before.
OVERLAP = timedelta(days=2)
log = structlog.get_logger()


class Heads:
    """The heads of one company. Any number of processes may make them at the same time."""

    def __init__(self, database: Database, companies: CompanySource, keys: Keys) -> None:
        self._database = database
        self._companies = companies
        self._keys = keys

    def run(self, now: datetime) -> None:
        """Make today's head and tell quality of last month's, unless that has been done."""
        with self._database.reading() as session:
            company = self._companies.load(session)
            made = storage.job.find(session, job=JOB, period=self._period(company, now))
            posted = storage.job.find(session, job=POSTED, period=_month(company, now))
        if not made:
            self._make(company, now)
        if not posted and hours.may_send(company, now):
            self._post(company, now)

    def _period(self, company: Company, now: datetime) -> str:
        """A new key signs on the day it comes."""
        return f"{company.today(now)} {self._keys.name or ''}".strip()

    def _make(self, company: Company, now: datetime) -> None:
        with self._database.transaction() as session:
            if not storage.job.claim(session, job=JOB, period=self._period(company, now), now=now):
                return
            head = _next(session, company, now)
            self._keys.sign(head)
            session.add(head)
        log.info("head", no=head.no, day=str(head.day), hash=head.hash, entries=head.entries, signature=head.signature)

    def _post(self, company: Company, now: datetime) -> None:
        with self._database.transaction() as session:
            if not storage.job.claim(session, job=POSTED, period=_month(company, now), now=now):
                return
            head = storage.head.last_before(session, company.today(now).replace(day=1))
            if head is not None:
                _tell_quality(session, company, head, now)


def _next(session: Session, company: Company, now: datetime) -> Head:
    before = storage.head.last(session)
    no = before.no + 1 if before else 1
    storage.head.seal(session, no=no, since=before.at - OVERLAP if before else None)
    tally = Tally(before.records, before.entries, before.hash) if before else Tally()
    return tally.head(no=no, day=company.today(now), at=now, lines=storage.head.lines(session, no))


def _tell_quality(session: Session, company: Company, head: Head, now: datetime) -> None:
    channel = company.profile.channels.quality
    params = {"day": head.day, "records": head.records, "entries": head.entries, "hash": head.hash}
    data = {"news": "head", "params": encode(params)}
    key = f"head:{channel}:{_month(company, now)}"
    storage.outbox.put(session, key=key, target=channel, kind=KIND, data=data, now=now)


def _month(company: Company, now: datetime) -> str:
    return f"{company.today(now):%Y-%m}"
