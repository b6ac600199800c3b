"""What a card says of a CAPA and of its measures: what is there so far, what is missing, how far it has got."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from bot.errors import Message
from bot.improvement import dimensions, rounds, standards
from bot.improvement.criterion import agreed, in_words
from bot.improvement.plan import missing
from bot.improvement.stages import MeasureStage, Stage
from bot.improvement.vocabulary import ImprovementClass
from bot.people.roles import responsible
from bot.records.parts import due_of, root_cause_of, short_number
from bot.render import Mrkdwn, Words, mention
from bot.workflow import Scene, Workflow
from handlers.blocks import cut

PLANNING, RUNNING = (Stage.ANALYSIS, Stage.PLAN_REVIEW), (Stage.IMPLEMENTING, Stage.VERIFYING)
KEEPING = (Stage.STANDARDIZING, Stage.CONSOLIDATING, Stage.CLOSING)
UNDER_WAY = (MeasureStage.OPEN, MeasureStage.DROP_REVIEW)
PLANNED_SHOWN, MEASURES_SHOWN, ROOTS_SHOWN, MISSING_SHOWN = 3, 6, 3, 5
BRIEFLY, MEASURE = 50, 300
SENTENCES: Mapping[str, str] = {
    MeasureStage.PROPOSED: "capa.measure_proposed",
    MeasureStage.OPEN: "capa.measure_open",
    MeasureStage.DROP_REVIEW: "capa.measure_dropping",
    MeasureStage.DONE: "capa.measure_done",
}


def lines(scene: Scene, words: Words, *, counted: bool) -> list[Mrkdwn]:
    """The lines of a card for somebody who may see details; nothing for what is no CAPA.

    `counted` says what is late today; without it the card can stay where it is.
    """
    record = scene.record
    if record.kind == "measure":
        return _measure(scene, words)
    if record.class_ != ImprovementClass.CAPA:
        return []
    if record.stage in PLANNING and rounds.problem(scene):
        return [*_analysis(scene, words), *planned(scene, words), *_still_missing(scene, words)]
    if record.stage in PLANNING:
        return _still_missing(scene, words)
    if record.stage in KEEPING:
        return kept_so_far(scene, words)
    return [*under_way(scene, words, counted=counted)] if record.stage in RUNNING else []


def tells_itself(scene: Scene) -> bool:
    """Whether these lines say what it is about, so that the card need not quote what was raised."""
    return scene.record.kind == "measure" or (
        scene.record.class_ == ImprovementClass.CAPA
        and scene.record.stage in (*PLANNING, *RUNNING)
        and rounds.problem(scene) is not None
    )


def steps_on_measures(scene: Scene, person: str, workflow: Workflow, words: Words) -> list[tuple[str, str]]:
    """Entries of the item's menu for those who have no card of a measure: its owner, whoever decides or verifies."""
    if scene.above is not None or scene.record.ended_on is not None:
        return []
    return [
        (
            f"{step.id} {measure.number}",
            words.say("capa.step_on", no=short_number(measure), step=Message(f"step.{step.id}")),
        )
        for measure in rounds.measures(scene)
        for step in workflow.available(scene.of(measure), person)
        if step.who is not responsible
    ]


def _analysis(scene: Scene, words: Words) -> list[Mrkdwn]:
    deepest = max(map(len, rounds.chains(scene).values()), default=0)
    bones, roots = len(rounds.lines(scene, rounds.CAUSES)), rounds.lines(scene, rounds.ROOT_CAUSES)
    so_far = [words.mrkdwn("capa.problem")]
    so_far += [words.mrkdwn("capa.whys", n=deepest)] if deepest else []
    so_far += [words.mrkdwn("capa.causes", n=bones)] if bones else []
    named = [_brief_cause(root.values, words) for root in roots[:ROOTS_SHOWN]]
    if len(roots) > ROOTS_SHOWN:
        named.append(words.mrkdwn("capa.more_root_causes", n=len(roots) - ROOTS_SHOWN))
    return [Mrkdwn(" · ".join(so_far)), *named, *_criterion(scene, words)]


def _brief_cause(values: Mapping[str, Any], words: Words) -> Mrkdwn:
    return words.mrkdwn("capa.root_cause", code=values["code"], text=_brief(values["root_cause"]))


def _criterion(scene: Scene, words: Words) -> list[Mrkdwn]:
    return [words.mrkdwn(sentence) for sentence in in_words(agreed(scene))[:1]]


def kept_so_far(scene: Scene, words: Words) -> list[Mrkdwn]:
    """What is missing before the close: for the department, and for quality."""
    return [*_still_missing(scene, words), *_evaluation(scene, words)]


def planned(scene: Scene, words: Words) -> list[Mrkdwn]:
    """The measures of a plan nobody has approved yet."""
    standing = rounds.standing(scene)
    found = [_line(scene.of(m), words, "capa.measure_planned") for m in standing[:PLANNED_SHOWN]]
    heading = "project.milestones" if scene.item.class_ == ImprovementClass.PROJECT else "capa.measures"
    title = [words.mrkdwn(heading, n=len(standing))] if standing else []
    return [*title, *found, *_more(scene, len(standing) - PLANNED_SHOWN, words)]


def _still_missing(scene: Scene, words: Words) -> list[Mrkdwn]:
    """What comes next for the owner, while the plan or what keeps the effect is not submitted."""
    match scene.record.stage:
        case Stage.ANALYSIS:
            lacking, complete = missing(scene), words.mrkdwn("capa.complete")
        case Stage.STANDARDIZING | Stage.CONSOLIDATING:
            lacking, complete = standards.missing(scene), words.mrkdwn("capa.standards_complete")
        case _:
            return []
    return [words.mrkdwn("capa.missing", what=first_of(lacking))] if lacking else [complete]


def _evaluation(scene: Scene, words: Words) -> list[Mrkdwn]:
    """What comes next for quality, where the close waits for an evaluation."""
    if not dimensions.evaluation_due(scene):
        return []
    lacking = dimensions.missing(scene)
    what = first_of(lacking)
    return [words.mrkdwn("capa.evaluation_missing", what=what) if lacking else words.mrkdwn("capa.evaluation_complete")]


def first_of(lacking: Sequence[Message]) -> list[Message]:
    """What is missing, cut to what a card has room for."""
    left = len(lacking) - MISSING_SHOWN
    return [*lacking[:MISSING_SHOWN], *([Message("capa.more_missing", {"n": left})] if left > 0 else [])]


def under_way(scene: Scene, words: Words, *, counted: bool) -> list[Mrkdwn]:
    """How far the measures are, what is late foremost."""
    found = [scene.of(measure) for measure in rounds.standing(scene)]
    ordered = sorted(found, key=lambda of: (of.record.stage == MeasureStage.DONE, _due(of)))
    shown = [_line(of, words, _sentence(of, counted=counted)) for of in islice(ordered, MEASURES_SHOWN)]
    agreed = _criterion(scene, words) if scene.record.stage == Stage.VERIFYING else []
    return [*agreed, _progress(found, words, counted=counted), *shown, *_more(scene, len(found) - len(shown), words)]


def _progress(found: Sequence[Scene], words: Words, *, counted: bool) -> Mrkdwn:
    """How many are done, how many late, and which is due next."""
    left = [of for of in found if of.record.stage in UNDER_WAY]
    done = sum(of.record.stage == MeasureStage.DONE for of in found)
    late = [of for of in left if _late(of)] if counted else []
    said = [words.mrkdwn("capa.progress", done=done, total=len(found))]
    said += [words.mrkdwn("capa.late", n=len(late))] if late else []
    coming = [of for of in left if not (counted and _late(of))]
    if coming:
        following = min(coming, key=_due)
        said.append(words.mrkdwn("capa.next", no=short_number(following.record), day=_due(following)))
    return Mrkdwn(" · ".join(said))


def _sentence(of: Scene, *, counted: bool) -> str:
    return "capa.measure_late" if counted and _late(of) else SENTENCES[of.record.stage]


def _line(of: Scene, words: Words, msgid: str) -> Mrkdwn:
    values, completed = of.record.values, of.record.values.get("completed_on")
    done = completed if of.record.stage == MeasureStage.DONE else None
    return words.mrkdwn(
        msgid,
        no=short_number(of.record),
        text=_brief(values["measure"]),
        person=mention(of.record.owner or ""),
        day=date.fromisoformat(done) if done else _due(of),
        n=of.company.calendar.overdue_by(_due(of), of.today),
    )


def _more(scene: Scene, left: int, words: Words) -> list[Mrkdwn]:
    return [words.mrkdwn("capa.more_measures", n=left, number=scene.record.number)] if left > 0 else []


def _measure(scene: Scene, words: Words) -> list[Mrkdwn]:
    values, root, notes = scene.record.values, root_cause_of(scene), scene.lines("progress")
    found = [words.mrkdwn("ui.quote", text=cut(" ".join(values["measure"].split()), MEASURE))]
    found += [words.mrkdwn("capa.aimed_at", cause=_brief_cause(root, words))] if root else []
    found.append(words.mrkdwn("capa.responsible", person=mention(scene.record.owner or "")))
    if scene.deadline("measure_due") is None:
        found.append(words.mrkdwn("ui.due", name=Message("field.due_on"), day=_due(scene)))
    if values.get("change_no"):
        found.append(words.mrkdwn("capa.change_no", no=values["change_no"]))
    if notes and scene.record.stage != MeasureStage.DONE:
        found.append(_newest_note(notes[-1].values, words))
    if scene.record.stage == MeasureStage.DONE:
        found.append(words.mrkdwn("capa.completed", day=date.fromisoformat(values["completed_on"])))
    return found


def _newest_note(note: Mapping[str, Any], words: Words) -> Mrkdwn:
    text, day = _brief(note["note"]), date.fromisoformat(note["on"])
    if note.get("progress_pct") is None:
        return words.mrkdwn("capa.note", text=text, day=day)
    return words.mrkdwn("capa.note_with_figure", text=text, day=day, percent=note["progress_pct"])


def _late(of: Scene) -> bool:
    """While its project is suspended the clock of a milestone stands still, and nothing is late."""
    clock = of.deadline("measure_due")
    runs = clock is not None and clock.runs
    return of.record.stage in UNDER_WAY and runs and of.company.calendar.overdue_by(_due(of), of.today) > 0


def _due(of: Scene) -> date:
    due = due_of(of)
    return due[0] if due else of.today


def _brief(text: str) -> str:
    return cut(" ".join(text.split()), BRIEFLY)
