"""What others can learn from an improvement: a case is begun from it, and it knows which of its cases are in review."""

from collections.abc import Sequence

from bot.errors import Message
from bot.improvement import standards
from bot.improvement.case_text import CaseText
from bot.improvement.learned import begun
from bot.improvement.stages import OPEN, Stage
from bot.improvement.vocabulary import ClosingItem
from bot.people.roles import staff
from bot.people.visibility import may_see
from bot.workflow import Change, Form, Guide, Scene, StepTable

lessons = StepTable("improvement")


def _written_already(scene: Scene) -> Sequence[Message]:
    """A second case is seldom needed."""
    case = scene.value("case")
    return [Message("advice.case_begun", {"number": case})] if case else []


def _comes_last(scene: Scene) -> bool:
    """A case is what is missing last, and nobody has begun one in this round."""
    only_left = standards.wanted(ClosingItem.CASE)(scene) and len(standards.missing(scene)) == 1
    return only_left and scene.value("case_in_round") != scene.record.round


@lessons.step(
    from_=[*standards.KEEPING, Stage.CLOSING, Stage.CLOSED],
    who=staff & may_see,
    preset=begun,
    about=("case",),
    guide=Guide(hints=_written_already, wanted=_comes_last),
    rank=32,
)
def draft_case(change: Change, form: CaseText) -> None:
    """Write a case for the library (编写案例) from what the improvement tells."""
    case = change.begin("case")
    change.put(case=case.number, case_in_round=change.record.round)
    department = change.record.responsible_dept
    change.cause(
        "begin_case", case, source_improvement=change.record.number, responsible_dept=department, **form.plain()
    )
    change.note(case=case.number)


class OwnCase(Form):
    """A case that names this improvement."""

    case: str


@lessons.step(from_=OPEN)
def note_case(change: Change, form: OwnCase) -> None:
    """A case was submitted for review (案例已提交): the improvement has its case."""
    standards.enter(change, ClosingItem.CASE, form.plain())
    change.put(case=form.case)


@lessons.step(from_=OPEN)
def unnote_case(change: Change, form: OwnCase) -> None:
    """The case is a draft again, or no longer used (案例未完成): it does not count."""
    for line in change.scene.lines(standards.CASES):
        if line.values["case"] == form.case:
            change.strike(standards.CASES, line.no)
