"""The composition root: settings → database → context → Bolt app → handlers → clock."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from threading import Event

import structlog
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from sqlmodel import Session

import handlers
import storage.migrate
from bot import attempts, logs, signals
from bot.clock import Clock, SimulatedClock, SystemClock
from bot.company import CompanySource
from bot.context import Context
from bot.delivery import Delivery, posting_client
from bot.delivery.dead import tell_quality
from bot.digest import Digests
from bot.errors import UserError
from bot.improvement import LIFECYCLES
from bot.listeners import Listeners
from bot.proof import Heads
from bot.reminders import Reminders
from bot.render import Phrasebook
from bot.scheduler import Agenda, Ticker
from bot.settings import Settings
from bot.timekeeper import Timekeeper, simulated_now
from bot.watch import Counter, Listening, Nobody, Watch
from bot.web_api import KeptAlive
from bot.workflow import Workflow
from handlers import socket_mode, web
from handlers.messages import Renderer
from storage.database import Database
from storage.outbox import OutboxRow

LISTENERS = 24
ACK_CLIENT_SECONDS = 8
ACK_SECONDS = 3
log = structlog.get_logger()


@dataclass(frozen=True)
class Bot:
    """A bot put together but not yet connected."""

    context: Context
    app: App
    agenda: Agenda
    listeners: Listeners
    counter: Counter | None


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
    counter = _counter(settings, database, clock)
    watch = counter or Nobody()
    slack = KeptAlive(settings.bot_token, base_url=settings.slack_url, timeout=ACK_CLIENT_SECONDS, watch=watch)
    context = Context(
        database=database,
        companies=companies,
        workflow=Workflow(database, companies, LIFECYCLES, watch),
        phrasebook=Phrasebook(zone, settings.templates),
        clock=clock,
        slack=slack,
    )
    listeners = Listeners(LISTENERS)
    app = App(
        name="improve-bot",  # or Bolt looks for one through the source of every module there is, at every start
        client=slack,
        signing_secret=settings.signing_secret if settings.port else None,
        authorize=_authorization(settings.bot_token),
        listener_executor=listeners,
    )
    handlers.register(app, context, listeners.behind)
    return Bot(context, app, _agenda(context, settings, watch), listeners, counter)


def run(settings: Settings, stop: Event | None = None) -> None:
    """Run until told to stop: over Socket Mode, or over HTTP where a port is given."""
    stop = stop or signals.asked_to_stop()
    logs.set_up(settings.log)
    storage.migrate.upgrade(settings.database_url)
    clock: Clock = SimulatedClock(simulated_now(settings.time_url)) if settings.time_url else SystemClock()
    bot = build(settings, clock)
    _meet_people(bot)
    ending = [*_show_counts(bot, settings), _connect(bot, settings, stop), _start_clock(bot, settings)]
    # What stands by now stands for good: looked through again and again it takes a third of the time of a long answer.
    gc.freeze()
    log.info("started", transport="http" if settings.port else "socket_mode")
    signals.rest(stop)
    # While the way back to Slack is still open: what runs is acked before it is finished.
    bot.listeners.wait_until_idle(ACK_SECONDS)
    for end in ending:
        end()
    bot.listeners.shutdown(wait=True)
    bot.context.database.dispose()


def _authorization(token: str) -> Callable[..., AuthorizeResult]:
    """One company, one token. Bolt would ask Slack at the first request, and if that fails ack it and drop it."""

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    return authorize


def _counter(settings: Settings, database: Database, clock: Clock) -> Counter | None:
    """By name, because what counts is an extra that need not be installed."""
    if settings.metrics_port is None:
        return None
    counter: Counter = import_module("bot.metrics").Metrics(database, clock)
    return counter


def _show_counts(bot: Bot, settings: Settings) -> list[Callable[[], None]]:
    if bot.counter is None or settings.metrics_port is None:
        return []
    return [bot.counter.serve(settings.metrics_host, settings.metrics_port)]


def _agenda(context: Context, settings: Settings, watch: Watch) -> Agenda:
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

    posting = posting_client(settings.bot_token, settings.slack_url)
    posting.retry_handlers.insert(0, Listening(watch))
    delivery = Delivery(
        context.database,
        posting,
        Renderer(context),
        sent,
        given_up,
    )
    heads = Heads(context.database, context.companies, settings.head_keys)
    return Agenda(context, delivery, reminders, digests, heads)


def _connect(bot: Bot, settings: Settings, stop: Event) -> Callable[[], None]:
    if settings.port:
        return web.serve(bot.app, settings.signing_secret, settings.port, bot.listeners.answering)
    opener = WebClient(settings.app_token, base_url=settings.slack_url, timeout=ACK_CLIENT_SECONDS)
    return socket_mode.connect(bot.app, settings.app_token, opener, bot.listeners.answering, stop)


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
    attempts.once("people_not_read", lambda: bot.agenda.meet_people(bot.context.clock.now()))
