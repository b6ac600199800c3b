"""The whole bot on one's own machine: the same composition root, wired to the local workspace and simulated time."""

import tempfile
import webbrowser
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from zoneinfo import ZoneInfo

import typer

import storage.migrate
import storage.profile
from bot import app, profile
from bot.profile import Profile
from bot.sandbox import Channel, Company, Sandbox, Shortcut, User
from bot.settings import Settings
from storage.database import Database

BOT = "U_BOT"
PEOPLE = (
    User("U_CHEN", "chenxiao", "陈晓", title="信息部 ERP运维工程师"),
    User("U_ZHOU", "zhoulan", "周岚", title="信息部 经理"),
    User("U_WU", "wulei", "吴磊", title="通信部 传输设备运维工程师、内审员"),
    User("U_HE", "hemin", "何敏", title="通信部 经理"),
    User("U_SUN", "sunyue", "孙悦", title="客服中心 经理"),
    User("U_QIAN", "qianfeng", "钱峰", title="运维管理部 经理"),
    User("U_LIU", "liufang", "刘芳", title="质量管理部 质量工程师、内审员"),
    User("U_TANG", "tangjing", "唐静", title="质量管理部 经理"),
    User("U_MA", "majun", "马骏", title="管理者代表"),
    User("U_GUO", "guoqiang", "郭强", title="总经理"),
    User("U_LIN", "linnan", "林楠", title="系统管理员", is_admin=True),
    User("U_SMITH", "smith", "Alex Smith", locale="en-US", title="信息部 Engineer"),
)
QUALITY_ROLES = ("qa", "mgmt_rep", "top_mgmt")
START = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SHORTCUTS = (
    Shortcut("提出改进机会", "raise_opportunity", "global"),
    Shortcut("转为改进机会", "raise_from_message", "message"),
)
EVENTS = ("app_home_opened", "user_change", "team_join")


def run(*, port: int, at: datetime | None, database: str | None, fresh: bool, browser: bool) -> None:
    """Serve the demo company until interrupted.

    `at` is where simulated time begins, aware; `database` a URL, else a file that is forgotten afterwards; `fresh`
    empties it first.
    """
    with tempfile.TemporaryDirectory(prefix="improve-bot-") as folder:
        url = database or f"sqlite:///{Path(folder) / 'demo.db'}"
        prepare(url, at or START, fresh=fresh)
        with Sandbox(workspace(), at or START, port=port) as sandbox:
            stop = Event()
            bot = Thread(target=app.run, args=(settings(sandbox, url), stop), name="bot")
            bot.start()
            typer.echo(f"improve-bot demo: {sandbox.url}")
            if browser:
                webbrowser.open(sandbox.url)
            _wait(bot, stop)


def prepare(url: str, now: datetime, *, fresh: bool = False) -> None:
    """A migrated database with the demo company's profile; an empty one if `fresh`."""
    if fresh:
        storage.migrate.erase(url)
    storage.migrate.upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        if storage.profile.current(session) is None:
            storage.profile.apply(session, text=profile.built_in("demo"), by="demo", now=now.astimezone(UTC))
    database.dispose()


def workspace() -> Company:
    """The demo company as a Slack workspace: everybody in the weekly channel, quality and heads in the other."""
    company = profile.parse(profile.built_in("demo"))
    everybody = tuple(user.id for user in PEOPLE)
    return Company(
        users=PEOPLE,
        channels=(
            Channel(company.channels.quality, "质量改进", (*_quality_circle(company), BOT)),
            Channel(company.channels.weekly, "部门例会", (*everybody, BOT)),
        ),
        bot_user_id=BOT,
        shortcuts=SHORTCUTS,
        events=EVENTS,
        team_name=company.company.name,
    )


def settings(sandbox: Sandbox, database: str) -> Settings:
    """The settings of a bot that lives in a sandbox."""
    return Settings(
        slack_bot_token=sandbox.company.bot_token,
        slack_app_token=sandbox.company.app_token,
        database_url=database,
        slack_url=sandbox.api_url,
        time_url=f"{sandbox.url}/_time",
    )


def _quality_circle(company: Profile) -> tuple[str, ...]:
    people = {person for role in QUALITY_ROLES for person in company.role_holders(role)}
    people |= company.departments[company.company.qa_department].people
    people |= {entry.head for entry in company.directory.departments}
    return tuple(sorted(people))


def _wait(bot: Thread, stop: Event) -> None:
    try:
        while bot.is_alive():
            bot.join(timeout=1)
    except KeyboardInterrupt:
        stop.set()
        bot.join()
