"""A file stands in Slack once, in its thread, whichever of the three calls fails."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from bot.delivery.attempt import DELIVERY_ATTEMPTS
from bot.delivery.post import Ourselves
from bot.sandbox.state import Message
from tests.delivery.office import LOOK, LOST_LEASE, Office
from tests.delivery.slack_server import COMPANY, SlackServer

TICKET, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"
PLACES = [("C_QUALITY", "C_QUALITY"), ("U_LIU", "D_LIU")]


def shared(slack: SlackServer, channel: str) -> list[str]:
    """The names of the files that people see in a channel or DM."""
    return [str(file["name"]) for message in slack.workspace.messages_in(channel) for file in message.files]


def with_card(office: Office, target: str) -> str:
    """Post a card, and give its ts."""
    office.put("card", target=target)
    office.drain()
    return str(office.row("card").ts)


def test_it_stands_in_the_thread_with_its_words(office: Office) -> None:
    ts = with_card(office, "C_QUALITY")
    office.put("a", file="a.png", thread_ts=ts, text="Look")
    office.drain(1)
    _, message = office.slack.workspace.messages_in("C_QUALITY")
    assert (message.text, message.thread_ts, message.metadata) == ("Look", ts, None)
    [file] = message.files
    assert (file["name"], file["title"], file["alt_txt"], file["size"]) == ("a.png", "A picture", "What it shows", 3)
    row = office.row("a")
    assert (row.state, row.channel, row.ts) == ("SENT", "C_QUALITY", None)


def test_a_person_who_never_heard_of_us_gets_it(office: Office) -> None:
    office.put("a", target="U_LIU", file="a.png")
    office.drain()
    assert shared(office.slack, "D_LIU") == ["a.png"]
    assert office.sent == [("a", "D_LIU", None)]


@pytest.mark.parametrize("in_thread", [True, False])
@pytest.mark.parametrize(("target", "channel"), PLACES)
class TestUnclear:
    """The last call breaks: the file is looked up by its name before it is shared again."""

    def put(self, office: Office, target: str, channel: str, in_thread: bool) -> None:
        ts = with_card(office, target)
        thread = {"channel": channel, "thread_ts": ts} if in_thread else {}
        office.put("a", target=target, file="a.png", **thread)

    def test_broken_after_slack_had_shared_it(self, office: Office, target: str, channel: str, in_thread: bool) -> None:
        self.put(office, target, channel, in_thread)
        office.slack.fault(COMPLETE, "drop_after")
        assert office.run() == [1, 1 + LOOK]
        assert shared(office.slack, channel) == ["a.png"]
        found = office.slack.workspace.messages_in(channel)[-1]
        assert office.sent[1:] == [("a", channel, found.ts)]

    def test_broken_before_slack_had_read_it(self, office: Office, target: str, channel: str, in_thread: bool) -> None:
        self.put(office, target, channel, in_thread)
        office.slack.fault(COMPLETE, "drop_before")
        assert office.run() == [1, 1 + LOOK]
        assert shared(office.slack, channel) == ["a.png"]

    def test_broken_every_time(self, office: Office, target: str, channel: str, in_thread: bool) -> None:
        self.put(office, target, channel, in_thread)
        office.spoil("a", COMPLETE, "drop_before")
        assert [key for key, _ in office.given_up] == ["a"]
        assert len(office.slack.calls(COMPLETE)) == DELIVERY_ATTEMPTS


@pytest.mark.parametrize("method", [TICKET, "upload"])
@pytest.mark.parametrize("mode", ["drop_before", "drop_after"])
def test_broken_before_the_last_call_it_is_certainly_not_there(office: Office, method: str, mode: str) -> None:
    ts = with_card(office, "C_QUALITY")
    office.put("a", file="a.png", thread_ts=ts)
    office.slack.fault(method, mode)
    assert office.run() == [1, 21]
    assert shared(office.slack, "C_QUALITY") == ["a.png"]
    assert not {"conversations.replies", "conversations.history"} & set(office.slack.calls())


def test_an_upload_that_always_breaks_is_given_up(office: Office) -> None:
    office.put("a", file="a.png")
    office.slack.fault("upload", "drop_before", times=9)
    office.run()
    assert [key for key, _ in office.given_up] == ["a"]
    assert shared(office.slack, "C_QUALITY") == []


def test_where_nothing_can_be_uploaded_only_the_files_are_given_up(office: Office) -> None:
    """The store has another address than the Web API, and may be behind a wall."""
    office.put("a", file="a.png")
    office.put("b", target="C_WEEKLY")
    office.slack.fault("upload", "drop_before", times=9)
    assert office.drain() == 2
    assert office.states("a", "b") == ["QUEUED", "SENT"]


def test_without_the_right_to_share_files_all_else_is_sent(office: Office) -> None:
    scopes = tuple(scope for scope in COMPANY.scopes if scope != "files:write")
    office.slack.workspace.company = replace(COMPANY, scopes=scopes)
    office.put("a", file="a.png")
    office.put("b")
    office.drain()
    assert office.given_up == [("a", "missing_scope")]
    assert office.slack.texts("C_QUALITY") == ["b"]


def test_an_upload_that_is_refused_is_given_up(office: Office) -> None:
    """Slack's store says no with a status of HTTP, not with an answer of the Web API."""
    office.put("a", file="a.png")
    office.slack.workspace.url += "/api"  # where nothing takes uploads
    office.run()
    assert [(key, "Not Found" in str(error)) for key, error in office.given_up] == [("a", True)]


@pytest.mark.parametrize("method", [TICKET, COMPLETE])
def test_a_rate_limit_is_waited_for(office: Office, method: str) -> None:
    office.put("a", file="a.png")
    office.slack.fault(method, "rate_limit", retry_after=40)
    assert office.run() == [0, 40]
    assert shared(office.slack, "C_QUALITY") == ["a.png"]


@pytest.mark.parametrize("method", [TICKET, COMPLETE])
def test_a_refusal_is_final(office: Office, method: str) -> None:
    office.put("a", file="a.png")
    office.slack.fault(method, "error", error="not_allowed")
    office.run()
    assert office.given_up == [("a", "not_allowed")]


@pytest.mark.parametrize(
    ("watched", "moment", "seen"), [("upload", "after", []), (COMPLETE, "before", []), (COMPLETE, "after", ["a.png"])]
)
def test_a_process_killed_in_the_act_is_made_good_by_the_next(
    office: Office, database_url: str, watched: str, moment: str, seen: list[str]
) -> None:
    card = office.client.chat_postMessage(channel="C_QUALITY", text="card")
    office.put("a", file="a.png", thread_ts=card["ts"])
    _kill_in_the_act(database_url, office.slack, watched, moment)
    assert office.states("a") == ["LEASED"]
    assert shared(office.slack, "C_QUALITY") == seen
    assert office.run() == [LOST_LEASE]
    assert shared(office.slack, "C_QUALITY") == ["a.png"]
    assert office.states("a") == ["SENT"]


def test_the_same_name_from_somebody_else_is_not_ours(office: Office) -> None:
    workspace = office.slack.workspace
    workspace.post(Message(workspace.next_ts(), "C_QUALITY", "U_LIU", "copied", files=[{"name": "a.png"}]))
    office.put("a", file="a.png")
    office.claim()
    office.drain(LOST_LEASE)
    assert shared(office.slack, "C_QUALITY") == ["a.png", "a.png"]


def test_another_file_of_ours_is_not_it(office: Office) -> None:
    office.put("a", file="a.png")
    office.drain()
    office.put("b", file="b.png")
    office.claim(1)
    office.drain(1 + LOST_LEASE)
    assert shared(office.slack, "C_QUALITY") == ["a.png", "b.png"]


@pytest.mark.parametrize(
    ("message", "ours"),
    [
        ({"bot_id": "B_BOT", "user": "U_BOT"}, True),
        ({"user": "U_BOT"}, True),  # a shared file
        ({"bot_id": "B_BOT"}, True),
        ({"bot_id": "B_OTHER", "user": "U_OTHER"}, False),
        ({"user": "U_LIU"}, False),
        ({}, False),
    ],
)
def test_what_is_ours(office: Office, message: dict[str, Any], ours: bool) -> None:
    company = replace(office.slack.workspace.company, bot_id="B_BOT", bot_user_id="U_BOT")
    office.slack.workspace.company = company
    assert Ourselves(office.client).wrote(message) is ours


def _kill_in_the_act(database_url: str, slack: SlackServer, watched: str, moment: str) -> None:
    command = [sys.executable, "-m", "tests.delivery.lone_sender", database_url, slack.url]
    slack.watched = watched
    with subprocess.Popen(command, stdin=subprocess.PIPE) as child:
        setattr(slack, moment, lambda _: child.kill())
        child.communicate(b"1\n")
    setattr(slack, moment, None)
