"""The causes of a CAPA or of a failed project: why-chains (5Why), fishbone (人机料法环测), root causes C1, C2 …

They are entered line by line, because a form is small; the step that submits the plan looks at the whole.
"""

from collections.abc import Mapping
from typing import Annotated

from bot.errors import Message, Refused
from bot.improvement import hints, rounds
from bot.improvement.stages import Stage
from bot.improvement.vocabulary import RcaMethod, SixM
from bot.people.roles import owner, project_manager
from bot.workflow import Change, Form, Guide, Line, Pick, Scene, StepTable, Text
from bot.workflow.step import Values, When

causes = StepTable("improvement")
ANALYSED = (Stage.ANALYSIS, Stage.EXECUTING)
"""Where causes are entered; of a project only in a round that begins after a failure."""

CHAINS = range(1, 6)
OPTION = 75


class Why(Form):
    """One level of a why-chain."""

    chain_no: Annotated[str, Pick("chains")]
    why_question: Annotated[str, Line(200)]
    why_answer: Annotated[str, Text(500)]


def _chain_names(scene: Scene) -> Mapping[str, Mapping[str, Message | str]]:
    begun = rounds.chains(scene)
    return {
        "chains": {
            str(no): Message("ui.chain_about", {"no": no, "question": begun[no][0].values["why_question"]})
            if no in begun
            else Message("ui.chain_new", {"no": no})
            for no in CHAINS
        }
    }


def _next_question(scene: Scene, _person: str) -> Values:
    """The chain worked on last, asked on from its last answer."""
    found = rounds.lines(scene, rounds.WHYS)
    if not found:
        return {"chain_no": str(CHAINS[0])}
    last = found[-1].values
    return {"chain_no": str(last["chain_no"]), "why_question": Message("preset.why", {"answer": _one_line(last)})}


def _one_line(why: Mapping[str, str]) -> str:
    return " ".join(why["why_answer"].split())[:150]


def _cause_is_missing(scene: Scene) -> bool:
    begun = rounds.problem(scene) is not None or scene.record.stage == Stage.EXECUTING
    return begun and not rounds.lines(scene, rounds.ROOT_CAUSES)


def _analysed_now(scene: Scene) -> None:
    if scene.record.stage == Stage.EXECUTING and not rounds.begun_again(scene):
        raise Refused("nothing_to_analyse")


@causes.step(
    from_=ANALYSED,
    who=owner | project_manager,
    when=_analysed_now,
    choices=_chain_names,
    preset=_next_question,
    guide=Guide(hints=hints.similar_items, wanted=_cause_is_missing),
    rank=31,
)
def add_why(change: Change, form: Why) -> None:
    """Ask why once more (添加原因层级)."""
    chain = int(form.chain_no)
    level = len(rounds.chains(change.scene).get(chain, [])) + 1
    change.append(rounds.WHYS, form.plain() | {"chain_no": chain, "level": level})
    change.note(level=level)


class ChainEnd(Form):
    """The chain whose last level was a mistake."""

    chain_no: Annotated[str, Pick("begun_chains")]


def _begun_chains(scene: Scene) -> Mapping[str, Mapping[str, Message | str]]:
    return {
        "begun_chains": {
            str(no): Message("ui.chain_about", {"no": no, "question": levels[-1].values["why_answer"]})
            for no, levels in rounds.chains(scene).items()
        }
    }


def _entered(name: str) -> When:
    """The guard of a step that takes something out of a list of the round: there is something in it."""

    def guard(scene: Scene) -> None:
        _analysed_now(scene)
        if not rounds.lines(scene, name):
            raise Refused("nothing_entered")

    return guard


@causes.step(from_=ANALYSED, who=owner | project_manager, when=_entered(rounds.WHYS), choices=_begun_chains, rank=36)
def remove_why(change: Change, form: ChainEnd) -> None:
    """Strike out the last level of a chain (删除末级原因)."""
    change.strike(rounds.WHYS, rounds.chains(change.scene)[int(form.chain_no)][-1].no)


class Cause(Form):
    """One bone of the fishbone."""

    cause_category: SixM
    cause: Annotated[str, Text(500)]
    is_main: bool = False


@causes.step(from_=ANALYSED, who=owner | project_manager, when=_analysed_now, rank=32)
def add_cause(change: Change, form: Cause) -> None:
    """Add a bone to the fishbone (添加鱼骨图原因)."""
    change.append(rounds.CAUSES, form.plain())


class CauseRemoval(Form):
    """The bone that was a mistake."""

    cause_item: Annotated[str, Pick("causes")]


def _causes(scene: Scene) -> Mapping[str, Mapping[str, Message | str]]:
    return {"causes": {str(line.no): cut_option(line.values["cause"]) for line in rounds.lines(scene, rounds.CAUSES)}}


@causes.step(from_=ANALYSED, who=owner | project_manager, when=_entered(rounds.CAUSES), choices=_causes, rank=37)
def remove_cause(change: Change, form: CauseRemoval) -> None:
    """Strike out a bone (删除鱼骨图原因)."""
    change.strike(rounds.CAUSES, int(form.cause_item))


class RootCause(Form):
    """What has to change so that the problem does not come back."""

    root_cause: Annotated[str, Text(500)]
    root_cause_category: SixM
    rca_method: RcaMethod


def _last_answer(scene: Scene, _person: str) -> Values:
    """The end of the chain worked on last is where a root cause is usually found."""
    found = rounds.lines(scene, rounds.WHYS)
    if found:
        return {"root_cause": found[-1].values["why_answer"], "rca_method": RcaMethod.FIVE_WHY.value}
    return {"rca_method": RcaMethod.FISHBONE.value} if rounds.lines(scene, rounds.CAUSES) else {}


@causes.step(
    from_=ANALYSED,
    who=owner | project_manager,
    when=_analysed_now,
    preset=_last_answer,
    guide=Guide(hints=hints.before_root_cause, wanted=_cause_is_missing),
    rank=33,
)
def add_root_cause(change: Change, form: RootCause) -> None:
    """Name a root cause (添加根本原因): C1, C2 and so on in the round."""
    entered = [e for e in change.scene.entries if (e.list, e.round) == (rounds.ROOT_CAUSES, change.record.round)]
    code = f"C{len(entered) + 1}"
    change.append(rounds.ROOT_CAUSES, form.plain() | {"code": code})
    change.note(code=code)


class RootCauseRemoval(Form):
    """The root cause that was a mistake."""

    root_cause_item: Annotated[str, Pick("root_causes")]


def root_causes(scene: Scene) -> Mapping[str, Mapping[str, Message | str]]:
    """The root causes of the round, to choose from: C1 and how it begins."""
    found = rounds.lines(scene, rounds.ROOT_CAUSES)
    return {"root_causes": {str(e.no): cut_option(f"{e.values['code']} {e.values['root_cause']}") for e in found}}


@causes.step(
    from_=ANALYSED, who=owner | project_manager, when=_entered(rounds.ROOT_CAUSES), choices=root_causes, rank=38
)
def remove_root_cause(change: Change, form: RootCauseRemoval) -> None:
    """Strike out a root cause (删除根本原因) at which no measure is aimed."""
    aimed = [m for m in rounds.standing(change.scene) if m.values.get("root_cause_item") == form.root_cause_item]
    if aimed:
        change.invalid("root_cause_item", "cause_is_addressed", measures=[m.number for m in aimed])
    change.strike(rounds.ROOT_CAUSES, int(form.root_cause_item))


def cut_option(text: str) -> str:
    """A text as one line of a select."""
    return " ".join(text.split())[:OPTION]
