"""The environment: what is read, and the sentence for each thing that can be wrong with it."""

from pathlib import Path

import pytest

from bot.errors import UserError
from bot.settings import Settings, read, variables
from tests.cli.conftest import Type

SECRETS = {"SLACK_BOT_TOKEN": "xoxb-hidden", "SLACK_APP_TOKEN": "xapp-hidden", "SLACK_SIGNING_SECRET": "hidden"}


@pytest.fixture(autouse=True)
def _nothing_set(typed: Type) -> None:
    """The environment of `typed`."""


def test_nothing_is_needed_to_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")

    settings = read()

    assert (settings.database_url, settings.slack_url, settings.port, settings.log) == (
        "sqlite:///improve-bot.db",
        "https://slack.com/api/",
        None,
        "json",
    )


def test_every_variable_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = SECRETS | {
        "PORT": "8080",
        "DATABASE_URL": "postgres://bot:hidden@db/improve",
        "IMPROVE_BOT_SLACK_URL": "http://127.0.0.1:9/api",
        "IMPROVE_BOT_TIME_URL": "http://127.0.0.1:9/_time",
        "IMPROVE_BOT_TEMPLATES": str(tmp_path),
        "IMPROVE_BOT_LOG": "text",
        "IMPROVE_BOT_METRICS_PORT": "9108",
        "IMPROVE_BOT_METRICS_HOST": "0.0.0.0",
        "IMPROVE_BOT_HEAD_KEY": f"{'hidden':x<32} {'hidden':y<32}",
    }
    assert given.keys() == set(variables().values())
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    settings = read()

    assert settings.database_url == "postgresql+psycopg://bot:hidden@db/improve"
    assert settings.slack_url == "http://127.0.0.1:9/api/"
    assert (settings.bot_token, settings.app_token, settings.signing_secret) == tuple(SECRETS.values())
    assert (settings.port, settings.templates, settings.log) == (8080, tmp_path, "text")
    assert (settings.metrics_port, settings.metrics_host) == (9108, "0.0.0.0")
    assert settings.head_keys.secrets == (f"{'hidden':x<32}", f"{'hidden':y<32}")
    assert "hidden" not in f"{settings!r}{settings}"


def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///environment.db")

    assert read("sqlite:///given.db").database_url == "sqlite:///given.db"
    assert Settings(database_url="sqlite:///given.db").database_url == "sqlite:///given.db"


@pytest.mark.parametrize(
    ("name", "value", "msgid"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1", "settings.bad_token"),
        ("SLACK_APP_TOKEN", "xoxb-1", "settings.bad_token"),
        ("PORT", "http", "settings.bad_port"),
        ("PORT", "70000", "settings.bad_port"),
        ("IMPROVE_BOT_METRICS_PORT", "0", "settings.bad_port"),
        ("DATABASE_URL", "mysql://db/improve", "settings.bad_database"),
        ("DATABASE_URL", "improve.db", "settings.bad_database"),
        ("DATABASE_URL", "sqlite://", "settings.bad_database"),
        ("IMPROVE_BOT_SLACK_URL", "slack.com", "settings.bad_address"),
        ("IMPROVE_BOT_TIME_URL", "ftp://x", "settings.bad_address"),
        ("IMPROVE_BOT_TEMPLATES", "/not/there", "settings.bad_folder"),
        ("IMPROVE_BOT_LOG", "loud", "settings.bad_choice"),
        ("IMPROVE_BOT_HEAD_KEY", f"{'k' * 32} short", "settings.bad_key"),
        ("IMPROVE_BOT_LOGS", "text", "settings.unknown"),
        ("IMPROVE_BOT_SLACK_BOT_TOKEN", "xoxb-1", "settings.unknown"),
    ],
)
def test_what_is_wrong_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, msgid: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(UserError) as refused:
        read()

    assert (refused.value.message.msgid, refused.value.message.params["name"]) == (msgid, name)


@pytest.mark.parametrize(
    ("secret", "name"),
    [("bot_token", "SLACK_BOT_TOKEN"), ("app_token", "SLACK_APP_TOKEN"), ("signing_secret", "SLACK_SIGNING_SECRET")],
)
def test_a_missing_secret_is_named_when_it_is_needed(secret: str, name: str) -> None:
    with pytest.raises(UserError) as refused:
        getattr(read(), secret)

    assert refused.value.message.params == {"name": name}
