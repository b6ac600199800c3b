"""What Prometheus fetches, from a bot in which something has happened."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.request import urlopen

import pytest
from slack_sdk.errors import SlackApiError

import storage.job
from bot.app import Bot, build
from bot.clock import SimulatedClock
from bot.errors import Refused
from bot.metrics import Metrics
from bot.settings import Settings
from bot.workflow import Request
from storage.database import Database
from tests.delivery.slack_server import COMPANY, SlackServer
from tests.support.company import at
from tests.support.ports import free_port

NOW = at("2026-03-02 09:00")
IDEA = {"title": "打印机每天卡纸", "description": "三楼", "source": "SERVICE_REPORT", "raising_dept": "信息部"}


pytestmark = pytest.mark.usefixtures("company")


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


@pytest.fixture
def settings(slack: SlackServer, database_url: str) -> Settings:
    return Settings(
        slack_bot_token=COMPANY.bot_token,
        slack_app_token=COMPANY.app_token,
        slack_url=slack.url,
        database_url=database_url,
        metrics_port=free_port(),
    )


@pytest.fixture
def bot(settings: Settings) -> Iterator[Bot]:
    built = build(settings, SimulatedClock(NOW))
    yield built
    built.listeners.shutdown()
    built.context.database.dispose()


def fetched(bot: Bot, settings: Settings) -> dict[str, float]:
    """What is answered over HTTP, by name and labels."""
    assert bot.counter is not None
    assert settings.metrics_port is not None
    stop = bot.counter.serve(settings.metrics_host, settings.metrics_port)
    try:
        with urlopen(f"http://127.0.0.1:{settings.metrics_port}/metrics") as answer:
            lines = answer.read().decode().splitlines()
    finally:
        stop()
    pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#") and "_created" not in line)
    return {name: float(value) for name, value in pairs}


def test_steps_and_refusals_are_counted(bot: Bot, settings: Settings) -> None:
    raised = Request("raise_opportunity", "U_CHEN", "one", NOW, values=IDEA)
    number = bot.context.workflow.perform(raised).number
    bot.context.workflow.perform(raised)
    with pytest.raises(Refused):
        bot.context.workflow.perform(Request("accept", "U_CHEN", "two", NOW, number=number))

    counts = fetched(bot, settings)

    assert counts['improve_bot_steps_total{step="raise_opportunity"}'] == 1
    assert counts['improve_bot_refusals_total{reason="wrong_stage",step="accept"}'] == 1


def test_what_waits_and_for_how_long(bot: Bot, settings: Settings, database: Database) -> None:
    bot.context.workflow.perform(Request("raise_opportunity", "U_CHEN", "one", NOW, values=IDEA))
    with database.transaction() as session:
        storage.job.beat(session, "tick", NOW + timedelta(seconds=30))
    clock = bot.context.clock
    assert isinstance(clock, SimulatedClock)
    clock.move_to(NOW + timedelta(seconds=100))

    counts = fetched(bot, settings)

    assert counts["improve_bot_database_up"] == 1
    assert counts["improve_bot_outbox_waiting"] == 2
    assert counts["improve_bot_outbox_oldest_seconds"] == 100
    assert counts["improve_bot_scheduler_lag_seconds"] == 70


def test_what_slack_refuses_is_counted_by_method_and_error(bot: Bot, settings: Settings) -> None:
    with pytest.raises(SlackApiError):
        bot.context.slack.conversations_info(channel="C_NONE")
    bot.agenda.send()

    counts = fetched(bot, settings)

    assert counts['improve_bot_slack_errors_total{error="channel_not_found",method="conversations.info"}'] == 1
    assert sum(name.startswith("improve_bot_slack_errors") for name in counts) == 1


def test_messages_that_slack_refuses_are_counted_too(bot: Bot, settings: Settings, slack: SlackServer) -> None:
    bot.context.workflow.perform(Request("raise_opportunity", "U_CHEN", "one", NOW, values=IDEA))
    slack.fault("chat.postMessage", "rate_limit")
    bot.agenda.send()

    assert fetched(bot, settings)['improve_bot_slack_errors_total{error="http_429",method="chat.postMessage"}'] == 1


def test_a_database_that_is_away_is_all_that_is_said_of_it(database: Database) -> None:
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    found = [metric.name for metric in Metrics(away, SimulatedClock(NOW)).registry.collect()]
    away.dispose()

    assert [name for name in found if "outbox" in name or "scheduler" in name] == []
    assert "improve_bot_database_up" in found


def test_nobody_has_to_watch(settings: Settings) -> None:
    unwatched = build(settings.model_copy(update={"metrics_port": None}), SimulatedClock(NOW))

    done = unwatched.context.workflow.perform(Request("raise_opportunity", "U_CHEN", "one", NOW, values=IDEA))

    assert (unwatched.counter, done.stage) == (None, "SUBMITTED")
    unwatched.listeners.shutdown()
    unwatched.context.database.dispose()
