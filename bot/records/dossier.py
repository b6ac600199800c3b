"""Everything there is to read about an item, in the order of its reports, as named paragraphs without words of its own.

A CAPA or a project is read round by round. What belongs to no round stands before and after the current one.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from bot.errors import Message
from bot.figures import half_up
from bot.improvement import dimensions, results, rounds
from bot.improvement.cases import PUBLICATIONS
from bot.improvement.charter_versions import changes
from bot.improvement.criterion import in_words
from bot.improvement.forms import CapaClassification, DailyClassification, Opportunity, ProjectClassification
from bot.improvement.vocabulary import ImprovementClass, SixM
from bot.people.visibility import READ_BY_ALL
from bot.records.facts import facts
from bot.records.parts import in_full, short_number
from bot.records.versions import versions
from bot.workflow import Form, Scene
from bot.workflow.names import stage_name
from storage.entry import Entry

Line = Sequence[Message]
Values = Mapping[str, Any]
HEAD = ("title", "responsible_dept", "owner", "major_problem", "recurrence_of")
CLASSIFICATIONS: tuple[type[Form], ...] = (DailyClassification, CapaClassification, ProjectClassification)
RAISED = tuple(name for name in Opportunity.model_fields if name != "evidence")
CLASSIFIED = ("classified_by", *(name for form in CLASSIFICATIONS for name in form.model_fields))
OF_ROUNDS = (
    rounds.PROBLEMS,
    rounds.CONTAINMENTS,
    rounds.WHYS,
    rounds.CAUSES,
    rounds.ROOT_CAUSES,
    rounds.CRITERIA,
    rounds.PLANS,
    rounds.CHECKS,
    rounds.CHARTERS,
    rounds.OBJECTIVES,
    rounds.RESULTS,
    rounds.APPLICATIONS,
    rounds.VERDICTS,
)
EVALUATED: Mapping[str, Message] = {
    dimensions.PERIODS: Message("dossier.periods"),
    dimensions.COMPARISONS: Message("dossier.comparisons"),
    dimensions.FEEDBACK: Message("dossier.feedback"),
    dimensions.COST_BENEFIT: Message("dossier.cost_benefit"),
    dimensions.CONFORMITY: Message("dossier.conformity"),
    dimensions.LEFT_OUT: Message("dossier.left_out"),
    dimensions.EVALUATIONS: Message("dossier.evaluation"),
}
"""The lists of a round's evaluation, in the order in which they are read."""

LISTS: Mapping[str, Message] = {
    "reports": Message("dossier.reports"),
    "documents": Message("dossier.documents"),
    "trainings": Message("dossier.trainings"),
    "similar_checks": Message("dossier.similar_checks"),
    "cases": Message("dossier.cases"),
    "not_applicable": Message("dossier.not_applicable"),
    "extensions": Message("dossier.extensions"),
    "monitoring": Message("dossier.monitoring"),
    "comments": Message("dossier.comments"),
}
"""The lists that belong to the item as a whole, in the order in which they are read."""

MEASURED = ("measured_num", "measured_den", "measured_value")


@dataclass(frozen=True)
class Paragraph:
    """A title and its lines; the sentences of a line stand beside each other."""

    title: Message
    lines: Sequence[Line]


def rounds_of(scene: Scene) -> list[int]:
    """The rounds that can be read, the current one first; a part has only its own."""
    return [scene.record.round] if scene.above else [*range(max(scene.record.round, 1), 0, -1)]


def paragraphs(scene: Scene, round_: int) -> list[Paragraph]:
    """What there is to read under a round; under the current one also what belongs to the item as a whole."""
    if scene.record.kind == "case":
        found = [*_case(scene), *_lists(scene), *open_to_all(scene)]
    elif scene.above:
        found = [Paragraph(Message("dossier.details"), in_full(scene)), *_lists(scene)]
    elif round_ != rounds_of(scene)[0]:
        found = [*_of_round(scene, round_)]
    else:
        found = [*_of_round(scene, round_), *_begun(scene), _besides(scene), *_lists(scene)]
    return [paragraph for paragraph in found if any(paragraph.lines)]


def open_to_all(scene: Scene) -> list[Paragraph]:
    """What every employee may read: of a case that is being revised, what was published last."""
    lines = [] if scene.record.stage in READ_BY_ALL else scene.lines(PUBLICATIONS)[-1:]
    told = [facts(line.values, scene.company.directory) for line in lines]
    return [Paragraph(Message("dossier.publications"), [[one] for one in found]) for found in told]


def _case(scene: Scene) -> Iterator[Paragraph]:
    told = facts(scene.record.values, scene.company.directory, without=HEAD)
    yield Paragraph(Message("dossier.case"), [[one] for one in told])


def _begun(scene: Scene) -> Iterator[Paragraph]:
    yield _said(scene, Message("dossier.raised"), RAISED)
    yield _said(scene, Message("dossier.classified"), CLASSIFIED)


def _besides(scene: Scene) -> Paragraph:
    """What else stands on the record itself."""
    return _said(scene, Message("dossier.besides"), scene.record.values.keys() - {*RAISED, *CLASSIFIED})


def _said(scene: Scene, title: Message, names: Collection[str]) -> Paragraph:
    told = facts(scene.record.values, scene.company.directory, only=names, without=HEAD)
    return Paragraph(title, [[one] for one in told])


def _of_round(scene: Scene, round_: int) -> Iterator[Paragraph]:
    directory = scene.company.directory
    described, aim = rounds.newest(scene, rounds.PROBLEMS, round_), rounds.newest(scene, rounds.CRITERIA, round_)
    if described:
        yield Paragraph(Message("dossier.problem"), [[one] for one in facts(described.values, directory)])
    yield from _entries(scene, Message("dossier.containment"), rounds.lines(scene, rounds.CONTAINMENTS, round_))
    yield from _causes(scene, round_)
    yield Paragraph(Message("dossier.objectives"), [[one] for one in results.in_words(scene, round_)])
    yield from _charters(scene, round_)
    yield Paragraph(Message("dossier.criterion"), [[one] for one in in_words(aim.values if aim else {})])
    titled = "dossier.milestone" if scene.record.class_ == ImprovementClass.PROJECT else "dossier.measure"
    for measure in rounds.measures(scene, round_):
        stage = stage_name(measure.kind, measure.stage)
        yield Paragraph(Message(titled, {"no": short_number(measure), "stage": stage}), in_full(scene.of(measure)))
    yield Paragraph(Message("dossier.versions"), versions(scene, round_))
    yield from _of_acceptance(scene, Message("dossier.application"), rounds.APPLICATIONS, round_)
    for check in rounds.lines(scene, rounds.CHECKS, round_):
        yield Paragraph(Message("dossier.check"), _check(scene, check.values, aim.values if aim else {}))
    yield from _of_acceptance(scene, Message("dossier.verdict"), rounds.VERDICTS, round_)
    for name, title in EVALUATED.items():
        yield from _entries(scene, title, rounds.lines(scene, name, round_))


def _of_acceptance(scene: Scene, title: Message, name: str, round_: int) -> Iterator[Paragraph]:
    for line in rounds.lines(scene, name, round_):
        yield Paragraph(title, [[one] for one in facts(line.values, scene.company.directory)])


def _charters(scene: Scene, round_: int) -> Iterator[Paragraph]:
    """What each version of a charter changed against the one before."""
    submitted = [line.values for line in rounds.lines(scene, rounds.CHARTERS, round_)]
    lines = [[*changes(before, after)] for before, after in pairwise(submitted)]
    yield Paragraph(Message("dossier.charters"), lines)


def _causes(scene: Scene, round_: int) -> Iterator[Paragraph]:
    for no, levels in rounds.chains(scene, round_).items():
        yield Paragraph(Message("dossier.chain", {"no": no}), [[Message("dossier.why", e.values)] for e in levels])
    bones = rounds.lines(scene, rounds.CAUSES, round_)
    for category in SixM:
        found = [bone.values for bone in bones if bone.values["cause_category"] == category]
        title = Message("dossier.fishbone", {"category": Message(f"choice.SixM.{category}")})
        marks = ("dossier.cause", "dossier.main_cause")
        yield Paragraph(title, [[Message(marks[bool(b.get("is_main"))], {"cause": b["cause"]})] for b in found])
    roots = [root.values for root in rounds.lines(scene, rounds.ROOT_CAUSES, round_)]
    yield Paragraph(Message("dossier.root_causes"), [_root_cause(values) for values in roots])


def _root_cause(values: Values) -> Line:
    category = Message(f"choice.SixM.{values['root_cause_category']}")
    method = Message(f"choice.RcaMethod.{values['rca_method']}")
    return [Message("dossier.root_cause", {**values, "category": category, "method": method})]


def _check(scene: Scene, found: Values, aim: Values) -> list[Line]:
    told = facts(found, scene.company.directory, without=MEASURED)
    return [*([one] for one in _measured(found, aim)), *([one] for one in told)]


def _measured(found: Values, aim: Values) -> list[Message]:
    num, den, value = (found.get(name) for name in MEASURED)
    if num is not None and den is not None:
        rate = half_up(Fraction(num) * 100 / Fraction(den))
        return [Message("dossier.measured_rate", {"num": num, "den": den, "rate": rate})]
    return [Message("dossier.measured_value", {"value": value, "unit": aim.get("unit", "")})] if value else []


def _lists(scene: Scene) -> Iterator[Paragraph]:
    present = {entry.list for entry in scene.entries} - {*OF_ROUNDS, PUBLICATIONS, *EVALUATED, "progress"}
    for name in sorted(present, key=lambda name: [*LISTS, name].index(name)):
        yield from _entries(scene, LISTS.get(name, Message("dossier.more")), scene.lines(name))


def _entries(scene: Scene, title: Message, entries: Sequence[Entry]) -> Iterator[Paragraph]:
    """A list with a line for each entry."""
    lines = [facts(entry.values, scene.company.directory) for entry in entries]
    yield Paragraph(title, [_numbered(no, line) for no, line in enumerate(filter(None, lines), start=1)])


def _numbered(no: int, line: Sequence[Message]) -> Line:
    first, *more = line
    return [Message("dossier.no_of", {"no": no, "fact": first}), *more]
