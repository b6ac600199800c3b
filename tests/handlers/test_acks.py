"""An ack that says nothing is out before any work begins; one that says something is given by its listener."""

from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest
from slack_bolt import BoltResponse
from structlog.testing import capture_logs

from bot.listeners import AT_ONCE, WAIT_SECONDS, Listeners, Turn
from storage import migrate
from storage.database import Database
from tests.hostile.gate import Gate, gate
from tests.hostile.speech import Speech
from tests.support.company import DemoCompany

RAISED = "IMP-2026-0901"
SAID: dict[str, Callable[[Speech], dict[str, Any]]] = {
    "command": lambda speech: speech.command("U_CHEN", ""),
    "sentence": lambda speech: speech.command("U_CHEN", "打印机每天卡纸"),
    "shortcut": lambda speech: speech.shortcut("U_CHEN"),
    "message": lambda speech: speech.from_message("U_CHEN", "打印机每天卡纸"),
    "button": lambda speech: speech.press("U_LIU", "ask_info", RAISED),
    "home": lambda speech: speech.home_opened("U_CHEN"),
}


@pytest.fixture
def bot(company: DemoCompany) -> Iterator[Gate]:
    with gate(company) as opened:
        yield opened


@pytest.fixture
def speech(bot: Gate) -> Speech:
    return Speech(bot)


@pytest.fixture
def busy(bot: Gate) -> Iterator[Event]:
    """The work of others goes on behind their acks, as much as may at once, until the event is set."""

    def works(_turn: Turn) -> None:
        done.wait()

    done = Event()
    for _ in range(AT_ONCE):
        bot.bot.listeners.behind(works)
    yield done
    done.set()


def asked(bot: Gate, body: dict[str, Any]) -> BoltResponse:
    """The answer that Slack waits for."""
    response = bot.dispatch(body)
    assert response is not None
    return response


@pytest.mark.parametrize("kind", SAID)
def test_work_that_waits_keeps_no_ack_waiting(bot: Gate, speech: Speech, busy: Event, kind: str) -> None:
    body, since = SAID[kind](speech), bot.slack.wire.last

    assert asked(bot, body).status == 200

    assert bot.calls(since) == []
    busy.set()
    assert bot.bot.listeners.wait_until_idle()
    assert [call["what"] for call in bot.calls(since)] == ["views.publish" if kind == "home" else "views.open"]


def test_what_is_answered_in_an_ack_waits_for_no_work_behind_others(bot: Gate, speech: Speech, busy: Event) -> None:
    assert "/improve mine" in asked(bot, speech.command("U_SMITH", "help")).body
    raising = bot.bot.context.workflow.step_of("improvement", "raise_opportunity")
    assert '"clear"' in asked(bot, speech.form("U_CHEN", raising, None)).body
    assert not busy.is_set()


def test_who_waits_for_slack_lets_others_work(bot: Gate, speech: Speech) -> None:
    def waits(turn: Turn) -> None:
        turn.over()
        done.wait()

    done, since = Event(), bot.slack.wire.last
    for _ in range(5):
        bot.bot.listeners.behind(waits)
    bot.dispatch(speech.command("U_CHEN", ""))
    while not bot.calls(since):
        pass
    done.set()


def test_a_command_that_fails_behind_its_ack_is_answered_all_the_same(
    bot: Gate, speech: Speech, database: Database
) -> None:
    body, since = speech.command("U_CHEN", "打印机每天卡纸"), bot.slack.wire.last
    _run(database, "ALTER TABLE stamp RENAME TO lost")

    response = bot.hear(body)

    _run(database, "ALTER TABLE lost RENAME TO stamp")
    assert (response and response.status) == 200
    reference = next(line["reference"] for line in bot.logged if line["event"] == "listener_failed")
    (answer,) = bot.calls(since)
    assert answer["what"] == "response_url"
    assert reference in answer["args"]["text"]


def _run(database: Database, statement: str) -> None:
    with migrate.transaction(database.url.render_as_string(hide_password=False)) as connection:
        connection.exec_driver_sql(statement)


def test_few_work_at_once_and_the_end_is_waited_for() -> None:
    def work(_turn: Turn) -> None:
        at_work.append(1)
        pause.wait(0.001)  # the others' opportunity
        seen.append(len(at_work))
        at_work.pop()

    listeners, pause = Listeners(4), Event()
    at_work: list[int] = []
    seen: list[int] = []
    for _ in range(50):
        listeners.submit(listeners.behind, work)
    assert listeners.wait_until_idle()
    assert max(seen) <= AT_ONCE
    for _ in range(50):
        listeners.submit(listeners.behind, work)
    listeners.shutdown()
    assert len(seen) == 100


def test_a_slow_question_holds_up_nobody() -> None:
    def asks(_turn: Turn) -> None:
        answered.wait()

    listeners, done, answered = Listeners(4), Event(), Event()
    listeners.behind(asks)
    listeners.behind(lambda _turn: done.set())
    assert done.wait(WAIT_SECONDS)
    answered.set()
    listeners.shutdown()


def test_work_that_fails_is_told_of_and_the_next_begins() -> None:
    def fails(_turn: Turn) -> None:
        raise ValueError

    listeners, done = Listeners(1), Event()
    with capture_logs() as logged:
        listeners.behind(fails)
        listeners.behind(lambda _turn: done.set())
        listeners.shutdown()
    assert [line["event"] for line in logged] == ["work_lost"]
    assert done.is_set()
