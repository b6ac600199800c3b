"""Steps and lifecycles: the tables from which buttons, modals, refusals, diagrams and tests are made."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from sqlmodel import Session

from bot.errors import Message, UserError
from bot.people.who import NOBODY, Who
from bot.workflow.fields import Setting
from bot.workflow.forms import Form, Nothing
from bot.workflow.scene import Scene

if TYPE_CHECKING:
    from bot.workflow.change import Change

F = TypeVar("F", bound=Form)
Values = dict[str, Any]
When = Callable[[Scene], None]
Preset = Callable[[Scene, str], Values]
Choices = Callable[[Scene], Mapping[str, Mapping[str, Message | str]]]
Sentences = Callable[[Scene], Sequence[Message]]
FIRST, BEHIND_THE_MENU = 0, 50


def _nothing(_scene: Scene) -> Sequence[Message]:
    return ()


def _never(_scene: Scene) -> bool:
    return False


@dataclass(frozen=True)
class Guide:
    """What leads a person to a step and through it.

    `brief` says what there is to know before filling in the form, `hints` what should be thought of: where there is a
    hint, a click opens the form. A step that is `wanted` as things stand is shown before all others.
    """

    brief: Sentences = _nothing
    hints: Sentences = _nothing
    wanted: Callable[[Scene], bool] = _never


UNGUIDED = Guide()


@dataclass(frozen=True)
class Step:
    """One thing that can be done to a record of a kind.

    `from_` is empty for a step that creates a record; `to` is empty for one that stays in its stage, and with
    several stages the effect chooses. `when` raises `Refused` if the moment is wrong, before any form is shown.
    `about` names the record's values and lists which the form edits or decides on: when one of them has changed since
    the form was opened, the form is not taken. Steps of low `rank` are shown first; `ends` asks before it acts.
    """

    id: str
    kind: str
    from_: frozenset[str]
    to: frozenset[str]
    who: Who
    form: type[Form]
    effect: "Callable[[Change, Any], None]"
    when: When | None = None
    preset: Preset | None = None
    choices: Choices | None = None
    about: tuple[str, ...] = ()
    guide: Guide = UNGUIDED
    rank: int = BEHIND_THE_MENU
    ends: bool = False

    @property
    def creates(self) -> bool:
        """Whether the step begins a record."""
        return not self.from_

    @property
    def asks(self) -> bool:
        """Whether there is anything to fill in."""
        return self.form is not Nothing

    @property
    def by_system(self) -> bool:
        """Whether only the program takes it."""
        return self.who is NOBODY

    def presets(self, scene: Scene, person: str) -> Values:
        """What the form shows when this person opens it, as JSON values."""
        return self.preset(scene, person) if self.preset else {}

    def offered(self, scene: Scene) -> Mapping[str, Mapping[str, Message | str]]:
        """What each `Pick` of the form offers at this moment: value and name, by source."""
        return self.choices(scene) if self.choices else {}

    def setting(self, scene: Scene) -> Setting:
        """What the form's check depends on."""
        offered = {source: frozenset(options) for source, options in self.offered(scene).items()}
        return Setting(scene.today, scene.company.directory, offered)

    def rank_in(self, scene: Scene) -> int:
        """How far in front it is shown as things stand; low is first."""
        return FIRST if self.guide.wanted(scene) else self.rank

    def acts_on_click(self, scene: Scene, person: str) -> bool:
        """Whether one click is enough: nothing required is left open, nothing is to be edited or thought of."""
        if (self.about and self.preset) or self.guide.hints(scene):
            return False
        required = {name for name, field in self.form.model_fields.items() if field.is_required()}
        return required <= self.presets(scene, person).keys()


class StepTable:
    """Collects the steps that one module declares for one kind of record."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.steps: list[Step] = []

    def step(
        self,
        *,
        from_: Iterable[str] = (),
        to: str | Iterable[str] = (),
        who: Who = NOBODY,
        when: When | None = None,
        preset: Preset | None = None,
        choices: Choices | None = None,
        about: tuple[str, ...] = (),
        guide: Guide = UNGUIDED,
        rank: int = BEHIND_THE_MENU,
        ends: bool = False,
    ) -> "Callable[[Callable[[Change, F], None]], Callable[[Change, F], None]]":
        """Declare the decorated effect as a step; its form is the annotation of its second parameter."""

        def declare(effect: "Callable[[Change, F], None]") -> "Callable[[Change, F], None]":
            form = effect.__annotations__["form"]
            targets = frozenset({to}) if isinstance(to, str) else frozenset(to)
            self.steps.append(
                Step(
                    id=effect.__name__,
                    kind=self.kind,
                    from_=frozenset(from_),
                    to=targets,
                    who=who,
                    form=form,
                    effect=effect,
                    when=when,
                    preset=preset,
                    choices=choices,
                    about=about,
                    guide=guide,
                    rank=rank,
                    ends=ends,
                )
            )
            return effect

        return declare


@dataclass(frozen=True)
class Lifecycle:
    """A kind of record: its stages, which of them are final, and its steps by id.

    Its numbers are counted anew every year behind `prefix`; those of a kind that is a part of items, in each item
    behind `suffix`.

    `after` runs at the end of every step of the kind, for what follows from any of them; `lastly` once for each item of
    the kind that a request has touched, when all the steps it caused are taken.
    """

    kind: str
    stages: type[StrEnum]
    final: frozenset[str]
    steps: Mapping[str, Step]
    prefix: str
    suffix: str
    after: "Callable[[Change], None]"
    lastly: "Callable[[Session, Scene], None]"

    @classmethod
    def of(
        cls,
        stages: type[StrEnum],
        final: Iterable[str],
        tables: Iterable[StepTable],
        *,
        prefix: str = "",
        suffix: str = "",
        after: "Callable[[Change], None]" = lambda _change: None,
        lastly: "Callable[[Session, Scene], None]" = lambda _session, _whole: None,
    ) -> "Lifecycle":
        """A lifecycle from the tables of steps; raises ValueError if two steps share an id."""
        tables = list(tables)
        steps = [step for table in tables for step in table.steps]
        by_id = {step.id: step for step in steps}
        if len(by_id) < len(steps):
            raise ValueError("two steps share an id")
        return cls(tables[0].kind, stages, frozenset(final), by_id, prefix, suffix, after, lastly)

    def step(self, step_id: str) -> Step:
        """The step with this id; raises `UserError` for one that does not exist."""
        found = self.steps.get(step_id)
        if found is None:
            raise UserError("refused.unknown_step")
        return found
