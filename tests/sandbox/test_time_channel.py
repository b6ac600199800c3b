"""Simulated time, lived through by a tiny bot that is nothing but its end of the time channel."""

import json
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Thread
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient

from bot.sandbox import ControlClient
from bot.sandbox.server import Sandbox
from tests.sandbox.bolt_bot import TimeServer
from tests.sandbox.conftest import START


class Diary:
    """Writes down every tick; has something to send at `sends` and a moment at `moments`."""

    def __init__(self) -> None:
        self.ticks: list[datetime] = []
        self.sends: list[datetime] = []
        self.moments: list[datetime] = []

    def tick(self, now: datetime) -> dict[str, str | None]:
        self.ticks.append(now)
        return {"next_send": after(self.sends, now), "next_moment": after(self.moments, now)}


def after(instants: list[datetime], now: datetime) -> str | None:
    return min((one.isoformat() for one in instants if one > now), default=None)


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
def server(sandbox: Sandbox, diary: Diary) -> Iterator[TimeServer]:
    running = TimeServer(diary.tick)
    assert running.announce(sandbox.url) == {"now": START.isoformat()}
    yield running
    running.stop()


def minutes(*numbers: float) -> list[datetime]:
    return [START + timedelta(minutes=number) for number in numbers]


@pytest.mark.usefixtures("server")
def test_clock_passes_every_moment_in_order(people: ControlClient, diary: Diary) -> None:
    diary.moments = minutes(30, 10, 20, 90)
    answer = people.act("clock", to="2026-02-10T10:00:00+08:00")
    assert answer["moments"] == [one.isoformat() for one in minutes(10, 20, 30)]
    assert (answer["now"], answer["moved_seconds"]) == ("2026-02-10T02:00:00+00:00", 3600)
    assert list(dict.fromkeys(diary.ticks)) == [START, *minutes(10, 20, 30, 60)]


@pytest.mark.usefixtures("server")
def test_a_gesture_moves_time_only_as_pacing_needs(people: ControlClient, diary: Diary) -> None:
    diary.sends = [START + timedelta(seconds=seconds) for seconds in (1, 2, 60, 61)]
    answer = people.act("user", id="U_CHEN", locale="en-US")
    assert answer["moved_seconds"] == 60
    assert diary.ticks == [START, *diary.sends[:3]]


@pytest.mark.usefixtures("server")
def test_next_moment(people: ControlClient, diary: Diary) -> None:
    diary.moments = minutes(10, 20)
    assert people.act("clock", to="next")["now"] == minutes(10)[0].isoformat()
    assert people.act("clock", to="next")["now"] == minutes(20)[0].isoformat()
    assert people.act("clock", to="next")["moments"] == []


def test_a_bot_that_is_gone_is_forgotten(people: ControlClient, server: TimeServer) -> None:
    assert people.look("time")["bots"] == [server.url]
    server.stop()
    assert "is gone" in people.act("clock", to="2026-02-10T10:00:00+08:00")["bot_problems"][0]
    assert people.look("time")["bots"] == []


def test_a_bot_that_dies_over_its_answer_is_forgotten(sandbox: Sandbox, people: ControlClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as dying:
        url = f"http://127.0.0.1:{dying.getsockname()[1]}"
        Thread(target=break_off, args=(dying,)).start()
        urlopen(Request(f"{sandbox.url}/_time/bots", json.dumps({"url": url}).encode())).close()
        assert "is gone" in people.act("clock", to="2026-02-10T10:00:00+08:00")["bot_problems"][0]
    assert people.look("time")["bots"] == []


def break_off(server: socket.socket) -> None:
    """Answer one request with a beginning."""
    there, _ = server.accept()
    with there:
        there.recv(65_536)
        there.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")


@pytest.mark.usefixtures("server")
def test_what_a_bot_sends_stands_there_when_the_call_returns(
    people: ControlClient, diary: Diary, web: WebClient
) -> None:
    diary.sends = minutes(10)
    people.act("clock", to="2026-02-10T10:00:00+08:00")
    web.chat_postMessage(channel="C_QUALITY", text="x")
    ts = people.look("messages", channel="C_QUALITY")["messages"][0]["ts"]
    assert int(float(ts)) == int(minutes(60)[0].timestamp())


@pytest.mark.parametrize(
    ("to", "error"),
    [
        ("2026-02-10T08:59:59+08:00", "time_runs_forward"),
        ("2026-02-11T09:00:00", "needs_a_time_zone"),
        ("tomorrow", "not_an_instant"),
    ],
)
def test_instants_that_are_refused(people: ControlClient, to: str, error: str) -> None:
    assert people.act("clock", to=to)["error"] == error
