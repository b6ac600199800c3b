"""What a card says of a project: its charter, what was changed in it, how far it has got, and what was reached."""

from datetime import date

from bot.errors import Message
from bot.figures import grouped
from bot.improvement import results, rounds
from bot.improvement.acceptance import missing as before_acceptance
from bot.improvement.charter_versions import since_last_version
from bot.improvement.chartering import missing
from bot.improvement.reports import percentages, trend
from bot.improvement.stages import Stage
from bot.improvement.vocabulary import ImprovementClass
from bot.render import Mrkdwn, Words, mention
from bot.workflow import Scene
from handlers import capa
from handlers.blocks import cut

UNDER_REVIEW = (Stage.REP_REVIEW, Stage.TOP_REVIEW)
CHARTERED = (Stage.CHARTER_DRAFT, *UNDER_REVIEW)
AT_WORK = (Stage.ESTABLISHED, Stage.EXECUTING, Stage.SUSPENDED)
OBJECTIVES_SHOWN, CHANGES_SHOWN, BRIEFLY = 5, 10, 120


def lines(scene: Scene, words: Words, *, counted: bool) -> list[Mrkdwn]:
    """The lines of a card for somebody who may see details; nothing for what is no project.

    `counted` says what is late today; without it the card can stay where it is.
    """
    if scene.above is not None or scene.record.class_ != ImprovementClass.PROJECT:
        return []
    stage = scene.record.stage
    if stage in CHARTERED:
        return [*_charter(scene, words), *_what_next(scene, words)]
    if stage in AT_WORK:
        return [*_progress(scene, words), *_measures(scene, words, counted=counted), *_what_next(scene, words)]
    if stage == Stage.ACCEPTANCE:
        return [*_objectives(scene, words), *_check(scene, words)]
    return capa.kept_so_far(scene, words) if stage in capa.KEEPING else []


def tells_itself(scene: Scene) -> bool:
    """Whether these lines say what it is about, so that the card need not quote what was raised."""
    stages = (*CHARTERED, *AT_WORK, Stage.ACCEPTANCE)
    begun = scene.value("scope_in") is not None
    return scene.record.class_ == ImprovementClass.PROJECT and scene.record.stage in stages and begun


def _charter(scene: Scene, words: Words) -> list[Mrkdwn]:
    found = []
    if scene.value("scope_in"):
        scope = {name: _brief(scene.value(name)) for name in ("scope_in", "scope_out")}
        found.append(words.mrkdwn("project.scope", name=scene.value("project_name"), **scope))
    if scene.value("people_days"):
        found.append(_resources(scene, words))
    return [*found, *_objectives(scene, words), *capa.planned(scene, words)]


def _resources(scene: Scene, words: Words) -> Mrkdwn:
    manager = mention(scene.value("proposed_manager"))
    days, budget = grouped(scene.value("people_days")), grouped(scene.value("budget"))
    return words.mrkdwn("project.resources", days=days, budget=budget, manager=manager)


def _objectives(scene: Scene, words: Words) -> list[Mrkdwn]:
    found = results.in_words(scene)
    left = len(found) - OBJECTIVES_SHOWN
    more = [words.mrkdwn("project.more_objectives", n=left)] if left > 0 else []
    return [*(words.mrkdwn(sentence) for sentence in found[:OBJECTIVES_SHOWN]), *more]


def _what_next(scene: Scene, words: Words) -> list[Mrkdwn]:
    """What is missing for the next decision; for those who decide again, what was changed."""
    if scene.record.stage in UNDER_REVIEW:
        changes = since_last_version(scene)
        left = len(changes) - CHANGES_SHOWN
        more = [words.mrkdwn("project.more_changes", n=left)] if left > 0 else []
        return [*(words.mrkdwn(sentence) for sentence in changes[:CHANGES_SHOWN]), *more]
    if scene.record.stage == Stage.CHARTER_DRAFT:
        return _lacking(missing(scene), "project.charter_complete", words)
    if scene.record.stage == Stage.EXECUTING and not results.unfinished(scene):
        return _lacking(before_acceptance(scene), "project.acceptance_ready", words)
    return []


def _lacking(lacking: list[Message], complete: str, words: Words) -> list[Mrkdwn]:
    return [words.mrkdwn("capa.missing", what=capa.first_of(lacking))] if lacking else [words.mrkdwn(complete)]


def _progress(scene: Scene, words: Words) -> list[Mrkdwn]:
    so_far = percentages(scene)
    found = [words.mrkdwn("project.progress", pct=so_far[-1], trend=trend(scene))] if so_far else []
    if scene.value("project_manager"):
        team = [mention(person) for person in scene.value("members")]
        found.append(words.mrkdwn("project.team", manager=mention(scene.value("project_manager")), members=team))
    verdict = rounds.newest(scene, rounds.VERDICTS, scene.record.round - 1)
    if verdict and "rectification_list" in verdict.values:
        found.append(words.mrkdwn("project.rectify", what=_brief(verdict.values["rectification_list"])))
    return found


def _measures(scene: Scene, words: Words, *, counted: bool) -> list[Mrkdwn]:
    return capa.under_way(scene, words, counted=counted) if rounds.standing(scene) else []


def _check(scene: Scene, words: Words) -> list[Mrkdwn]:
    check = rounds.newest(scene, rounds.CHECKS)
    if check is None or scene.value("acceptance_conclusion") is None:
        return []
    conclusion = Message(f"choice.Conclusion.{check.values['conclusion']}")
    day = date.fromisoformat(check.values["verified_on"])
    finding = _brief(check.values["finding"])
    return [words.mrkdwn("project.checked", day=day, conclusion=conclusion, finding=finding)]


def _brief(text: str) -> str:
    return cut(" ".join(text.split()), BRIEFLY)
