"""The whole bot, as a process, in the local workspace, on both databases."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from storage.migrate import upgrade
from tests.support.postgres import Server, fresh_database
from tests.support.town import Town, town


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The workspace waits longer for the bot than Slack's three seconds: a machine under load is slow, not wrong."""
    for waiting in ("socket_mode.ACK_SECONDS", "http_transport.ACK_SECONDS", "web_api.views.TRIGGER_LIFE_SECONDS"):
        monkeypatch.setattr(f"bot.sandbox.{waiting}", 30)


@pytest.fixture
def company(database_url: str) -> Iterator[Town]:
    """A bot of one's own, for a story in which it is killed or counted in weeks."""
    with town(database_url) as place:
        yield place


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, postgres: Server
) -> Iterator[Town]:
    """One bot for the stories of a file; each story has records of its own. At the end every Home is looked over."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            file = tmp_path_factory.mktemp("office") / "improve.db"
            template: Path = request.getfixturevalue("sqlite_template")
            shutil.copyfile(template, file)
            url = f"sqlite:///{file}"
        else:
            url = stack.enter_context(fresh_database(postgres.start(), postgres.template(upgrade)))
        place = stack.enter_context(town(url, forked=True))
        yield place
        place.assert_no_dead_homes(place.people)


@pytest.fixture
def office(running: Town) -> Iterator[Town]:
    """The demo company at work. After each story everything that was sent and shown is looked over."""
    running.begin_story()
    yield running
    running.assert_payloads_obey_slack()
    running.assert_no_dead_buttons()
