"""kill -9 at the two worst moments: nothing is lost, and against the workspace nothing is sent twice."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from sqlmodel import select

from storage.database import Database
from storage.outbox import LEASED, OutboxRow
from tests.support.town import LIGHT, Town

COMMIT_AND_DIE = """
import os, signal, sys
from datetime import UTC, datetime
from bot.company import CompanySource
from bot.improvement import LIFECYCLES
from bot.workflow import Request, Workflow
from storage.database import Database

idea = {"title": "断电前提出", "description": "提交后进程被杀", "source": "SERVICE_REPORT", "raising_dept": "信息部"}
workflow = Workflow(Database(sys.argv[1]), CompanySource(), LIFECYCLES)
workflow.perform(Request("raise_opportunity", "U_CHEN", "dying", datetime(2026, 3, 2, 1, tzinfo=UTC), values=idea))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_between_commit_and_send(company: Town) -> None:
    company.kill()
    dying = subprocess.run([sys.executable, "-c", COMMIT_AND_DIE, company.database_url], check=False)
    assert dying.returncode == -signal.SIGKILL
    assert company.channel("C_QUALITY") == []

    company.start()
    company.move_to("2026-03-02", "09:02")

    assert len(company.channel("C_QUALITY")) == 1
    assert len(company.dm("U_CHEN")) == 1
    assert "断电前提出" in company.channel("C_QUALITY")[0]["text"]


def test_killed_after_send_before_mark(company: Town) -> None:
    company.raise_()
    company.act("fault", method="chat.postMessage", mode="slow", seconds=30, times=1)
    with ThreadPoolExecutor(1) as background:
        press = background.submit(company.press, "U_LIU", "classify_daily", **LIGHT)
        _wait_for_a_lease(company.database_url)
        while not company.dm("U_ZHOU"):
            pass
        company.kill()
        press.result()

    company.start()
    company.move_to("2026-03-02", "09:05")

    assert len(company.dm("U_ZHOU")) == 1
    assert len(company.keys(company.dm("U_CHEN"))) == len(set(company.keys(company.dm("U_CHEN")))) == 2
    assert company.press("U_ZHOU", "accept")["done"]


def test_one_digest_although_killed_on_monday_morning(company: Town) -> None:
    company.act("fault", method="chat.postMessage", mode="slow", seconds=30, times=1)
    with ThreadPoolExecutor(1) as background:
        monday = background.submit(company.move_to, "2026-03-09")
        while not company.channel("C_WEEKLY"):
            pass
        company.kill()
        monday.result()

    company.start()
    company.move_to("2026-03-09", "09:10")

    digests = [key for key in company.keys(company.channel("C_WEEKLY")) if key.endswith("W11")]
    assert digests == ["digest:C_WEEKLY:2026-W11"]


def _wait_for_a_lease(database_url: str) -> None:
    database = Database(database_url)
    leased = None
    while leased is None:
        with database.reading() as session:
            leased = session.exec(select(OutboxRow).where(OutboxRow.state == LEASED)).first()
    database.dispose()
