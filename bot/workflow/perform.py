"""The engine: `available()` says which steps a person may take, `perform()` takes one. Nothing else writes a stage."""

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
from bot.watch import Nobody, Watch
from bot.workflow import chain, scene
from bot.workflow.judging import judge
from bot.workflow.outcome import Outcome
from bot.workflow.scene import Scene
from bot.workflow.step import Lifecycle, Step
from bot.workflow.taking import Taking
from storage.database import Database, is_deadlock
from storage.history import Receipt, Refusal

ATTEMPTS = 3


@dataclass(frozen=True)
class Request:
    """One attempt at a step. `key` names the delivery; the same key again changes nothing.

    `number` is None for a step that creates a record. `seen` is what `glance()` gave when the form was opened.
    `from_form` says that the values can be changed and sent again under the same key.
    """

    step: str
    actor: str
    key: str
    now: datetime
    kind: str = "improvement"
    number: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    seen: str | None = None
    from_form: bool = False

    @property
    def digest(self) -> str | None:
        """What the form held, to be told from what it holds when it is sent again."""
        return chain.sha256(chain.canonical(self.values)) if self.from_form else None


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
            number = request.number or ""
            after, _ = storage.history.ends(session, [number]).get(number, (0, ""))
            session.add(
                Refusal(
                    at=request.now,
                    record=request.number,
                    after_seq=after,
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
            judge(step, scene, person)
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
        before = storage.history.claim(
            session,
            key=request.key,
            at=request.now,
            step=request.step,
            record=request.number,
            digest=request.digest,
        )
        if before is not None:
            return self._repeated(session, request, before)
        # Everything is read before it is changed, and written together in the end.
        with session.no_autoflush:
            here = self._scene(session, request)
            step = self.step_of(here.record.kind, request.step)
            outcome = Outcome(session, request.key, request.now)
            Taking(self.lifecycles, outcome).take(step, here, request.actor, request.values, request.seen)
            outcome.write()
        if request.number is None:
            storage.history.settle(session, key=request.key, record=here.record.number)
        return Done(here.record.number, here.record.stage)

    def _scene(self, session: Session, request: Request) -> Scene:
        company = self.companies.load(session)
        if request.number is None:
            return scene.blank(company, request.now, request.kind, request.actor)
        item = storage.record.lock_item(session, request.number)
        if item is None:
            raise UserError("refused.no_record", number=request.number)
        return scene.load(session, company, request.now, [item])[0].part(request.number)

    @staticmethod
    def _repeated(session: Session, request: Request, before: Receipt) -> Done:
        """Slack lets a form that was answered too late be corrected and sent again: what is new is not passed over."""
        if request.digest and before.digest and request.digest != before.digest:
            raise Refused("sent_before", number=before.record)
        record = storage.record.find(session, before.record)
        return Done(before.record, record.stage if record else "", repeated=True)
