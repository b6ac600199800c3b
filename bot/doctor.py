"""Looks at everything the bot depends on and says of each what is wrong and what to do about it.

Every check stands by itself: one that fails does not keep the others from being made.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

import storage.head
import storage.job
import storage.migrate
import storage.outbox
from bot import slack_scopes
from bot.company import Company, CompanySource
from bot.errors import Message, UserError
from bot.proof import SEALED_WITHIN
from bot.settings import Settings
from storage.database import Database

TIMEOUT_SECONDS = 10
LAG_MOST = timedelta(minutes=3)
RECENT = timedelta(days=7)
MANY_WAITING, LONG_WAITING = 200, timedelta(minutes=30)


class Health(StrEnum):
    """How a check came out; only WRONG makes the doctor fail."""

    FINE = "FINE"
    NOTE = "NOTE"
    WRONG = "WRONG"


@dataclass(frozen=True)
class Finding:
    """What one check found; `message` says what is so, or what to do."""

    check: str
    health: Health
    message: Message

    @property
    def ok(self) -> bool:
        """Whether nothing has to be done now."""
        return self.health is not Health.WRONG


def examine(settings: Settings, now: datetime) -> list[Finding]:
    """Make all checks. Changes nothing, neither in Slack nor in the database."""
    patient = Patient(settings, now)
    checks: dict[str, Callable[[], Message]] = {
        "token": patient.token,
        "scopes": patient.scopes,
        "connection": patient.connection,
        "database": patient.database,
        "profile": patient.profile,
        "quality_channel": lambda: patient.channel(patient.company().profile.channels.quality),
        "weekly_channel": lambda: patient.channel(patient.company().profile.channels.weekly),
        "knowledge_channel": patient.knowledge_channel,
        "this_year": lambda: patient.year(0),
        "next_year": lambda: patient.year(1),
        "scheduler": patient.scheduler,
        "outbox": patient.outbox,
        "heads": patient.heads,
    }
    return [_made(name, check) for name, check in checks.items()]


def _made(name: str, check: Callable[[], Message]) -> Finding:
    try:
        return Finding(name, Health.FINE, check())
    except Noted as noted:
        return Finding(name, Health.NOTE, noted.message)
    except UserError as error:
        return Finding(name, Health.WRONG, error.message)
    except SlackApiError as error:
        return Finding(name, Health.WRONG, _slack_refused(error))
    except (URLError, TimeoutError) as error:
        return Finding(name, Health.WRONG, Message("doctor.no_slack", {"detail": str(error)}))
    except DBAPIError as error:
        return Finding(name, Health.WRONG, Message("doctor.no_database", {"detail": str(error.orig).splitlines()[0]}))


class Noted(UserError):
    """Something to know that does not keep the bot from working."""


@dataclass(frozen=True)
class Patient:
    """One installation. Each method is one check: it answers what is so, or raises with what to do."""

    settings: Settings
    now: datetime

    def token(self) -> Message:
        """The bot token is one that Slack knows."""
        answer = self._asked_who_we_are()
        return Message("doctor.token", {"team": answer["team"], "user": answer["user"]})

    def scopes(self) -> Message:
        """The app was installed with every permission the manifest asks for."""
        headers = {name.lower(): value for name, value in self._asked_who_we_are().headers.items()}
        granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
        missing = sorted(slack_scopes.needed() - granted)
        if missing:
            raise UserError("doctor.scopes_missing", scopes=missing)
        return Message("doctor.scopes")

    def connection(self) -> Message:
        """Slack can reach us: over a socket we open, or over HTTP where a port is given."""
        if self.settings.port:
            self.settings.signing_secret  # noqa: B018  reading it is the check
            return Message("doctor.http", {"port": self.settings.port})
        client = WebClient(base_url=self.settings.slack_url, timeout=TIMEOUT_SECONDS)
        client.apps_connections_open(app_token=self.settings.app_token)
        return Message("doctor.socket")

    def database(self) -> Message:
        """The database can be reached and has the schema of this program."""
        found, known = storage.migrate.current(self.settings.database_url), storage.migrate.head()
        if found is None:
            raise UserError("cli.no_database", url=shown(self.settings))
        if not storage.migrate.is_known(found):
            raise UserError("cli.newer_database", found=found, known=known)
        if found != known:
            raise UserError("cli.older_database", found=found, known=known)
        return Message("doctor.database", {"url": shown(self.settings), "revision": found})

    def profile(self) -> Message:
        """A profile is in force."""
        profile = self.company().profile
        unfilled = [Message(f"role.{role}") for role in ("qa", "mgmt_rep", "admin") if not profile.role_holders(role)]
        if unfilled:
            raise UserError("doctor.roles_empty", roles=unfilled)
        return Message("doctor.profile", {"name": profile.company.name})

    def channel(self, channel: str) -> Message:
        """The bot is a member of a channel it posts to."""
        client = WebClient(self.settings.bot_token, base_url=self.settings.slack_url, timeout=TIMEOUT_SECONDS)
        found = client.conversations_info(channel=channel)["channel"]
        if found.get("is_archived"):
            raise UserError("doctor.channel_archived", name=found["name"], id=channel)
        if not found.get("is_member"):
            raise UserError("doctor.not_in_channel", name=found["name"], id=channel)
        return Message("doctor.channel", {"name": found["name"]})

    def knowledge_channel(self) -> Message:
        """Where published cases are announced, if a channel is named for them."""
        named = self.company().profile.channels.knowledge
        return self.channel(named) if named else Message("doctor.no_knowledge_channel")

    def year(self, ahead: int) -> Message:
        """The working days of a year are official; the notice comes in the autumn before it."""
        company = self.company()
        year = company.today(self.now).year + ahead
        if company.calendar.is_published(year):
            return Message("doctor.year", {"year": year})
        if ahead:
            raise Noted("doctor.year_not_yet", year=year)
        raise UserError("doctor.year_missing", year=year)

    def scheduler(self) -> Message:
        """The clock of a running bot ticks."""
        with self._reading() as session:
            beat = storage.job.find(session, job="tick", period="last")
        if beat is None:
            raise UserError("doctor.never_ran")
        lag = self.now - beat.at
        if -lag > LAG_MOST:
            raise UserError("doctor.ahead", minutes=int(-lag.total_seconds() // 60))
        if lag > LAG_MOST:
            raise UserError("doctor.lag", minutes=int(lag.total_seconds() // 60))
        return Message("doctor.scheduler", {"seconds": max(0, int(lag.total_seconds()))})

    def outbox(self) -> Message:
        """Messages leave."""
        with self._reading() as session:
            waiting, dead = storage.outbox.depth(session), storage.outbox.dead(session, 1)
            oldest = storage.outbox.oldest(session)
        if waiting > MANY_WAITING:
            raise UserError("doctor.outbox_full", n=waiting)
        if oldest is not None and self.now - oldest > LONG_WAITING:
            raise UserError("doctor.outbox_stuck", minutes=int((self.now - oldest).total_seconds() // 60))
        if dead and self.now - dead[0].created_at < RECENT:
            raise Noted("doctor.undelivered", key=dead[0].key, error=dead[0].error or "")
        return Message("doctor.outbox", {"n": waiting})

    def heads(self) -> Message:
        """The history is sealed day by day with a key that the database does not hold."""
        if self.settings.head_key is None:
            raise Noted("doctor.no_head_key")
        with self._reading() as session:
            last = storage.head.last(session)
            step = storage.head.first_step_after(session, last)
        if step is not None and self.now - (last.at if last else step) > SEALED_WITHIN:
            raise UserError("doctor.heads_stopped", days=SEALED_WITHIN.days)
        if last is None:
            raise Noted("doctor.no_head")
        return Message("doctor.heads", {"day": last.day})

    def company(self) -> Company:
        """The company as the running bot sees it."""
        with self._reading() as session:
            return CompanySource().load(session)

    def _asked_who_we_are(self) -> SlackResponse:
        client = WebClient(self.settings.bot_token, base_url=self.settings.slack_url, timeout=TIMEOUT_SECONDS)
        return client.auth_test()

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        self.database()
        database = Database(self.settings.database_url)
        try:
            with database.reading() as session:
                yield session
        finally:
            database.dispose()


def shown(settings: Settings) -> str:
    """The address of the database without its password."""
    return make_url(settings.database_url).render_as_string()


def _slack_refused(error: SlackApiError) -> Message:
    code = error.response.get("error", "")
    known = {
        "invalid_auth": "doctor.bad_token",
        "not_authed": "doctor.bad_token",
        "token_revoked": "doctor.bad_token",
        "account_inactive": "doctor.bad_token",
        "channel_not_found": "doctor.no_channel",
        "missing_scope": "doctor.reinstall",
    }
    return Message(known.get(code, "doctor.slack_refused"), {"error": code})
