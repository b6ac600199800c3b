"""A few of the schedules of `make faults`, those that take little time."""

import pytest

from tests.faults.plan import plan
from tests.faults.play import Stage


@pytest.mark.parametrize(
    ("engine", "seed"),
    [
        *(("sqlite", seed) for seed in (3006, 3018, 3025)),
        *(("postgresql", seed) for seed in (3005, 3016, 3019)),
    ],
)
def test_nothing_is_lost_and_nothing_happens_twice(scene: Stage, engine: str, seed: int) -> None:
    assert scene.play(seed, engine).violations == []


def test_a_seed_always_gives_the_same_schedule() -> None:
    assert plan(7, "sqlite") == plan(7, "sqlite")
    assert plan(7, "sqlite") != plan(8, "sqlite")
