"""The register behind the bot, read as an auditor would: records with their dates, forms and history."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlmodel import col, select

import storage.profile
from bot import profile
from bot.company import CompanySource
from bot.errors import Refused
from bot.improvement import LIFECYCLES
from bot.records import show
from bot.workflow import Scene, Workflow, judge
from storage.database import Database
from storage.history import Refusal
from storage.record import Record

WhyNot = Callable[[str, str, str], str | None]


class Register:
    """A second pair of eyes on the bot's database."""

    def __init__(self, database_url: str) -> None:
        self._database = Database(database_url)
        self._workflow = Workflow(self._database, CompanySource(), LIFECYCLES)

    def close(self) -> None:
        """Let go of the database."""
        self._database.dispose()

    def newest(self) -> str:
        """The number of the improvement raised last."""
        with self._database.reading() as session:
            return max(session.exec(select(Record.number).where(Record.kind == "improvement")))

    def record(self, number: str) -> dict[str, Any]:
        """Everything about a record."""
        with self._database.reading() as session:
            return show.as_data(session, self._workflow, number, datetime.now(UTC))

    def stage(self, number: str) -> str:
        """Where a record stands."""
        return str(self.record(number)["stage"])

    def due(self, number: str, name: str) -> tuple[str, str]:
        """The original and the current date of the newest deadline of this name."""
        found = [d for d in self.record(number)["deadlines"] if d["name"] == name][-1]
        return found["original"], found["current"]

    def steps(self, number: str) -> list[str]:
        """The steps that were taken, in order; refused attempts left out."""
        return [entry["step"] for entry in self.record(number)["history"] if not entry["refused"]]

    def last(self, number: str) -> dict[str, Any]:
        """The entry of the step that was taken last."""
        return next(e for e in reversed(self.record(number)["history"]) if not e["refused"])

    def refused(self, number: str) -> list[tuple[str, str, str]]:
        """The attempts that were turned down: who, which step, why."""
        history = self.record(number)["history"]
        return [(entry["actor"], entry["step"], entry["reason"]) for entry in history if entry["refused"]]

    def refused_raises(self) -> list[tuple[str, str, str]]:
        """The attempts that were turned down before there was a record, oldest first."""
        with self._database.reading() as session:
            found = session.exec(select(Refusal).where(col(Refusal.record).is_(None)).order_by(col(Refusal.id)))
            return [(refusal.actor, refusal.step, refusal.reason) for refusal in found]

    def forms(self, number: str) -> dict[str, str]:
        """The issued forms by number, with their state."""
        return {form["form_no"].removeprefix(f"{number}-"): form["state"] for form in self.record(number)["forms"]}

    @contextmanager
    def judging(self, now: datetime) -> Iterator[WhyNot]:
        """Tells of a record, a step and a person why they may not take it now; None if they may."""
        with self._database.snapshot() as session:

            @cache
            def here(number: str) -> Scene:
                return self._workflow.find(session, number, now.astimezone(UTC))

            @cache
            def why_not(number: str, step: str, person: str) -> str | None:
                scene = here(number)
                try:
                    judge(self._workflow.step_of(scene.record.kind, step), scene, person)
                except Refused as refusal:
                    return refusal.reason
                return None

            yield why_not

    def holders(self, role: str) -> list[str]:
        """Who holds a company-wide role."""
        with self._database.reading() as session:
            return list(self._workflow.companies.load(session).directory.holders(role))

    def change_profile(self, *changes: tuple[str, str], now: datetime) -> None:
        """Put the demo profile in force with these texts exchanged."""
        text = profile.built_in("demo")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        with self._database.transaction() as session:
            storage.profile.apply(session, text=text, by="test", now=now.astimezone(UTC))
