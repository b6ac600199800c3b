"""A schedule: made from its seed alone, so that a failing one can be played again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

KILLS = ("kill", "kill_before_commit", "kill_after_send")
STORE = ("restart", "full")
ENVELOPES = ("lose", "lose_ack", "double")
SLACK = ("rate_limit", "error_503", "error_ok_false", "drop_before", "drop_after", "slow")
LINES = ("cut",)
STOPS = ("stop",)
TIME = ("down", "jump")
KINDS = (*KILLS, *STOPS, *STORE, *ENVELOPES, *SLACK, *LINES, *TIME, "dst")
WEIGHTS = {"kill": 5, "double": 3, "restart": 3, "full": 3, "kill_after_send": 3, "kill_before_commit": 2}
RARE = {"cut": 0.3}
MOVES = 8
METHODS = ("chat.postMessage",) * 5 + ("chat.update", "conversations.history", "conversations.open", "views.open", "*")
LONG_SLOW = 11.0
"""Longer than the sender waits for an answer."""

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
BEGINNINGS = (
    (SHANGHAI, "2026-03-02T09:30"),
    (SHANGHAI, "2026-04-29T16:10"),
    (SHANGHAI, "2026-09-24T10:00"),
    (BERLIN, "2026-03-25T09:20"),
    (BERLIN, "2026-10-21T15:40"),
)
"""In Berlin the clocks change some days later; in Shanghai a holiday with make-up days begins."""


@dataclass(frozen=True)
class Fault:
    """What is broken during a move; times in real seconds, `retry_after` in Slack's."""

    kind: str
    method: str = "chat.postMessage"
    times: int = 1
    delay: float = 0.0
    seconds: float = 1.0
    retry_after: int = 1


@dataclass(frozen=True)
class Move:
    """One thing that happens: an act of a person, or of the clock. `pick` is a number for whatever is to be chosen."""

    what: str
    pick: int
    days: float = 0.0
    fault: Fault | None = None


@dataclass(frozen=True)
class Plan:
    """All of a schedule that can be known beforehand."""

    seed: int
    engine: str
    replicas: int
    zone: ZoneInfo
    begin: datetime
    moves: tuple[Move, ...] = field(default=())


def plan(seed: int, engine: str) -> Plan:
    """The schedule of a seed. SQLite has one process, killed and started again."""
    random = Random(f"{engine}:{seed}")
    zone, begin = random.choice(BEGINNINGS)
    replicas = random.choice((2, 2, 2, 3)) if engine == "postgresql" else 1
    moves = [Move("raise", random.randrange(10_000))]
    while len(moves) < MOVES:
        what = random.choices(("raise", "step", "hop", "jump", "down"), (3, 6, 4, 1, 0.6))[0]
        days = random.uniform(0.1, 9) if what in TIME else 0.0
        fault = _fault(random, what) if random.random() < 0.8 and what != "down" else None
        moves.append(Move(what, random.randrange(10_000), days, fault))
    return Plan(seed, engine, replicas, zone, datetime.fromisoformat(begin).replace(tzinfo=zone), tuple(moves))


def after(now: datetime, days: float) -> datetime:
    """The instant that many days later, to the minute."""
    return (now + timedelta(days=days)).replace(second=0, microsecond=0)


def _fault(random: Random, what: str) -> Fault:
    kinds = SLACK if what == "jump" else (*KILLS, *STOPS, *STORE, *SLACK, *LINES)
    if what in ("raise", "step"):
        kinds = (*kinds, *ENVELOPES)
    kind = random.choices(kinds, [WEIGHTS.get(kind, RARE.get(kind, 1.0)) for kind in kinds])[0]
    return Fault(
        kind,
        method=random.choice(METHODS),
        times=random.choice((1, 1, 2)),
        delay=random.uniform(0, 0.5),
        seconds=LONG_SLOW if kind == "slow" and random.random() < 0.05 else random.uniform(0.2, 2.5),
        retry_after=random.choice((1, 3, 30)),
    )
