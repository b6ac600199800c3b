"""The start while Slack cannot be reached: the bot says so and waits. A token that Slack refuses ends it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import demo
from bot.sandbox import Company, ControlClient, Sandbox
from tests.support.bot_process import Begun
from tests.support.ports import free_port
from tests.support.town import MONDAY

LOOK_SECONDS, END_SECONDS = 0.02, 60

Begin = Callable[..., Begun]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """What the bot says."""
    return tmp_path / "bot.log"


@pytest.fixture
def begin(database_url: str, log: Path) -> Iterator[Begin]:
    """Begin a bot over Socket Mode, where Slack has this address."""
    demo.prepare(database_url, MONDAY)
    begun: list[Begun] = []

    def one(company: Company, slack_url: str, **more: str) -> Begun:
        environment = {
            "SLACK_BOT_TOKEN": company.bot_token,
            "SLACK_APP_TOKEN": company.app_token,
            "DATABASE_URL": database_url,
            "IMPROVE_BOT_SLACK_URL": slack_url,
        }
        with log.open("wb") as written:
            begun.append(Begun(environment | more, written))
        return begun[-1]

    yield one
    for bot in begun:
        bot.kill()


def test_it_waits_for_a_network_that_is_down(begin: Begin, log: Path) -> None:
    company, port = demo.workspace(), free_port()
    bot = begin(company, f"http://127.0.0.1:{port}/api/")
    _wait_until_it_waits(bot, log)
    with Sandbox(company, MONDAY, port=port) as sandbox:
        while not ControlClient(sandbox.url).look("time")["connections"]:
            assert not bot.ended(LOOK_SECONDS)
        assert bot.stop() == 0


def test_while_it_waits_it_can_be_stopped(begin: Begin, log: Path) -> None:
    bot = begin(demo.workspace(), f"http://127.0.0.1:{free_port()}/api/")
    _wait_until_it_waits(bot, log)
    assert bot.stop() == 0


@pytest.mark.parametrize("refused", [{"SLACK_BOT_TOKEN": "xoxb-stranger"}, {"SLACK_APP_TOKEN": "xapp-stranger"}])
def test_a_token_that_slack_refuses_ends_it(refused: dict[str, str], begin: Begin, log: Path) -> None:
    company = demo.workspace()
    with Sandbox(company, MONDAY) as sandbox:
        bot = begin(company, sandbox.api_url, **refused)
        assert bot.ended(END_SECONDS)
    assert b"invalid_auth" in log.read_bytes()


def _wait_until_it_waits(bot: Begun, log: Path) -> None:
    while b"not_connected" not in log.read_bytes():
        assert not bot.ended(LOOK_SECONDS)
