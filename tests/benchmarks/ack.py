"""`/improve` over HTTP: how long until Slack has the first byte of its answer, and how many a second are answered.

Against the same server with a Bolt listener that only acks. Also told: against a listener that acks and opens an empty
modal, because opening one is what `/improve` is for, and its work stands in the way of the next ack.
"""

import socket
import statistics
import time
from collections.abc import Iterator
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
from tests.benchmarks.slack import program, slack
from tests.support.company import DemoCompany

CONNECTIONS, ROUNDS, SECONDS = (1, 32), 7, 1.0
END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True)
class Load:
    """What one round found: the median time to the first byte in seconds, and answers a second."""

    p50: float
    rate: float


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
            asked = [(own, "/improve"), (bare, "/improve"), (opening, "/open")]
            rounds = [[load(port, command, connections) for port, command in asked] for _ in range(ROUNDS + 1)][1:]
            what = f"/improve over HTTP, {connections} connection{'s' if connections > 1 else ''}"
            yield from _told(what, rounds)


def _told(what: str, rounds: list[list[Load]]) -> Iterator[Line]:
    for name, other, limits in (
        ("a no-op Bolt listener", 1, (1.2, 0.8)),
        ("one that opens an empty modal", 2, (None,) * 2),
    ):
        p50 = ratio_of([(loads[0].p50, loads[other].p50) for loads in rounds])
        yield Line("ack", f"{what}: p50", name, p50.value, limits[0], note=p50.note)
        rate = ratio_of([(loads[0].rate, loads[other].rate) for loads in rounds])
        yield Line("ack", f"{what}: a second", name, rate.value, limits[1], at_least=True, note=_rates(rate))


def _rates(rate: Ratio) -> str:
    return (
        f"{rate.own:.0f} : {rate.other:.0f} a second; half of {rate.pairs} rounds within {rate.low:.2f}-{rate.high:.2f}"
    )


def load(port: int, command: str, connections: int) -> Load:
    """Ask for a second over so many connections, each waiting for its answer before it asks again."""
    request = signed(command)
    until = perf_counter() + SECONDS
    with ThreadPoolExecutor(connections) as pool:
        found = pool.map(lambda _: _ask_until(port, request, until), range(connections))
        taken = [seconds for one in found for seconds in one]
    return Load(statistics.median(taken), len(taken) / SECONDS)


def signed(command: str) -> bytes:
    """A request as Slack sends it."""
    values = {"command": command, "text": "", "user_id": "U_CHEN", "team_id": "T1", "trigger_id": "1.2.3", "token": "x"}
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


def _ask_until(port: int, request: bytes, until: float) -> list[float]:
    taken = []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        while (asked := perf_counter()) < until:
            connection.sendall(request)
            answer = connection.recv(65536)
            taken.append(perf_counter() - asked)
            _read_to_the_end(connection, answer)
    return taken


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
