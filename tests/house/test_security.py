"""SECURITY.md names tests that exist, one at least for every threat."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_threat_names_tests_that_exist() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|")][2:]
    assert rows
    for row in rows:
        threat, _, tests = (cell.strip() for cell in row.strip("|").split(" | "))
        named = NAMED.findall(tests)
        assert named, threat
        assert len(named) == tests.count("::"), threat
        for file, name in named:
            assert name in _functions(ROOT / file), f"{threat}: {file}::{name}"


def _functions(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
