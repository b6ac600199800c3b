"""`improve-bot show` and `lifecycle`, as they are typed."""

import json

import pytest

from bot.improvement import LIFECYCLES
from storage.database import Database
from tests.calendar.register import Register
from tests.cli.conftest import Type
from tests.records import capa


@pytest.mark.parametrize("number", ["IMP-2026-0001", "imp-2026-1"])
def test_a_record_is_found_however_loosely_it_is_named(
    typed: Type, database: Database, database_url: str, number: str
) -> None:
    Register(database).notified("2026-03-02")

    data = json.loads(typed("show", number, "--json", "--database", database_url).said)

    assert (data["number"], data["stage"], data["chain_ok"]) == ("IMP-2026-0001", "NOTIFIED", True)


def test_a_record_in_words(typed: Type, database: Database, database_url: str) -> None:
    Register(database).notified("2026-03-02")

    said = typed("show", "IMP-2026-0001", "--database", database_url, LANG="zh_CN.UTF-8").said

    assert "IMP-2026-0001 交接班记录缺少签字" in said
    assert "2026年3月9日 周一" in said
    assert "历史记录完整" in said


@pytest.mark.parametrize("number", ["IMP-2026-0404", "'; DROP TABLE record", ""])
def test_a_record_nobody_knows_gets_a_sentence(typed: Type, database: Database, database_url: str, number: str) -> None:
    Register(database)

    answer = typed("show", number, "--database", database_url)

    assert (answer.code, answer.said, answer.complained.count("\n")) == (2, "", 1)


def test_a_capa_is_shown_with_its_measures_and_their_dates(typed: Type, database: Database, database_url: str) -> None:
    number = capa.implementing(Register(database))

    said = typed("show", number, "--database", database_url, LANG="zh_CN.UTF-8").said.splitlines()

    assert f"{number}-M1 增加签字栏（实施中）" in said
    assert any(line.startswith(f"{number}-M2 完成时限：2026年3月16日") for line in said)


@pytest.mark.parametrize("kind", LIFECYCLES)
def test_every_stage_that_can_be_reached_is_in_the_diagram(typed: Type, kind: str) -> None:
    lifecycle = LIFECYCLES[kind]
    diagram = typed("lifecycle", "--mermaid", "--kind", kind).said
    reached = {stage for step in lifecycle.steps.values() for stage in step.to}

    assert diagram.startswith("stateDiagram-v2\n")
    assert all(f" as {stage}\n" in diagram for stage in reached)
    assert diagram.count("[*] -->") == 1
    assert {line.split()[0] for line in diagram.splitlines() if line.endswith("--> [*]")} == reached & lifecycle.final


def test_the_steps_are_listed_under_their_stages(typed: Type) -> None:
    lines = typed("lifecycle").said.splitlines()

    assert "Raise an opportunity" not in lines
    assert any(line.strip().startswith("Accept") for line in lines)
