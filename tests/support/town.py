"""The demo company in a local workspace, with the bot as a process of its own that can be killed and started again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot import demo
from bot.sandbox import ControlClient, Sandbox

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
IDEA = {"description": "三楼打印机每天卡纸，值班员每次要等十分钟"}
LIGHT = {
    "impact": "2",
    "resource_need": "1",
    "urgency": "2",
    "responsible_dept": "信息部",
    "owner": "U_ZHOU",
    "daily_kind": "WORK_ENVIRONMENT",
    "requirement": "更换进纸辊并登记",
    "decision_reason": "轻微，部门内可解决",
}
REPORT = {"measure_taken": "更换进纸辊", "result": "连续三天未卡纸", "involves_change": "false"}


class Town:
    """People act through the workspace; what they see is asked of it. The bot runs as it runs for a company."""

    def __init__(self, sandbox: Sandbox, database_url: str) -> None:
        self.sandbox = sandbox
        self.database_url = database_url
        self._control = ControlClient(sandbox.url)
        self._bot: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the bot and wait until it lives in the workspace's time."""
        before = len(self.look("time")["bots"])
        self._bot = subprocess.Popen([sys.executable, "-m", "bot", "run"], env=self._environment())
        while len(self.look("time")["bots"]) == before or not self.look("time")["connections"]:
            if self._bot.poll() is not None:
                raise RuntimeError("the bot did not start")

    def kill(self) -> None:
        """kill -9."""
        assert self._bot is not None
        self._bot.send_signal(signal.SIGKILL)
        self._bot.wait()

    def stop(self) -> None:
        """Let it finish."""
        if self._bot is not None and self._bot.poll() is None:
            self._bot.terminate()
            self._bot.wait(timeout=20)

    def look(self, what: str, **query: Any) -> dict[str, Any]:
        """What the control API shows."""
        return self._control.look(what, **query)

    def act(self, call: str, **wish: Any) -> dict[str, Any]:
        """What the control API does."""
        return self._control.act(call, **wish)

    def raise_(self, person: str = "U_CHEN", title: str = "打印机每天卡纸", **values: Any) -> None:
        """`/improve title`, and the form sent."""
        self.act("command", as_=person, channel="C_WEEKLY", text=f"/improve {title}")
        assert self.act("submit", as_=person, values=IDEA | values)["done"]

    def press(self, person: str, step: str, number: str = "IMP-2026-0001", **values: Any) -> dict[str, Any]:
        """Press a step's button wherever this person finds it, and fill its form."""
        return self.act("press", as_=person, action_id=step, value=number, values=values or None)

    def force(self, person: str, step: str, number: str = "IMP-2026-0001") -> dict[str, Any]:
        """A click on a button this person was never shown."""
        newest = self.dm("U_CHEN")[-1]
        return self.act(
            "click", as_=person, channel=newest["channel"], ts=newest["ts"], action_id=step, value=number, force=True
        )

    def move_to(self, day: str, time: str = "09:00") -> None:
        """Let the company's clock run to a moment, through everything that is due in between."""
        self.act("clock", to=datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=SHANGHAI).isoformat())

    def dm(self, person: str) -> list[dict[str, Any]]:
        """The messages between the bot and a person, oldest first."""
        messages: list[dict[str, Any]] = self.look("messages", dm=person)["messages"]
        return messages

    def channel(self, channel: str) -> list[dict[str, Any]]:
        """The messages in a channel, oldest first."""
        messages: list[dict[str, Any]] = self.look("messages", channel=channel)["messages"]
        return messages

    def keys(self, place: list[dict[str, Any]]) -> list[str]:
        """The outbox keys that the messages of a place carry."""
        return [m["metadata"]["event_payload"]["key"] for m in place]

    def _environment(self) -> dict[str, str]:
        company = self.sandbox.company
        return os.environ | {
            "SLACK_BOT_TOKEN": company.bot_token,
            "SLACK_APP_TOKEN": company.app_token,
            "DATABASE_URL": self.database_url,
            "IMPROVE_BOT_SLACK_URL": self.sandbox.api_url,
            "IMPROVE_BOT_TIME_URL": f"{self.sandbox.url}/_time",
            "IMPROVE_BOT_LOG": "text",
        }


@contextmanager
def town(database_url: str, at: datetime = MONDAY) -> Iterator[Town]:
    """The demo company with a running bot."""
    demo.prepare(database_url, at)
    with Sandbox(demo.workspace(), at) as sandbox:
        place = Town(sandbox, database_url)
        place.start()
        try:
            yield place
        finally:
            place.stop()
