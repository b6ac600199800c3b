"""A few of the schedules of `make faults`, those that take little time."""

from datetime import datetime

import pytest

from tests.faults.plan import BERLIN, SHANGHAI, Fault, Move, Plan, plan
from tests.faults.play import Stage

WORKDAY = datetime(2026, 3, 4, 9, 30, tzinfo=SHANGHAI)
BEFORE_SUMMER = datetime(2026, 3, 27, 9, 20, tzinfo=BERLIN)
DAILY = {"raise_opportunity", "classify_daily", "accept", "report_result", "verify_daily_effective"}


@pytest.mark.parametrize(("engine", "seed"), [("sqlite", 3598), ("postgresql", 3212)])
def test_nothing_is_lost_and_nothing_happens_twice(scene: Stage, engine: str, seed: int) -> None:
    assert scene.play(seed, engine).violations == []


def test_over_http_behind_a_balancer(scene: Stage) -> None:
    moves = (
        Move("raise", 1, fault=Fault("double")),
        Move("home", 2, fault=Fault("lose")),
        Move("step", 3, fault=Fault("lose_ack", times=2)),
        Move("home", 4, fault=Fault("lose_ack")),
        Move("step", 5, fault=Fault("kill")),
        Move("step", 6, fault=Fault("double")),
    )

    outcome = scene.follow(Plan(1, "postgresql", 2, SHANGHAI, WORKDAY, moves, past=12, http=True))

    assert outcome.violations == []
    assert outcome.told_again == 2


def test_measures_and_charters_over_a_change_of_clocks(scene: Stage) -> None:
    moves = (
        Move("step", 1, fault=Fault("double"), before=(11, 12)),
        Move("step", 2, fault=Fault("kill_after_send"), before=(13,)),
        Move("step", 3, fault=Fault("drop_after"), before=(14, 15)),
        Move("hop", 4),
    )

    outcome = scene.follow(Plan(2, "sqlite", 1, BERLIN, BEFORE_SUMMER, moves, past=30))

    assert outcome.violations == []
    assert len(outcome.steps - DAILY) > 3
    assert outcome.after_change > 0


def test_a_seed_always_gives_the_same_schedule() -> None:
    assert plan(7, "sqlite") == plan(7, "sqlite")
    assert plan(7, "sqlite") != plan(8, "sqlite")
