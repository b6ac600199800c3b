"""An hour of work in one process of the bot, minute by minute in simulated time; says what memory it held, in bytes.

The last line of `python -m tests.benchmarks.hour DATABASE_URL SLACK_URL` is a figure for the start, after a
first quarter in which all that is kept for good has been read once, and one for the end of the hour.
"""

import gc
import os
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode

from slack_bolt import BoltRequest
from slack_sdk.signature import SignatureVerifier

from bot import app
from bot.app import Bot
from bot.clock import SimulatedClock
from storage.database import Database
from tests.benchmarks.ack import signed
from tests.benchmarks.server import SECRET, settings
from tests.support.company import NAMES, DemoCompany, at

BEGIN, QUARTER, HOUR = at("2026-03-02 08:50"), 15, 60
TICKS_A_MINUTE = (0, 30)


def main() -> None:
    """Work, and say what it took."""
    database_url, slack_url = sys.argv[1:]
    clock = SimulatedClock(BEGIN)
    company = DemoCompany(Database(database_url))
    bot = app.build(settings(database_url, slack_url), clock)
    held = []
    for minutes in (QUARTER, HOUR):
        for minute in range(minutes):
            _minute(bot, company, clock, minute)
        gc.collect()
        held.append(_resident())
    sys.stdout.write(f"\n{held[0]} {held[1]}\n")
    bot.listeners.shutdown()


def _minute(bot: Bot, company: DemoCompany, clock: SimulatedClock, minute: int) -> None:
    """One item goes its whole way, everybody opens something, and the clock ticks."""
    begun = clock.now()
    for seconds in TICKS_A_MINUTE:
        clock.move_to(begun + timedelta(seconds=seconds))
        bot.agenda.run_due(clock.now())
        bot.agenda.send()
    for request in _heard(minute):
        answer = bot.app.dispatch(request)
        if answer.status != 200:
            raise RuntimeError(answer.body)
    bot.listeners.wait_until_idle()
    _whole_way(company, clock.now())
    clock.move_to(begun + timedelta(minutes=1))


def _whole_way(company: DemoCompany, now: datetime) -> None:
    number = company.daily(now)
    company.accept(number, now, by="U_ZHOU")
    company.report_result(number, now, by="U_ZHOU")
    company.verify_effective(number, now)


def _heard(minute: int) -> Iterator[BoltRequest]:
    """`/improve`, its lists, and Home tabs."""
    people = sorted(NAMES)
    for n, text in enumerate(("", "我的", "列表", "帮助", "案例 打印机")):
        raw = signed("/improve").decode().partition("\r\n\r\n")[2]
        body = {name: values[0] for name, values in parse_qs(raw).items()}
        yield _request(urlencode(body | {"text": text, "user_id": people[(minute + n) % len(people)]}))


def _request(body: str) -> BoltRequest:
    now = str(int(datetime.now().astimezone().timestamp()))
    signature = str(SignatureVerifier(SECRET).generate_signature(timestamp=now, body=body))
    return BoltRequest(
        body=body,
        headers={
            "content-type": "application/x-www-form-urlencoded",
            "x-slack-request-timestamp": now,
            "x-slack-signature": signature,
        },
    )


def _resident() -> int:
    """The memory this process holds, in bytes; from Linux's own account."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
