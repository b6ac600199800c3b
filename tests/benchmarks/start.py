"""From the start of Python to a bot put together, against a bare Bolt app with the same libraries.

Both find their modules compiled, as after the first start.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import partial

from storage.database import Database
from tests.benchmarks.harness import Line, compare, taking
from tests.benchmarks.run import Run
from tests.support.company import DemoCompany

OWN = """
from bot import app
from bot.clock import SystemClock
from bot.settings import Settings
{then}
"""
BUILD = "app.build(Settings(slack_bot_token='xoxb-1', slack_app_token='xapp-1', database_url='{url}'), SystemClock())"
BARE = """
import alembic.command, alembic.migration, apscheduler.schedulers.background, babel.dates, babel.messages.pofile
import holidays.countries, jinja2, pydantic, pydantic_settings, resvg_py, slack_bolt, slack_sdk.webhook, sqlmodel
import structlog, slack_bolt.adapter.socket_mode, slack_bolt.adapter.wsgi, sqlalchemy, waitress.server
{then}
"""
CONNECT = """
app = slack_bolt.App(token='xoxb-1', token_verification_enabled=False)
app.command('/improve')(lambda ack: ack())
with sqlmodel.create_engine('{url}').connect() as connection:
    connection.exec_driver_sql('SELECT * FROM record').all()
"""


def lines(run: Run) -> Iterator[Line]:
    """Import alone, then import and start."""
    url = run.databases.new("sqlite")
    database = Database(url)
    DemoCompany(database)
    database.dispose()
    environment = os.environ | {"PYTHONPYCACHEPREFIX": run.databases.folder(), "PYTHONDONTWRITEBYTECODE": ""}
    for what, own, bare in (("import", "", ""), ("import and start", BUILD, CONNECT)):
        programs = (OWN.format(then=own.format(url=url)), BARE.format(then=bare.format(url=url)))
        found = compare(*(taking(partial(_run, program, environment)) for program in programs), seconds=12, least=5)
        yield Line("start", what, "a bare Bolt app, same libraries", found.value, 1.5, note=found.note)


def _run(program: str, environment: Mapping[str, str]) -> None:
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], check=True, stderr=subprocess.DEVNULL, env=dict(environment)
    )
