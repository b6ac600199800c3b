"""Several processes of the bot on one PostgreSQL: no setting says so, and no work is done twice."""

from datetime import datetime

from tests.faults.people import RAISE as RAISE_STEP
from tests.faults.people import People, Told
from tests.faults.plan import SHANGHAI, Move, Plan
from tests.faults.play import Stage, make

BEGIN = datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)
RAISE, STEP, HOP, DOUBLE = "raise", "step", "hop", "double"
WEEKS = (RAISE, RAISE, STEP, HOP, RAISE, STEP, HOP, HOP, STEP, HOP)


def company(seed: int, *whats: str) -> Plan:
    """Three replicas, and this to do for them."""
    moves = tuple(Move(what, pick) for pick, what in enumerate(whats))
    return Plan(seed, "postgresql", 3, SHANGHAI, BEGIN, moves)


def test_they_share_the_work_and_every_scheduled_thing_happens_once(scene: Stage) -> None:
    with scene.world(company(1, *WEEKS)) as world:
        people = People(world)
        for move in world.plan.moves:
            make(move, world, people)
        outcome = scene.judge(world, people)

    assert outcome.violations == []
    assert Told.NOTHING not in {attempt.told for attempt in people.attempts}
    assert len(outcome.steps) > 3
    assert outcome.scheduled > 2


def test_any_of_them_takes_any_click(scene: Stage) -> None:
    with scene.world(company(2)) as world:
        people = People(world)
        for left in range(3):
            world.complete()
            people.raise_(Move(RAISE, left))
            for replica in [one for place, one in enumerate(world.replicas) if place != left]:
                replica.kill()
            world.move_to(world.now)
            people.next_step(Move(STEP, left))()
        world.complete()
        outcome = scene.judge(world, people)

    assert outcome.violations == []
    assert [attempt.told for attempt in people.attempts if attempt.step == RAISE_STEP] == [Told.DONE] * 3
    assert Told.NOTHING not in {attempt.told for attempt in people.attempts}
    assert len(people.attempts) == 6
