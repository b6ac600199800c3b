"""Several senders share one outbox, and one of them dies."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bot.delivery import posting_client
from storage.database import Database
from tests.delivery.office import LOST_LEASE, Office
from tests.delivery.slack_server import COMPANY, SlackServer

TARGETS = {"C_QUALITY": "C_QUALITY", "C_WEEKLY": "C_WEEKLY", "U_LIU": "D_LIU", "U_CHEN": "D_CHEN"}


@pytest.fixture
def replicas(office: Office, database_url: str, slack: SlackServer) -> Iterator[list[Office]]:
    """Four senders, each with connections of its own."""
    databases = [Database(database_url) for _ in range(4)]
    yield [Office(one, slack, posting_client(COMPANY.bot_token, slack.url)) for one in databases]
    for one in databases:
        one.dispose()


def test_drains_at_the_same_time_send_each_message_once_and_in_order(
    office: Office, replicas: list[Office], slack: SlackServer
) -> None:
    for target in TARGETS:
        office.put(*(f"{target} {number}" for number in range(3)), target=target)
    for seconds in range(3):
        assert sum(drain_together(replicas, seconds)) == len(TARGETS)
    for target, channel in TARGETS.items():
        assert slack.texts(channel) == [f"{target} {number}" for number in range(3)]
    told = [key for replica in replicas for key, _, _ in replica.sent]
    assert len(told) == len(set(told)) == 12


def test_one_waiting_message_goes_to_one_of_them(office: Office, replicas: list[Office], slack: SlackServer) -> None:
    office.put("a", "b")
    assert sum(drain_together(replicas, 0)) == 1
    assert slack.texts("C_QUALITY") == ["a"]


def test_one_of_them_looks_up_what_a_lost_one_left(office: Office, replicas: list[Office], slack: SlackServer) -> None:
    office.put("a")
    office.claim()
    assert sum(drain_together(replicas, LOST_LEASE)) == 1
    assert slack.texts("C_QUALITY") == ["a"]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_killed_while_it_posts_is_made_good_by_the_next(
    office: Office, database_url: str, moment: str
) -> None:
    office.put("a", "b")
    kill_in_the_act(database_url, office.slack, moment)
    assert office.states("a") == ["LEASED"]
    assert office.slack.texts("C_QUALITY") == (["a"] if moment == "after" else [])
    assert office.run() == [LOST_LEASE, LOST_LEASE + 1]
    assert office.slack.texts("C_QUALITY") == ["a", "b"]
    assert [key for key, _, _ in office.sent] == ["a", "b"]


def drain_together(replicas: list[Office], seconds: float) -> list[int]:
    """All drain from the same moment on; how many messages each of them had."""
    start = Barrier(len(replicas))

    def drain(replica: Office) -> int:
        start.wait()
        return replica.drain(seconds)

    with ThreadPoolExecutor(len(replicas)) as threads:
        return list(threads.map(drain, replicas))


def kill_in_the_act(database_url: str, slack: SlackServer, moment: str) -> None:
    """Let another process send, and kill it before or after its post takes effect."""
    command = [sys.executable, "-m", "tests.delivery.lone_sender", database_url, slack.url]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as child:
        setattr(slack, moment, lambda _: child.kill())
        child.communicate(b"begin\n")
    setattr(slack, moment, None)
    assert child.returncode == -signal.SIGKILL
