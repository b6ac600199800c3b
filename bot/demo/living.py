"""Has people live the company's life: the clock runs to each of their acts, and the bot's own engine takes the step.

A step goes through the same forms, guards and separations as a click; what the form shows preset is left as it is. The
bot that lives in the workspace meanwhile delivers, reminds and escalates as the clock passes.

The steps of a day are all taken when its first hour has come, each at its own time, and their messages wait for theirs:
so a card is drawn once that would be drawn again with every step on its item, which makes the life twice as fast.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from bot.demo.script import Act, shifted
from bot.errors import Message
from bot.render import Words
from bot.sandbox import ControlClient
from bot.workdays import WorkCalendar
from bot.workflow import Request, Scene, Workflow, scene
from bot.workflow.step import Step

IN_TEXT = re.compile(r"\{(?:(?P<days>[+-]?\d+)|@(?P<story>\w+))\}")
SAY, BEGIN, CASE = "say", "raise_opportunity", "case"


class LifeStoppedError(Exception):
    """The workspace or the bot in it did not do what people asked; the message says what they answered."""


class Living:
    """One life in one workspace. `workflow` is the engine over the bot's database, `words` are those of the forms."""

    def __init__(self, workflow: Workflow, calendar: WorkCalendar, words: Words, control: ControlClient) -> None:
        self._workflow, self._calendar, self._words, self._control = workflow, calendar, words, control
        self._numbers: dict[str, str] = {}
        self._now = datetime.min.replace(tzinfo=UTC)

    def live(self, acts: Iterable[Act], until: datetime) -> None:
        """Do all of it in its order, then let the clock run to `until`. Raises `UserError` for a step refused.

        On the last day everybody has read what was said before it.
        """
        for day, todays in groupby(enumerate(acts), key=lambda numbered: numbered[1].at.date()):
            if day == until.date():
                self._control.act("read")
            for count, act in todays:
                if act.does == SAY or act.at.date() > self._now.astimezone(act.at.tzinfo).date():
                    self._wait(act.at)
                self._do(act, f"life:{count}")
        self._wait(until)

    def _wait(self, at: datetime) -> None:
        """Let time pass. Messages take a second each, so that it may be a little later than was asked for."""
        if at <= self._now:
            return
        answer = self._control.act("clock", to=at.isoformat())
        if "error" in answer or "bot_problems" in answer:
            raise LifeStoppedError(str(answer))
        self._now = datetime.fromisoformat(answer["now"])

    def _do(self, act: Act, key: str) -> None:
        values = {name: self._meant(value, act.at.date()) for name, value in act.values.items()}
        if act.does == SAY:
            self._control.act("message", as_=act.who, **values)
            return
        step, here = self._step(act)
        form = self._as_shown(step, here, act.who) | self._chosen(step, here, values)
        number = here.record.number or None
        done = self._workflow.perform(Request(step.id, act.who, key, max(act.at, self._now), step.kind, number, form))
        self._numbers.setdefault(act.story, done.number)

    def _step(self, act: Act) -> tuple[Step, Scene]:
        with self._workflow.database.reading() as session:
            if act.does == BEGIN:
                company = self._workflow.companies.load(session)
                here = scene.blank(company, self._now, "improvement", act.who)
            else:
                here = self._workflow.find(session, self._number(act), self._now)
                if act.part == CASE:
                    here = self._workflow.find(session, here.value(CASE), self._now)
        return self._workflow.step_of(here.record.kind, act.does), here

    def _number(self, act: Act) -> str:
        number = self._numbers[act.story]
        return f"{number}-{act.part}" if act.part and act.part != CASE else number

    def _as_shown(self, step: Step, here: Scene, person: str) -> dict[str, Any]:
        presets = step.presets(here, person).items()
        return {name: self._words.say(value) if isinstance(value, Message) else value for name, value in presets}

    def _chosen(self, step: Step, here: Scene, values: Mapping[str, Any]) -> dict[str, Any]:
        """A list entry is chosen by the code it begins with, as people read it: C1, O2."""
        options = {text.split()[0]: key for texts in step.offered(here).values() for key, text in _plain(texts)}
        return {name: options.get(value, value) if name.endswith("_item") else value for name, value in values.items()}

    def _meant(self, value: Any, day: date) -> Any:
        """A value with the dates and numbers that its text stands for."""

        def put_in(found: re.Match[str]) -> str:
            if found["story"]:
                return self._numbers[found["story"]]
            return shifted(day, int(found["days"]), self._calendar).isoformat()

        return IN_TEXT.sub(put_in, value) if isinstance(value, str) else value


def _plain(texts: Mapping[str, Message | str]) -> Iterable[tuple[str, str]]:
    return ((key, text) for key, text in texts.items() if isinstance(text, str))
