"""A step being taken inside its transaction, with whatever it causes on this record and on others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import storage.record
from bot.people.who import SYSTEM
from bot.workflow import scene
from bot.workflow.chain import Event
from bot.workflow.change import Change
from bot.workflow.judging import glance, judge
from bot.workflow.outcome import Outcome
from bot.workflow.scene import Scene
from bot.workflow.step import Lifecycle, Step
from storage.record import Record


@dataclass(frozen=True)
class Taking:
    """One request being granted. What it leads to is gathered in `outcome` and written by whoever began it."""

    lifecycles: Mapping[str, Lifecycle]
    outcome: Outcome

    def take(self, step: Step, here: Scene, actor: str, values: Mapping[str, Any], seen: str | None = None) -> None:
        """Take a step as somebody asked for it; raises `Refused` or `Invalid` if it may not be taken like that.

        `seen` is what the form was opened on, if it was opened.
        """
        self._take(self._change(here, step, actor, self.outcome.key), values, seen)
        for whole in self.outcome.scenes.values():
            self.lifecycles[whole.record.kind].lastly(self.outcome.session, whole)

    def _take(self, change: Change, values: Mapping[str, Any], seen: str | None = None) -> None:
        here, step = change.scene, change.step
        change.role = judge(step, here, change.actor)
        if seen is not None and seen != glance(step, here):
            change.refuse("changed_meanwhile", number=here.record.number)
        form = step.form.read(values, step.setting(here))
        before, held = here.record.stage or None, _held(here.record)
        if step.creates and not here.record.number:
            self._number(change)
        self.outcome.scenes[here.item.number] = here.whole
        change.stage = next(iter(step.to)) if len(step.to) == 1 else here.record.stage
        step.effect(change, form)
        self._finish(change, form.plain() | change.noted, before)
        self._redraw(change, moved=_held(here.record) != held)

    def _finish(self, change: Change, values: Mapping[str, Any], before: str | None) -> None:
        record, lifecycle = change.record, self.lifecycles[change.record.kind]
        if change.step.to and change.stage not in change.step.to:
            raise ValueError(f"{change.step.id} did not choose its stage")
        record.stage = change.stage
        record.ended_on = (record.ended_on or change.today) if record.stage in lifecycle.final else None
        record.version += 0 if change.step.creates else 1
        change.outcome.events.append(self._event(change, values, before))
        lifecycle.after(change)
        if record.stage != before and not change.step.creates and record.parent is None:
            change.tell(sorted(change.scene.case.lasting("watcher")), "stage_changed")

    @staticmethod
    def _redraw(change: Change, *, moved: bool) -> None:
        """What shows the record; its item, if it is a part; its parts, if the item has `moved`."""
        here, outcome = change.scene, change.outcome
        outcome.redraw(here)
        if change.step.by_system:
            return
        if here.record.parent:
            outcome.redraw(here.whole)
        if moved:
            for part in here.parts:
                outcome.redraw(here.of(part))

    @staticmethod
    def _event(change: Change, values: Mapping[str, Any], before: str | None) -> Event:
        return Event(
            record=change.record.number,
            at=change.scene.now,
            actor=change.actor,
            role=change.role,
            step=change.step.id,
            from_stage=before,
            to_stage=change.record.stage,
            round=change.record.round,
            key=change.key,
            values=values,
        )

    def _change(self, here: Scene, step: Step, actor: str, key: str) -> Change:
        session = self.outcome.session
        return Change(session, here, step, actor, "", key, spawn=self._cause, create=self._create, outcome=self.outcome)

    def _cause(self, origin: Change, step_id: str, record: Record, values: Mapping[str, Any]) -> None:
        step, key = self.lifecycles[record.kind].step(step_id), f"{origin.key}/{step_id}"
        there = self._there(origin, record)
        self._take(self._change(there, step, SYSTEM, key), values)

    def _there(self, origin: Change, record: Record) -> Scene:
        """The scene of a record, of this item or another; each item is read once, because it may be changed again."""
        scenes, item = self.outcome.scenes, record.parent or record.number
        if item not in scenes:
            scenes[item] = scene.load(origin.session, origin.scene.company, origin.scene.now, [record])[0].whole
        return scenes[item].of(record)

    def _create(self, origin: Change, kind: str) -> Record:
        """A part of the item where its kind has a suffix, else a record that stands by itself."""
        item, suffix = origin.scene.item, self.lifecycles[kind].suffix
        record = Record(
            number=self._part_number(origin, suffix) if suffix else self._next_number(origin, kind),
            kind=kind,
            stage="",
            parent=item.number if suffix else None,
            round=item.round if suffix else 0,
            title=item.title,
            raiser=origin.actor,
            created_at=origin.scene.now,
            created_on=origin.today,
        )
        origin.session.add(record)
        origin.session.flush()
        if suffix:
            origin.scene.whole.parts.append(record)
        return record

    @staticmethod
    def _part_number(origin: Change, suffix: str) -> str:
        prefix = f"{origin.scene.item.number}-{suffix}"
        return f"{prefix}{storage.record.take_number(origin.session, prefix=prefix, year=0)}"

    def _next_number(self, origin: Change, kind: str) -> str:
        prefix, year = self.lifecycles[kind].prefix, origin.today.year
        return f"{prefix}-{year}-{storage.record.take_number(origin.session, prefix=prefix, year=year):04d}"

    def _number(self, change: Change) -> None:
        change.record.number = self._next_number(change, change.record.kind)
        change.session.add(change.record)
        change.session.flush()


def _held(record: Record) -> tuple[str, str | None, int]:
    """What of an item decides about the buttons on its parts."""
    return record.stage, record.owner, record.round
