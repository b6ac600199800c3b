"""What README says is so."""

import re
from pathlib import Path

from bot import profile
from bot.improvement import IMPROVEMENT
from bot.render import Phrasebook
from bot.workflow.diagram import mermaid

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_diagram_is_the_one_the_steps_make() -> None:
    words = Phrasebook(profile.parse(profile.built_in("demo")).zone).words("en")
    shown = re.search(r"<!-- lifecycle:begin -->\n```mermaid\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    assert shown[1] == mermaid(IMPROVEMENT, words)


def test_every_file_it_names_is_there() -> None:
    named = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_its_commands_are_targets_of_make_and_run_in_ci() -> None:
    targets = re.findall(r"^make (\w+)", README, re.MULTILINE)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [target for target in targets if f"\n{target}:" not in makefile] == []
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
