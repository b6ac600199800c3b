"""The demo company in a local workspace, with the bot as a process of its own that can be killed and started again."""

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any, Self
from zoneinfo import ZoneInfo

from bot import demo
from bot.sandbox import ControlClient, Sandbox
from tests.support import screen
from tests.support.bot_process import Begun, BotProcess, Forked
from tests.support.register import Register, WhyNot

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
START_LOOK_SECONDS = 0.02
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
GRAVE = {name: value for name, value in LIGHT.items() if name not in ("daily_kind", "requirement")} | {
    "capa_type": "CORRECTIVE",
    "severity": "MINOR",
    "origin": "MONITORING",
}
LARGE = {name: value for name, value in GRAVE.items() if name not in ("capa_type", "severity", "origin")}
REPORT = {"measure_taken": "更换进纸辊", "result": "连续三天未卡纸", "involves_change": "false"}


class Town:
    """People act through the workspace; what they see is asked of it. The bot runs as it runs for a company.

    A `forked` bot is there sooner. `raised` are the records of the story being told, `acted` the people in it.
    """

    def __init__(self, sandbox: Sandbox, database_url: str, *, forked: bool = False) -> None:
        self.sandbox = sandbox
        self.database_url = database_url
        self.register = Register(database_url)
        self._control = ControlClient(sandbox.url)
        self._looked_over = 0
        self.raised: set[str] = set()
        self.raised_before: set[str] = set()
        self.acted: set[str] = set()
        self.tolerated: set[str] = set()
        self.log: IO[bytes] | None = None
        self._forked = forked
        self._bot: BotProcess | None = None

    @classmethod
    @contextmanager
    def at_work(cls, database_url: str, at: datetime = MONDAY, *, forked: bool = False) -> Iterator[Self]:
        """The company in a workspace of its own, until the block ends."""
        demo.prepare(database_url, at)
        with Sandbox(demo.workspace(), at) as sandbox:
            place = cls(sandbox, database_url, forked=forked)
            try:
                place.start()
                yield place
            finally:
                place.leave()

    def begin_story(self) -> None:
        """What was raised and tolerated until now belongs to another story."""
        self.raised_before |= self.raised
        self.raised, self.acted, self.tolerated = set(), set(), set()

    def start(self) -> None:
        """Start the bot and wait until it lives in the workspace's time."""
        before = len(self.look("time")["bots"])
        environment = self._environment()
        self._bot = Forked(environment) if self._forked else Begun(environment, self.log)
        while len(self.look("time")["bots"]) == before or not self._reachable():
            if self._bot.ended(START_LOOK_SECONDS):
                raise RuntimeError("the bot did not start")

    def kill(self) -> None:
        """kill -9."""
        assert self._bot is not None
        self._bot.kill()

    def stop(self) -> int | None:
        """Let it finish; gives the exit code, None if it does not finish."""
        assert self._bot is not None
        return self._bot.stop()

    def leave(self) -> None:
        """The end of a test, which does not wait for a polite goodbye."""
        if self._bot is not None and not self._bot.ended(0):
            self.kill()
        self.register.close()

    @property
    def now(self) -> datetime:
        """The company's time."""
        return datetime.fromisoformat(self.look("time")["now"])

    def look(self, what: str, **query: Any) -> dict[str, Any]:
        """What the control API shows."""
        return self._control.look(what, **query)

    def act(self, call: str, **wish: Any) -> dict[str, Any]:
        """What the control API does."""
        if "as_" in wish:
            self.acted.add(wish["as_"])
        return self._control.act(call, **wish)

    def raise_(self, person: str = "U_CHEN", title: str = "打印机每天卡纸", **values: Any) -> str:
        """`/improve title`, and the form sent; gives the number of the record."""
        self.act("command", as_=person, channel="C_WEEKLY", text=f"/improve {title}")
        assert self.act("submit", as_=person, values=IDEA | values)["done"]
        number = self.register.newest()
        self.raised.add(number)
        return number

    def daily(self, owner: str = "U_ZHOU", title: str = "打印机每天卡纸", **classified: Any) -> str:
        """Raised by 陈晓 and made a daily improvement by 刘芳."""
        number = self.raise_(title=title)
        self.take("U_LIU", "classify_daily", number, **(LIGHT | {"owner": owner} | classified))
        return number

    def press(self, person: str, step: str, number: str = "IMP-2026-0001", **values: Any) -> dict[str, Any]:
        """Press a step's button wherever this person finds it, and fill its form."""
        return self.act("press", as_=person, action_id=step, value=number, values=values or None)

    def take(self, person: str, step: str, number: str, **values: Any) -> None:
        """Press, fill, and it is done."""
        answer = self.press(person, step, number, **values)
        assert answer.get("done"), answer

    def errors(self, person: str, step: str, number: str, **values: Any) -> dict[str, str]:
        """Press and fill; the sentences at the fields. The form is put away."""
        answer = self.press(person, step, number, **values)
        self.act("close", as_=person)
        found: dict[str, str] = answer.get("errors") or answer
        return found

    def refusal(self, person: str, step: str, number: str) -> str:
        """What somebody is told who clicks on a button that is not there for them."""
        answer = self.force(person, step, number)
        assert "done" not in answer, answer
        self.close_all(person)
        sentence: str = answer["said"]
        return sentence

    def open(self, person: str, step: str, number: str) -> dict[str, Any]:
        """Open a step's form from the "⋯" menu or the button, and give what it shows, by field."""
        answer = self.act("press", as_=person, action_id=step, value=number, look=True)
        assert "view_id" in answer, answer
        return self.form(person)

    def form(self, person: str) -> dict[str, Any]:
        """The open modal: its title, its text above the inputs, and its inputs by field."""
        view = self.look("view", as_=person)["view"]
        return {"title": view["title"]["text"], "text": screen.text_of(view["blocks"])} | {
            field["name"]: field for field in view["inputs"]
        }

    def submit(self, person: str, **values: Any) -> dict[str, Any]:
        """Send the open modal."""
        return self.act("submit", as_=person, values=values)

    def close_all(self, person: str) -> None:
        """Put away every open modal."""
        while self.look("view", as_=person)["view"]:
            self.act("close", as_=person)

    def improve(self, person: str, text: str = "") -> str:
        """What `/improve text` answers, to this person alone."""
        answer = self.act("command", as_=person, channel="C_WEEKLY", text=f"/improve {text}".strip())
        said: str = answer.get("said", "")
        if said:
            with self.register.judging(self.now) as why_not:
                self._assert_live(self.answers(person)[-1:], [person], self.raised, why_not)
        return said

    def click(self, person: str, step: str, number: str, **place: Any) -> dict[str, Any]:
        """A click on a button: in the newest message of the DM that offers it, or where `place` says."""
        if not place:
            found = next(m for m in reversed(self.dm(person)) if (step, number) in screen.offered(m))
            place = {"channel": found["channel"], "ts": found["ts"]}
        return self.act("click", as_=person, action_id=step, value=number, **place)

    def force(self, person: str, step: str, number: str = "IMP-2026-0001") -> dict[str, Any]:
        """A click on a button this person was never shown."""
        return self.act("click", as_=person, action_id=step, value=number, force=True)

    def move_to(self, day: str, time: str = "09:00") -> None:
        """Let the company's clock run to a moment, through everything that is due in between."""
        self.act("clock", to=datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=SHANGHAI).isoformat())

    def be_at(self, day: str) -> None:
        """Let it be this day; a story that ended on it leaves the clock where it is."""
        if self.now.astimezone(SHANGHAI).date().isoformat() != day:
            self.move_to(day)
        assert self.now.astimezone(SHANGHAI).date().isoformat() == day

    def dm(self, person: str) -> list[dict[str, Any]]:
        """The messages that stand between the bot and a person, oldest first; passing answers left out."""
        messages: list[dict[str, Any]] = self.look("messages", dm=person)["messages"]
        return [message for message in messages if not message["ephemeral_for"]]

    def answers(self, person: str) -> list[dict[str, Any]]:
        """What was answered in the weekly channel to this person alone, oldest first."""
        return [message for message in self.channel("C_WEEKLY") if message["ephemeral_for"] == person]

    def channel(self, channel: str) -> list[dict[str, Any]]:
        """The messages in a channel, oldest first."""
        messages: list[dict[str, Any]] = self.look("messages", channel=channel)["messages"]
        return messages

    def news(self, person: str, number: str) -> str:
        """The newest card of a record in somebody's DM, as they read it; empty if they have none."""
        cards = [m for m in self.dm(person) if re.search(rf"\b{number}(?!-?\w)", screen.key_of(m))]
        return screen.read(cards[-1]) if cards else ""

    def buttons(self, person: str, number: str) -> set[str]:
        """The steps of a record that this person can press somewhere in their DM."""
        return {step for m in self.dm(person) for step, of in screen.offered(m) if of == number}

    def read(self, message: dict[str, Any]) -> str:
        """A message as a person reads it."""
        return screen.read(message)

    def home(self, person: str) -> str:
        """What the Home tab says."""
        text: str = screen.text_of(self.look("home", as_=person)["view"]["blocks"])
        return text

    def keys(self, place: list[dict[str, Any]]) -> list[str]:
        """The outbox keys that the messages of a place carry."""
        return [screen.key_of(m) for m in place]

    def assert_payloads_obey_slack(self) -> None:
        """Nothing sent since the last look broke a limit of Slack, and Slack took all but `tolerated` errors."""
        calls = self.look("log", since=self._looked_over)["log"]
        self._looked_over += len(calls)
        screen.assert_obeys_slack(calls, self.tolerated)

    def assert_no_dead_buttons(self) -> None:
        """Whoever is shown a button of a record in `raised` may press it, in messages and on the Home of who acted.

        Answers to one person are looked at when they are given: Slack never brings them up to date.
        """
        places = [(self.dm(person), [person]) for person in self.people]
        places.append((self.channel("C_QUALITY"), self.register.holders("qa")))
        places.append(([m for m in self.channel("C_WEEKLY") if not m["ephemeral_for"]], self.people))
        with self.register.judging(self.now) as why_not:
            for place, readers in places:
                self._assert_live(place, readers, self.raised, why_not)
        self.assert_no_dead_homes(self.acted)

    def assert_no_dead_homes(self, people: Iterable[str]) -> None:
        """The same on the Home tabs of these people, for every record. To open one takes the bot as long as a step."""
        homes = {person: self.look("home", as_=person)["view"] for person in sorted(people)}
        with self.register.judging(self.now) as why_not:
            for person, home in homes.items():
                self._assert_live([home], [person], self.raised | self.raised_before, why_not)

    @property
    def people(self) -> list[str]:
        """Everybody in the workspace."""
        return [user.id for user in self.sandbox.company.users]

    @staticmethod
    def _assert_live(
        place: list[dict[str, Any]], readers: list[str], records: Collection[str], why_not: WhyNot
    ) -> None:
        for message in place:
            for step, number in screen.offered(message):
                if number[:13] not in records:
                    continue
                reasons = {why_not(number, step, reader) for reader in readers}
                assert None in reasons, f"{readers} see {step} of {number}, {reasons}: {screen.read(message)}"

    def _reachable(self) -> bool:
        return bool(self.look("time")["connections"])

    def _environment(self) -> dict[str, str]:
        company = self.sandbox.company
        return {
            "SLACK_BOT_TOKEN": company.bot_token,
            "SLACK_APP_TOKEN": company.app_token,
            "DATABASE_URL": self.database_url,
            "IMPROVE_BOT_SLACK_URL": self.sandbox.api_url,
            "IMPROVE_BOT_TIME_URL": f"{self.sandbox.url}/_time",
            "IMPROVE_BOT_LOG": "text",
        }


@contextmanager
def town(database_url: str, at: datetime = MONDAY, *, forked: bool = False) -> Iterator[Town]:
    """The demo company with a running bot."""
    with Town.at_work(database_url, at, forked=forked) as place:
        yield place
