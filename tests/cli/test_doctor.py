"""`improve-bot doctor`: every check by itself, what is fine and what to do about the rest."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

import storage.job
import storage.migrate
import storage.outbox
import storage.profile
import storage.sending
from bot import slack_scopes
from bot.company import CompanySource
from bot.doctor import Finding, Health, examine
from bot.profile import built_in
from bot.proof import Heads, Keys
from bot.sandbox import Channel, Company, User
from bot.settings import Settings
from storage.database import Database
from tests.cli.conftest import Type
from tests.delivery.slack_server import SlackServer
from tests.proof.conftest import rewrite
from tests.support.company import DemoCompany

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
COMPANY = Company(
    users=(User("U_LIU", "liu"),),
    channels=(Channel("C_QUALITY", "quality", ("U_BOT",)), Channel("C_WEEKLY", "weekly", ("U_BOT",))),
    scopes=tuple(sorted(slack_scopes.needed())),
)


@pytest.fixture(autouse=True)
def _nothing_set(typed: Type) -> None:
    """The environment of `typed`."""


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(COMPANY) as server:
        yield server


@pytest.fixture
def healthy(slack: SlackServer, database: Database, database_url: str) -> Settings:
    """An installation with nothing wrong."""
    with database.transaction() as session:
        storage.profile.apply(session, text=built_in("demo"), by="test", now=NOW)
        storage.job.beat(session, "tick", NOW - timedelta(seconds=20))
    with capture_logs():
        Heads(database, CompanySource(), Keys.read("k" * 32)).run(NOW)
    return Settings(
        slack_bot_token=COMPANY.bot_token,
        slack_app_token=COMPANY.app_token,
        database_url=database_url,
        slack_url=slack.url,
        head_key="k" * 32,
    )


Look = Callable[..., dict[str, Finding]]


@pytest.fixture
def look(healthy: Settings) -> Look:
    """What the doctor finds, by check, with some settings changed."""

    def examined(now: datetime = NOW, **changed: Any) -> dict[str, Finding]:
        return {finding.check: finding for finding in examine(healthy.model_copy(update=changed), now)}

    return examined


def wrong(findings: dict[str, Finding]) -> dict[str, str]:
    return {name: finding.message.msgid for name, finding in findings.items() if not finding.ok}


def test_a_healthy_installation(look: Look) -> None:
    findings = look()

    assert wrong(findings) == {}
    assert [name for name, finding in findings.items() if finding.health is Health.NOTE] == ["next_year"]


def test_a_missing_token_is_named_and_the_rest_is_still_checked(look: Look) -> None:
    findings = look(slack_bot_token=None)

    assert set(wrong(findings).values()) == {"settings.missing"}
    assert wrong(findings).keys() == {"token", "scopes", "quality_channel", "weekly_channel"}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"bot_token": "xoxb-other"}, {"token": "doctor.bad_token", "quality_channel": "doctor.bad_token"}),
        ({"app_token": "xapp-other"}, {"connection": "doctor.bad_token"}),
        ({"scopes": ("commands", "chat:write", *COMPANY.scopes[:2])}, {"scopes": "doctor.scopes_missing"}),
        ({"channels": COMPANY.channels[:1]}, {"weekly_channel": "doctor.no_channel"}),
        (
            {"channels": (Channel("C_QUALITY", "q", ("U_LIU",)), COMPANY.channels[1])},
            {"quality_channel": "doctor.not_in_channel"},
        ),
        (
            {"channels": (replace(COMPANY.channels[0], is_archived=True), COMPANY.channels[1])},
            {"quality_channel": "doctor.channel_archived"},
        ),
    ],
)
def test_what_slack_says_is_wrong(healthy: Settings, change: dict[str, Any], found: dict[str, str]) -> None:
    with SlackServer(replace(COMPANY, **change)) as other:
        settings = healthy.model_copy(update={"slack_url": other.url})
        findings = {finding.check: finding for finding in examine(settings, NOW)}

    assert found.items() <= wrong(findings).items()


def test_a_channel_for_cases_is_looked_at_where_one_is_named(look: Look, healthy: Settings, database: Database) -> None:
    assert look()["knowledge_channel"].message.msgid == "doctor.no_knowledge_channel"
    named = built_in("demo").replace("[channels]", '[channels]\nknowledge = "C_CASES"')
    with database.transaction() as session:
        storage.profile.apply(session, text=named, by="test", now=NOW)
    assert wrong(look()) == {"knowledge_channel": "doctor.no_channel"}


def test_slack_out_of_reach(look: Look) -> None:
    assert wrong(look(slack_url="http://127.0.0.1:1/api/"))["token"] == "doctor.no_slack"


def test_http_mode_needs_its_secret(look: Look) -> None:
    assert wrong(look(port=8080)) == {"connection": "settings.missing"}


def test_a_database_out_of_reach_is_said_of_everything_in_it(look: Look) -> None:
    found = wrong(look(database_url="postgresql+psycopg://nobody@127.0.0.1:1/none"))

    assert set(found.values()) == {"doctor.no_database"}
    assert {"database", "profile", "this_year", "scheduler", "outbox"} <= found.keys()


def test_an_empty_database_is_not_made_by_looking(look: Look, tmp_path: Any) -> None:
    assert wrong(look(database_url=f"sqlite:///{tmp_path / 'none.db'}"))["database"] == "cli.no_database"
    assert not (tmp_path / "none.db").exists()


def test_a_message_that_does_not_get_through(look: Look, database: Database) -> None:
    with database.transaction() as session:
        storage.outbox.put(session, key="card:1", target="U_LIU", kind="card", now=NOW - timedelta(hours=1))

    findings = look()

    assert wrong(findings) == {"outbox": "doctor.outbox_stuck"}
    assert findings["outbox"].message.params == {"minutes": 60}


def test_clocks_that_differ(look: Look) -> None:
    findings = look(now=NOW - timedelta(hours=8))

    assert wrong(findings) == {"scheduler": "doctor.ahead"}
    assert findings["scheduler"].message.params == {"minutes": 479}


def test_a_clock_that_stands_still(look: Look) -> None:
    findings = look(now=NOW + timedelta(hours=1))

    assert wrong(findings) == {"scheduler": "doctor.lag"}
    assert findings["scheduler"].message.params == {"minutes": 60}


def test_a_year_without_a_calendar(look: Look) -> None:
    later = datetime(2027, 3, 1, 1, tzinfo=UTC)

    assert wrong(look(now=later))["this_year"] == "doctor.year_missing"


def test_a_history_without_a_key_or_a_head_is_mentioned(look: Look, tmp_path: Path) -> None:
    fresh = f"sqlite:///{tmp_path / 'fresh.db'}"
    storage.migrate.upgrade(fresh)

    assert look()["heads"].message.params == {"day": date(2026, 3, 2)}
    assert look(head_key=None)["heads"].message.msgid == "doctor.no_head_key"
    assert look(database_url=fresh)["heads"].message.msgid == "doctor.no_head"


def test_heads_that_are_no_longer_made(look: Look, company: DemoCompany) -> None:
    two_days = NOW + timedelta(days=2)
    assert look(now=two_days + timedelta(days=1))["heads"].health is Health.FINE

    company.raise_(NOW + timedelta(hours=1))

    assert look(now=two_days)["heads"].health is Health.FINE
    assert wrong(look(now=two_days + timedelta(seconds=1)))["heads"] == "doctor.heads_stopped"


def test_heads_that_were_never_made(look: Look, database: Database, company: DemoCompany) -> None:
    rewrite(database, "DELETE FROM head_line", "DELETE FROM head")
    company.raise_(NOW)

    assert look(now=NOW + timedelta(days=2))["heads"].message.msgid == "doctor.no_head"
    assert wrong(look(now=NOW + timedelta(days=2, seconds=1)))["heads"] == "doctor.heads_stopped"


def test_a_message_that_was_given_up_is_mentioned_for_a_week(database: Database, look: Look) -> None:
    with database.transaction() as session:
        storage.outbox.put(session, key="card:1", target="U_GONE", kind="card", now=NOW)
        row = storage.sending.claim_next(session, now=NOW, lease_until=NOW + timedelta(minutes=1))
        assert row is not None
        storage.sending.mark_dead(session, row, error="user_not_found")

    assert look()["outbox"].health is Health.NOTE
    assert look(now=NOW + timedelta(days=8))["outbox"].health is Health.FINE


def test_as_it_is_typed(typed: Type, healthy: Settings) -> None:
    environment = {
        "SLACK_BOT_TOKEN": COMPANY.bot_token,
        "SLACK_APP_TOKEN": COMPANY.app_token,
        "DATABASE_URL": healthy.database_url,
        "IMPROVE_BOT_SLACK_URL": healthy.slack_url,
    }

    findings = json.loads(typed("doctor", "--json", **environment).said)
    words = typed("doctor", LANG="zh_CN.UTF-8")

    assert {finding["check"] for finding in findings if finding["ok"]} >= {"token", "scopes", "database", "profile"}
    assert words.code == 1
    assert "✗ 调度已停了" in words.said
