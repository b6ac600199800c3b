"""The cause analysis of a record, from the lines of its lists."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.pictures.analysis import Analysis, Cause, RootCause, Why
from bot.workflow import Scene
from storage.entry import Entry


def read(scene: Scene, *, round: int, version: int) -> Analysis:
    """What one round found, to be shown as it stood in `version` of the plan."""

    def lines(name: str) -> list[Entry]:
        return [entry for entry in scene.lines(name) if entry.round == round]

    return Analysis(
        number=scene.record.number,
        title=scene.record.title,
        round=round,
        version=version,
        causes=[
            Cause(entry.values["cause_category"], entry.values["cause"], bool(entry.values.get("is_main")))
            for entry in lines("causes")
        ],
        chains=list(_chains(lines("whys"))),
        root_causes=[RootCause(entry.values["code"], entry.values["root_cause"]) for entry in lines("root_causes")],
    )


def _chains(whys: Sequence[Entry]) -> Iterator[list[Why]]:
    in_order = sorted(whys, key=lambda entry: (entry.values["chain_no"], entry.values["level"]))
    for _, chain in groupby(in_order, key=lambda entry: entry.values["chain_no"]):
        yield [Why(entry.values["why_question"], entry.values["why_answer"]) for entry in chain]
