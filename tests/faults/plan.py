"""A schedule: made from its seed alone, so that a failing one can be played again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

KILLS = ("kill", "kill_before_commit", "kill_before_send", "kill_after_send")
STORE = ("restart", "full")
ENVELOPES = ("lose", "lose_ack", "double", "late")
SLACK = ("rate_limit", "error_503", "error_ok_false", "drop_before", "drop_after", "slow")
LINES = ("cut",)
OF_SOCKET, OF_HTTP = frozenset(LINES), frozenset({"late"})
"""What can only happen on the one way to the bot, or on the other."""

STOPS = ("stop",)
TIME = ("down", "jump")
KINDS = (*KILLS, *STOPS, *STORE, *ENVELOPES, *SLACK, *LINES, *TIME)
WEIGHTS = {
    "kill": 4,
    "kill_after_send": 3,
    "kill_before_send": 2,
    "kill_before_commit": 2,
    "double": 3,
    "restart": 3,
    "full": 3,
}
RARE = {"cut": 0.3, "late": 0.4}
MOVES, BEFORE, PAST, HTTP = 8, (0, 1, 2, 2), (0, 12, 30, 45), 0.35
METHODS = ("chat.postMessage",) * 5 + ("chat.update", "conversations.history", "conversations.open", "views.open", "*")
LONG, LONG_SLOW = 3.5, 11.0
"""Longer than Slack waits for an ack, and longer than the sender waits for an answer; in seconds."""

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
BEGINNINGS = (
    (SHANGHAI, "2026-03-02T09:30"),
    (SHANGHAI, "2026-04-29T16:10"),
    (SHANGHAI, "2026-09-24T10:00"),
    (BERLIN, "2026-03-27T09:20"),
    (BERLIN, "2026-10-23T15:40"),
)
"""In Berlin the clocks change before the next working day; in Shanghai a holiday with make-up days begins."""


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
    """One thing that happens: an act of a person, or of the clock. `pick` is a number for whatever is to be chosen.

    `before` are the picks of steps that are taken first, with nothing wrong.
    """

    what: str
    pick: int
    days: float = 0.0
    fault: Fault | None = None
    before: tuple[int, ...] = ()


@dataclass(frozen=True)
class Plan:
    """All of a schedule that can be known beforehand.

    `past` is how many steps people have tried before it begins; with `http` the replicas stand behind a balancer.
    """

    seed: int
    engine: str
    replicas: int
    zone: ZoneInfo
    begin: datetime
    moves: tuple[Move, ...] = field(default=())
    past: int = 0
    http: bool = False


def plan(seed: int, engine: str) -> Plan:
    """The schedule of a seed. SQLite has one process, killed and started again."""
    random = Random(f"{engine}:{seed}")
    zone, begin = random.choice(BEGINNINGS)
    replicas = random.choice((2, 2, 2, 3)) if engine == "postgresql" else 1
    past, http = random.choice(PAST), random.random() < HTTP
    moves = [Move("raise", random.randrange(10_000))]
    while len(moves) < MOVES:
        what = random.choices(("raise", "step", "home", "hop", "jump", "down"), (2, 8, 1, 4, 1, 0.6))[0]
        days = random.uniform(0.1, 9) if what in TIME else 0.0
        fault = _fault(random, what, http=http) if random.random() < 0.8 and what != "down" else None
        before = [random.randrange(10_000) for _ in range(random.choice(BEFORE))]
        moves.append(Move(what, random.randrange(10_000), days, fault, tuple(before)))
    local = datetime.fromisoformat(begin).replace(tzinfo=zone)
    return Plan(seed, engine, replicas, zone, local, tuple(moves), past, http)


def after(now: datetime, days: float) -> datetime:
    """The instant that many days later, to the minute."""
    return (now + timedelta(days=days)).replace(second=0, microsecond=0)


def _fault(random: Random, what: str, *, http: bool) -> Fault:
    kinds: tuple[str, ...] = SLACK if what == "jump" else (*KILLS, *STOPS, *STORE, *SLACK, *LINES)
    if what in ("raise", "step", "home"):
        kinds = (*kinds, *ENVELOPES)
    kinds = tuple(kind for kind in kinds if kind not in (OF_SOCKET if http else OF_HTTP))
    kind = random.choices(kinds, [WEIGHTS.get(kind, RARE.get(kind, 1.0)) for kind in kinds])[0]
    return Fault(
        kind,
        method=random.choice(METHODS),
        times=random.choice((1, 1, 2)),
        delay=_delay(random, kind),
        seconds=_seconds(random, kind),
        retry_after=random.choice((1, 3, 30)),
    )


def _delay(random: Random, kind: str) -> float:
    """What is done in the meantime gets through: a click, but not the form that it opened."""
    return random.choice((0.0, random.uniform(0.02, 0.2))) if kind in ENVELOPES else random.uniform(0, 0.5)


def _seconds(random: Random, kind: str) -> float:
    if random.random() < 0.05:
        return LONG_SLOW if kind == "slow" else LONG
    return random.uniform(0.1, 1.2)
