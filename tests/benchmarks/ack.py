"""`/improve` over HTTP: how long until Slack has the first byte of its answer, and how many a second are answered.

Against the same server with a Bolt listener that only acks. Also told: against a listener that acks and opens an empty
modal, because opening one is what `/improve` is for, and its work stands in the way of the next ack. Every request has
a trigger of its own, which lives three seconds; a round has ended when each has opened its modal, and that is timed.
"""

import socket
import statistics
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from handlers.web import PATH
from storage.database import Database
from tests.benchmarks.harness import Line, Ratio, ratio_of
from tests.benchmarks.run import Run
from tests.benchmarks.server import SECRET
from tests.benchmarks.slack import opened, program, slack
from tests.support.company import DemoCompany

CONNECTIONS, ROUNDS, SECONDS = (1, 32), 7, 1.0
TRIGGER_SECONDS, PATIENCE_SECONDS = 3, 30
END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True)
class Asked:
    """One request: its trigger, when it was sent, and how long its answer took, in seconds."""

    trigger: str
    at: float
    taken: float


@dataclass(frozen=True)
class Load:
    """What one round found: the median time to the first byte in seconds, answers a second, and its modals.

    `late` says how many seconds after its request each modal was opened, `modals` how many were opened a second.
    """

    p50: float
    rate: float
    late: list[float]
    modals: float


def lines(run: Run) -> Iterator[Line]:
    """Three servers side by side, asked in turns."""
    url = run.databases.new("sqlite")
    DemoCompany(Database(url))
    with ExitStack() as stack:
        address = stack.enter_context(slack())
        own, bare, opening = (
            int(stack.enter_context(program("tests.benchmarks.server", kind, url, address))[0])
            for kind in ("own", "bare", "opening")
        )
        for connections in CONNECTIONS:
            asked = [(own, "/improve", address), (bare, "/improve", None), (opening, "/open", address)]
            rounds = [[load(*one, connections=connections) for one in asked] for _ in range(ROUNDS + 1)][1:]
            yield from _told(f"/improve over HTTP, {connections} connection{'s' if connections > 1 else ''}", rounds)


def _told(what: str, rounds: list[list[Load]]) -> Iterator[Line]:
    for name, other, limits in (
        ("a no-op Bolt listener", 1, (1.2, 0.8)),
        ("one that opens an empty modal", 2, (None,) * 2),
    ):
        p50 = ratio_of([(loads[0].p50, loads[other].p50) for loads in rounds])
        yield Line("ack", f"{what}: p50", name, p50.value, limits[0], note=p50.note)
        rate = ratio_of([(loads[0].rate, loads[other].rate) for loads in rounds])
        yield Line("ack", f"{what}: a second", name, rate.value, limits[1], at_least=True, note=_rates(rate))
    modals = ratio_of([(loads[0].modals, loads[2].modals) for loads in rounds])
    yield Line("ack", f"{what}: modals a second", "one that opens an empty modal", modals.value, note=_rates(modals))
    late = sorted(seconds for loads in rounds for seconds in loads[0].late)
    note = f"median {statistics.median(late) * 1e3:.0f} ms; all {len(late)} that were asked for were opened"
    yield Line("ack", f"{what}: the latest modal", "seconds a trigger lives", late[-1], TRIGGER_SECONDS, note=note)


def _rates(rate: Ratio) -> str:
    return (
        f"{rate.own:.0f} : {rate.other:.0f} a second; half of {rate.pairs} rounds within {rate.low:.2f}-{rate.high:.2f}"
    )


def load(port: int, command: str, modals_at: str | None, *, connections: int) -> Load:
    """Ask for a second over so many connections, each waiting for its answer before it asks again.

    `modals_at` is the Slack where each request opens a modal; returns when the last one is open.
    """
    begun = perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        found = pool.map(lambda name: _ask_until(port, command, str(name), begun + SECONDS), range(connections))
        asked = [one for several in found for one in several]
    at = _opened(modals_at, {one.trigger for one in asked}) if modals_at else {}
    late = [at[one.trigger] - one.at for one in asked if modals_at]
    rate = len(at) / (max(at.values()) - begun) if at else 0.0
    return Load(statistics.median(one.taken for one in asked), len(asked) / SECONDS, late, rate)


def _opened(address: str, triggers: set[str]) -> Mapping[str, float]:
    """When each was used; raises `TimeoutError` if one is not."""
    found, until = opened(address), perf_counter() + PATIENCE_SECONDS
    while missing := triggers - found.keys():
        if perf_counter() > until:
            raise TimeoutError(f"{len(missing)} modals were never opened")
        time.sleep(0.1)
        found |= opened(address)
    return found


def signed(command: str, trigger: str = "1.2.3") -> bytes:
    """A request as Slack sends it."""
    values = {"command": command, "text": "", "user_id": "U_CHEN", "team_id": "T1", "trigger_id": trigger, "token": "x"}
    body, now = urlencode(values), str(int(time.time()))
    head = {
        "Host": "localhost",
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": str(len(body)),
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": str(SignatureVerifier(SECRET).generate_signature(timestamp=now, body=body)),
    }
    said = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"POST {PATH} HTTP/1.1\r\n{said}\r\n{body}".encode()


def _ask_until(port: int, command: str, name: str, until: float) -> list[Asked]:
    found: list[Asked] = []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        while perf_counter() < until:
            trigger = f"{name}.{len(found)}"
            request, asked = signed(command, trigger), perf_counter()
            connection.sendall(request)
            answer = connection.recv(65536)
            found.append(Asked(trigger, asked, perf_counter() - asked))
            _read_to_the_end(connection, answer)
    return found


def _read_to_the_end(connection: socket.socket, answer: bytes) -> None:
    while END_OF_HEAD not in answer:
        answer += connection.recv(65536)
    head, _, body = answer.partition(END_OF_HEAD)
    if b" 200 " not in head.split(b"\r\n")[0]:
        raise RuntimeError(head.decode())
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
    )
    while len(body) < length:
        body += connection.recv(65536)
