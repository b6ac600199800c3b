"""The engine: `available()` says which steps a person may take, `perform()` takes one. Nothing else writes a stage."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlmodel import Session

import storage.history
import storage.outbox
import storage.record
from bot.company import CompanySource
from bot.errors import Invalid, Message, Refused, UserError
from bot.people.who import SYSTEM
from bot.watch import Nobody, Watch
from bot.workflow import cards, chain, scene
from bot.workflow.change import Change
from bot.workflow.names import stage_name
from bot.workflow.scene import Scene
from bot.workflow.step import Lifecycle, Step
from storage.database import Database, is_deadlock
from storage.history import Receipt, Refusal
from storage.record import Record

ATTEMPTS = 3


@dataclass(frozen=True)
class Request:
    """One attempt at a step. `key` names the delivery; the same key again changes nothing.

    `number` is None for a step that creates a record. `seen` is what `glance()` gave when the form was opened.
    """

    step: str
    actor: str
    key: str
    now: datetime
    kind: str = "improvement"
    number: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    seen: str | None = None


@dataclass(frozen=True)
class Done:
    """A step taken, now or by an earlier delivery of the same request."""

    number: str
    stage: str
    repeated: bool = False


class Workflow:
    """The lifecycles of all kinds of records over one database."""

    def __init__(
        self,
        database: Database,
        companies: CompanySource,
        lifecycles: Mapping[str, Lifecycle],
        watch: Watch | None = None,
    ) -> None:
        self.database = database
        self.companies = companies
        self.lifecycles = lifecycles
        self._watch = watch or Nobody()

    def perform(self, request: Request) -> Done:
        """Take a step in one transaction, or raise `UserError` having changed nothing.

        A refusal is recorded in a transaction of its own.
        """
        try:
            done = self._retried(request)
        except (Refused, Invalid) as refusal:
            self.record_refusal(request, refusal)
            raise
        if not done.repeated:
            self._watch.taken(request.step)
        return done

    def record_refusal(self, request: Request, refusal: Refused | Invalid) -> None:
        """Put a refusal on record in a transaction of its own; the improvement itself stays as it was."""
        fields = sorted(refusal.errors) if isinstance(refusal, Invalid) else []
        with self.database.transaction() as session:
            last = storage.history.last(session, request.number) if request.number else None
            session.add(
                Refusal(
                    at=request.now,
                    record=request.number,
                    after_seq=last.seq if last else 0,
                    step=request.step,
                    actor=request.actor,
                    reason=refusal.reason,
                    params={"fields": fields} if fields else {},
                )
            )
        self._watch.refused(request.step, refusal.reason)

    def available(self, scene: Scene, person: str) -> list[Step]:
        """The steps this person may take on the record now, those shown first at the front."""
        steps = self.lifecycles[scene.record.kind].steps.values()
        allowed = [step for step in steps if self._refusal(step, scene, person) is None]
        return sorted(allowed, key=lambda step: (step.rank_in(scene), step.rank))

    def check(self, step: Step, scene: Scene, person: str) -> str:
        """The role in which the person may take the step now; raises `Refused` if they may not."""
        if step.from_ and scene.record.stage not in step.from_:
            stage = stage_name(scene.record.kind, scene.record.stage)
            raise Refused("wrong_stage", stage=stage, number=scene.record.number)
        if step.creates and scene.record.number and person != SYSTEM:
            raise Refused("exists_already", number=scene.record.number)
        role = step.who.role_used(person, scene.case)
        if step.when:
            step.when(scene)
        return role

    def find(self, session: Session, number: str, now: datetime) -> Scene:
        """The scene of a record; raises `UserError` if there is none of that number."""
        record = storage.record.find(session, number)
        if record is None:
            raise UserError("refused.no_record", number=number)
        return scene.load(session, self.companies.load(session), now, [record])[0]

    def step_of(self, kind: str, step_id: str) -> Step:
        """The step of a kind; raises `UserError` if there is none."""
        return self.lifecycles[kind].step(step_id)

    def _refusal(self, step: Step, scene: Scene, person: str) -> Refused | None:
        if step.by_system or step.creates:
            return Refused("wrong_role", roles=[Message(f"role.{code}") for code in step.who.codes])
        try:
            self.check(step, scene, person)
        except Refused as refusal:
            return refusal
        return None

    def _retried(self, request: Request) -> Done:
        """Two steps that lock two records crosswise: the database ends one of them, and it is judged again."""
        for _ in range(ATTEMPTS - 1):
            try:
                return self._once(request)
            except OperationalError as error:
                if not is_deadlock(error):
                    raise
        return self._once(request)

    def _once(self, request: Request) -> Done:
        with self.database.transaction() as session:
            return self._perform(session, request)

    def _perform(self, session: Session, request: Request) -> Done:
        receipt = storage.history.claim(session, key=request.key, at=request.now, step=request.step)
        if receipt.record:
            return self._repeated(session, receipt)
        here = self._scene(session, request)
        step = self.step_of(here.record.kind, request.step)
        change = self._change(session, here, step, request.actor, request.key)
        self._take(change, request.values, request.seen)
        receipt.record = here.record.number
        session.add(receipt)
        return Done(here.record.number, here.record.stage)

    def _scene(self, session: Session, request: Request) -> Scene:
        company = self.companies.load(session)
        if request.number is None:
            return scene.blank(company, request.now, request.kind, request.actor)
        return scene.load(session, company, request.now, [_lock(session, request.number)])[0]

    def _take(self, change: Change, values: Mapping[str, Any], seen: str | None = None) -> None:
        here, step = change.scene, change.step
        change.role = self.check(step, here, change.actor)
        if seen is not None and seen != glance(step, here):
            change.refuse("changed_meanwhile", number=here.record.number)
        form = step.form.read(values, step.setting(here))
        before, held = here.record.stage or None, _held(here.record)
        if step.creates and not here.record.number:
            self._number(change)
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
        change.session.flush()
        chain.append(change.session, self._event(change, values, before))
        lifecycle.after(change)
        if record.stage != before and not change.step.creates and record.parent is None:
            change.tell(sorted(change.scene.case.lasting("watcher")), "stage_changed")

    @staticmethod
    def _redraw(change: Change, *, moved: bool) -> None:
        """The cards of the record; of its item, if it is a part; of its parts, if the item has `moved`."""
        session, record, scene = change.session, change.record, change.scene
        cards.refresh(session, record, key=change.key, now=scene.now)
        if change.step.by_system:
            return
        if record.parent:
            cards.refresh(session, scene.item, key=change.key, now=scene.now)
        if moved:
            cards.refresh_all(session, scene.parts, key=change.key, now=scene.now)

    @staticmethod
    def _event(change: Change, values: Mapping[str, Any], before: str | None) -> chain.Event:
        return chain.Event(
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

    def _change(self, session: Session, here: Scene, step: Step, actor: str, key: str) -> Change:
        return Change(session, here, step, actor, "", key, spawn=self._cause, create=self._create)

    def _cause(self, origin: Change, step_id: str, record: Record, values: Mapping[str, Any]) -> None:
        step = self.step_of(record.kind, step_id)
        here = origin.scene
        ours = here.item.number in (record.number, record.parent)
        there = here.of(record) if ours else scene.load(origin.session, here.company, here.now, [record])[0]
        caused = self._change(origin.session, there, step, SYSTEM, f"{origin.key}/{step_id}")
        caused.told = origin.told
        self._take(caused, values)

    def _create(self, origin: Change, kind: str, suffix: str) -> Record:
        """A part of the item where there is a suffix, else a record that stands by itself."""
        item = origin.scene.item
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

    @staticmethod
    def _repeated(session: Session, receipt: Receipt) -> Done:
        record = storage.record.find(session, receipt.record)
        return Done(receipt.record, record.stage if record else "", repeated=True)


def _held(record: Record) -> tuple[str, str | None, int]:
    """What of an item decides about the buttons on its parts."""
    return record.stage, record.owner, record.round


def _lock(session: Session, number: str) -> Record:
    """The record, locked; what it is a part of is locked before it, so that two steps never wait for each other."""
    parent = storage.record.parent_of(session, number)
    if parent:
        storage.record.lock(session, parent)
    locked = storage.record.lock(session, number)
    if locked is None:
        raise UserError("refused.no_record", number=number)
    return locked


def glance(step: Step, scene: Scene) -> str:
    """What a form that edits the record was opened on; compared when it comes back."""
    shown = {name: [scene.value(name), *(line.values for line in scene.lines(name))] for name in step.about}
    return hashlib.sha256(chain.canonical(shown | {"round": scene.item.round}).encode()).hexdigest()[:16]
