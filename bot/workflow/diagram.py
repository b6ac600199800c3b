"""The lifecycle as a picture: a Mermaid state diagram made from the steps, so that it cannot be out of date."""

from collections import defaultdict
from collections.abc import Iterator

from bot.render import Words
from bot.workflow.names import stage_name
from bot.workflow.step import Lifecycle, Step

INDENT = "    "
BEGIN = END = "[*]"


def mermaid(lifecycle: Lifecycle, words: Words) -> str:
    """The stages and the steps between them. Steps that stay in their stage are left out."""
    arrows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for step in lifecycle.steps.values():
        for arrow in _arrows(step, lifecycle):
            arrows[arrow].append(words.say(f"step.{step.id}"))
    order = {END: -1} | {stage: place for place, stage in enumerate(lifecycle.stages)}
    seen = {stage for arrow in arrows for stage in arrow} - {BEGIN}
    lines = ["stateDiagram-v2"]
    lines += [
        f'state "{words.say(stage_name(lifecycle.kind, stage))}" as {stage}'
        for stage in sorted(seen, key=order.__getitem__)
    ]
    lines += [
        f"{start} --> {end} : {' / '.join(labels)}"
        for (start, end), labels in sorted(arrows.items(), key=lambda item: [order[stage] for stage in item[0]])
    ]
    if not any(step.creates for step in lifecycle.steps.values()):
        lines.append(f"{BEGIN} --> {next(iter(lifecycle.stages))}")
    lines += [f"{stage} --> {END}" for stage in lifecycle.stages if stage in seen & lifecycle.final]
    return f"\n{INDENT}".join(lines) + "\n"


def _arrows(step: Step, lifecycle: Lifecycle) -> Iterator[tuple[str, str]]:
    for start in step.from_ or {BEGIN}:
        for end in step.to - {start}:
            yield str(start), str(end)
