"""What happened before a schedule begins: people took steps, and what the bot said then has long been read."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import update
from sqlmodel import col

import storage.person
from bot.company import CompanySource
from bot.errors import Message, UserError
from bot.improvement import LIFECYCLES
from bot.improvement.check_day import open_reached
from bot.workflow import Request, Workflow
from storage.database import Database
from storage.outbox import SENT, OutboxRow
from storage.person import Person
from tests.faults.choosing import Turn, next_turn
from tests.support.company import NAMES
from tests.support.town import IDEA

DAYS, IDEAS = 90, 2
PAUSES = (0.1, 0.2, 1, 4, 20, 60)
"""Hours between two steps."""
WHENCE = {"source": "STAFF_SUGGESTION", "source_detail": "SUGGESTION", "raising_dept": "信息部"}


class Past:
    """The months before a schedule, without a bot: steps are taken directly, each filled in honestly."""

    def __init__(self, database: Database, begin: datetime, chance: Random) -> None:
        self._database = database
        self._workflow = Workflow(database, CompanySource(), LIFECYCLES)
        self._chance, self._end = chance, begin - timedelta(hours=1)
        self._now = begin - timedelta(days=DAYS)
        self._tried = 0

    def live(self, steps: int) -> None:
        """Let some opportunities be raised, and so many steps be tried; nothing of it stands in the workspace."""
        with self._database.transaction() as session:
            known = [Person(id=one, name=name, locale="zh-CN", refreshed_at=self._now) for one, name in NAMES.items()]
            storage.person.save(session, known)
        for number in range(IDEAS):
            idea = IDEA | WHENCE | {"title": f"早先的想法第{number}号"}
            self._take(Turn("raise_opportunity", None, "U_CHEN", idea, {}))
        for _ in range(steps):
            with self._database.reading() as session:
                turn = next_turn(session, self._workflow, self._now, self._chance, pull=1.0)
            if turn is not None:
                self._take(turn)
        sent = {"state": SENT, "not_before": None, "sent_at": self._now}
        with self._database.transaction() as session:
            session.execute(update(OutboxRow).where(col(OutboxRow.not_before).is_not(None)).values(sent))

    def _take(self, turn: Turn) -> None:
        self._tried += 1
        values = {n: "无" if isinstance(v, Message) else v for n, v in turn.presets.items()} | (turn.values or {})
        request = Request(turn.step, turn.person, f"past:{self._tried}", self._now, number=turn.number, values=values)
        try:
            self._workflow.perform(request)
        except UserError:
            return
        open_reached(self._workflow, self._now)
        later = self._now + timedelta(hours=self._chance.choice(PAUSES))
        self._now = later if later < self._end else self._now + timedelta(seconds=1)
