"""A migration leaves the version before it able to work: replicas of both run side by side while one takes over."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import storage.migrations.versions

VERSIONS = Path(storage.migrations.versions.__file__).parent
FIRST = "0001_first_release.py"
TAKES_AWAY = {"drop_column", "drop_table", "rename_table", "alter_column", "batch_alter_table", "drop_constraint"}
CONTRACTS: dict[str, str] = {}
"""Migrations that take away what the version before them no longer used, and since when."""

BAD = """
def upgrade():
    op.drop_column("record", "round")
    op.add_column("record", sa.Column("weather", sa.Text(), nullable=False))
    op.add_column("record", sa.Column("mood", sa.Text()))
    op.add_column("record", sa.Column("season", sa.Text(), nullable=False, server_default="spring"))


def downgrade():
    op.drop_column("record", "mood")
"""


@pytest.mark.parametrize("file", sorted(file.name for file in VERSIONS.glob("0*.py") if file.name != FIRST))
def test_the_version_before_can_go_on(file: str) -> None:
    if file not in CONTRACTS:
        assert [*narrowing((VERSIONS / file).read_text(encoding="utf-8"))] == []


def test_what_would_stop_it_is_found() -> None:
    assert [*narrowing(BAD)] == ["drop_column in line 3", "add_column in line 4"]


def narrowing(source: str) -> Iterator[str]:
    """What in an upgrade takes away, or asks for what the version before does not write."""
    tree = ast.parse(source)
    upgrade = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "upgrade")
    for call in (node for node in ast.walk(upgrade) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if name in TAKES_AWAY or (name == "add_column" and _is_demanded(call)):
            yield f"{name} in line {call.lineno}"


def _is_demanded(call: ast.Call) -> bool:
    column = call.args[1]
    assert isinstance(column, ast.Call)
    said = {keyword.arg: ast.unparse(keyword.value) for keyword in column.keywords}
    return said.get("nullable") == "False" and "server_default" not in said
