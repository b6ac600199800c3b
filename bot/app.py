"""The composition root: settings → database → context → Bolt app → handlers → clock."""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlmodel import Session

import handlers
import storage.migrate
from bot import logs
from bot.clock import Clock, SimulatedClock, SystemClock
from bot.company import CompanySource
from bot.context import Context
from bot.delivery import Delivery, posting_client
from bot.delivery.dead import tell_quality
from bot.digest import Digests
from bot.errors import UserError
from bot.improvement import LIFECYCLES
from bot.reminders import Reminders
from bot.render import Phrasebook
from bot.scheduler import Agenda, Ticker
from bot.settings import Settings
from bot.timekeeper import CountingExecutor, Timekeeper, simulated_now
from bot.workflow import Workflow
from handlers import web
from handlers.messages import Renderer
from storage.database import Database
from storage.outbox import OutboxRow

LISTENERS = 24
ACK_CLIENT_SECONDS = 8
TOKEN_REFUSED = {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope"}
log = structlog.get_logger()


@dataclass(frozen=True)
class Bot:
    """A bot put together but not yet connected."""

    context: Context
    app: App
    agenda: Agenda
    listeners: CountingExecutor


def build(settings: Settings, clock: Clock) -> Bot:
    """Put the parts together. Raises `UserError` if no profile has been applied."""
    database = Database(settings.database_url)
    companies = CompanySource()
    try:
        with database.reading() as session:
            zone = companies.load(session).profile.zone
    except UserError:
        database.dispose()
        raise
    slack = WebClient(settings.bot_token, base_url=settings.slack_url, timeout=ACK_CLIENT_SECONDS)
    context = Context(
        database=database,
        companies=companies,
        workflow=Workflow(database, companies, LIFECYCLES),
        phrasebook=Phrasebook(zone, settings.templates),
        clock=clock,
        slack=slack,
    )
    listeners = CountingExecutor(LISTENERS)
    app = App(
        client=slack,
        signing_secret=settings.signing_secret if settings.port else None,
        token_verification_enabled=False,
        listener_executor=listeners,
    )
    handlers.register(app, context)
    return Bot(context, app, _agenda(context, settings), listeners)


def run(settings: Settings, stop: Event | None = None) -> None:
    """Run until told to stop: over Socket Mode, or over HTTP where a port is given."""
    stop = stop or _until_signalled()
    logs.set_up(settings.log)
    storage.migrate.upgrade(settings.database_url)
    clock: Clock = SimulatedClock(simulated_now(settings.time_url)) if settings.time_url else SystemClock()
    bot = build(settings, clock)
    _meet_people(bot)
    ending = [_connect(bot, settings), _start_clock(bot, settings)]
    log.info("started", transport="http" if settings.port else "socket_mode")
    stop.wait()
    for end in ending:
        end()
    bot.listeners.shutdown(wait=True)
    bot.context.database.dispose()


def _agenda(context: Context, settings: Settings) -> Agenda:
    reminders = Reminders(context.database, context.companies, context.workflow)
    digests = Digests(context.database, context.companies)

    def sent(session: Session, row: OutboxRow, _channel: str, _ts: str | None) -> None:
        reminders.sent(session, row)

    def given_up(session: Session, row: OutboxRow) -> None:
        now, company = context.clock.now(), context.companies.load(session)
        log.error("undeliverable", key=row.key, kind=row.kind, error=row.error)
        redirected = {
            "reminder": reminders.redirect,
            "orphans": reminders.redirect,
            "digest": digests.redirect,
        }.get(row.kind)
        if redirected:
            redirected(session, row, now)
        else:
            tell_quality(session, company, row, now)

    delivery = Delivery(
        context.database,
        posting_client(settings.bot_token, settings.slack_url),
        Renderer(context),
        sent,
        given_up,
    )
    return Agenda(context, delivery, reminders, digests)


def _connect(bot: Bot, settings: Settings) -> Callable[[], None]:
    if settings.port:
        return web.serve(bot.app, settings.port)
    opener = WebClient(settings.app_token, base_url=settings.slack_url, timeout=ACK_CLIENT_SECONDS)
    socket = SocketModeHandler(bot.app, settings.app_token, web_client=opener)
    socket.connect()  # type: ignore[no-untyped-call]
    return socket.close


def _start_clock(bot: Bot, settings: Settings) -> Callable[[], None]:
    if isinstance(bot.context.clock, SimulatedClock) and settings.time_url:
        keeper = Timekeeper(bot.context.clock, bot.agenda, bot.listeners)
        keeper.start(settings.time_url)
        return keeper.stop
    ticker = Ticker()
    ticker.start(bot.agenda)
    return ticker.stop


def _meet_people(bot: Bot) -> None:
    """The first question to Slack: a token it does not take stops the start, a network that is down does not."""
    try:
        bot.agenda.meet_people(bot.context.clock.now())
    except SlackApiError as error:
        if error.response.get("error") in TOKEN_REFUSED:
            raise
        log.warning("people_not_read", error=error.response.get("error"))
    except OSError as error:
        log.warning("people_not_read", error=str(error))


def _until_signalled() -> Event:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
