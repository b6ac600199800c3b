"""What happens when. APScheduler only wakes us; what must happen once is claimed in the database.

=====================  =========================================================================
every second           send what waits in the outbox
every 30 seconds       open the checks whose day has come; the digest of the week and the reminders of the day, if they
                       are due; the day's head over all histories
once a day             ask Slack for the members, so that names, languages and departures are known; count dates
                       again that were counted before a calendar was published; take buttons off whose time is up
=====================  =========================================================================
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Any, TypeVar

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

import storage.job
from bot.calendar_upkeep import recount
from bot.context import Context
from bot.delivery import Delivery
from bot.digest import Digests
from bot.improvement import check_day, run_out
from bot.people import sync
from bot.proof import Heads
from bot.reminders import Reminders, orphans

SEND_SECONDS, DUE_SECONDS = 1, 30
T = TypeVar("T")
log = structlog.get_logger()


@dataclass(frozen=True)
class Agenda:
    """Everything that wakes by itself."""

    context: Context
    delivery: Delivery
    reminders: Reminders
    digests: Digests
    heads: Heads

    def run_due(self, now: datetime) -> None:
        """Do what the clock asks for at `now`; a second call at the same moment finds nothing to do."""
        with self.context.database.transaction() as session:
            storage.job.beat(session, "tick", now)
        daily = (self._refresh_people, self._recount, self._redraw)
        for task in (*daily, self._open_checks, self.digests.run, self.reminders.run, self.heads.run):
            self._guarded(task, now)

    def send(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """Send what can be sent, with a fresh time for every round: leases count from it. The rest can wait."""
        while not stopping():
            if not self._guarded(self.delivery.drain, self.context.clock.now()):
                return

    def next_send(self, now: datetime) -> datetime | None:
        """The earliest instant at which a message that has to wait could be sent."""
        return self.delivery.next_send(now)

    def next_moment(self, now: datetime) -> datetime:
        """The next scheduled moment after `now`."""
        return min(self.reminders.next_moment(now), self.digests.next_moment(now))

    def landmarks(self, now: datetime) -> dict[str, datetime]:
        """Where somebody who moves the clock may want to go: the moments after `now` at which something begins."""
        moments = (self.digests.next_moment(now), self.reminders.next_message(now))
        return {"next_workday": self.reminders.next_moment(now), "next_reminder": min(filter(None, moments))}

    def _refresh_people(self, now: datetime) -> None:
        self._daily("people", self.meet_people, now)

    def _recount(self, now: datetime) -> None:
        self._daily("recount", lambda now: recount(self.context.workflow, now), now)

    def _redraw(self, now: datetime) -> None:
        self._daily(run_out.JOB, lambda now: run_out.redraw(self.context.workflow, now), now)

    def _open_checks(self, now: datetime) -> None:
        check_day.open_reached(self.context.workflow, now)

    def meet_people(self, now: datetime) -> None:
        """Ask Slack who is there, and report who has left since."""
        people = sync.everyone(self.context.slack, now)
        orphans.keep(self.context.database, self.context.companies, people, now)

    def _daily(self, job: str, task: Callable[[datetime], object], now: datetime) -> None:
        """Do it if it has not been done today. Claimed afterwards, so that what failed is tried again next time."""
        with self.context.database.reading() as session:
            today = self.context.companies.load(session).today(now).isoformat()
            if storage.job.find(session, job=job, period=today):
                return
        task(now)
        with self.context.database.transaction() as session:
            storage.job.claim(session, job=job, period=today, now=now)

    @staticmethod
    def _guarded(task: Callable[[datetime], T], now: datetime) -> T | None:
        try:
            return task(now)
        except Exception:  # the clock's outermost edge: one failing task must not stop the others
            log.exception("task_failed", task=getattr(task, "__qualname__", ""))
            return None


class Ticker:
    """APScheduler with the two jobs of this page."""

    def __init__(self) -> None:
        # Never a shared job store: it runs jobs twice. A late job still runs, and only once.
        self._scheduler = _Scheduler(job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
        self._stopping = Event()

    def start(self, agenda: Agenda) -> None:
        """Begin to tick."""
        clock = agenda.context.clock
        self._scheduler.add_job(lambda: agenda.send(self._stopping.is_set), "interval", seconds=SEND_SECONDS, id="send")
        self._scheduler.add_job(
            lambda: agenda.run_due(clock.now()), "interval", seconds=DUE_SECONDS, id="due", next_run_time=clock.now()
        )
        self._scheduler.start()

    def stop(self) -> None:
        """Finish the round that runs and tick no more; a long queue is not waited for."""
        self._stopping.set()
        self._scheduler.shutdown(wait=True)


class _Scheduler(BackgroundScheduler):  # type: ignore[misc]
    """APScheduler's, for a computer whose clock may be set back: it would rest until the planned time came again."""

    def _process_jobs(self) -> Any:
        now = datetime.now(self.timezone)
        for job in self.get_jobs():
            if job.next_run_time - now > timedelta(seconds=DUE_SECONDS):
                job.modify(next_run_time=now)
        return super()._process_jobs()
