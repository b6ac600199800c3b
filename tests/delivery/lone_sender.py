"""A sender in a process of its own, to be killed: DATABASE_URL SLACK_URL, and a line on stdin to begin."""

import sys

from sqlmodel import Session

from bot.delivery import Delivery, posting_client
from storage.database import Database
from storage.outbox import OutboxRow
from tests.delivery.office import NINE, render
from tests.delivery.slack_server import COMPANY


def sent(_: Session, row: OutboxRow, channel: str, ts: str | None) -> None:
    """Nobody to tell."""


def given_up(_: Session, row: OutboxRow) -> None:
    """Nobody to tell."""


if __name__ == "__main__":
    database_url, slack_url = sys.argv[1:]
    sys.stdin.readline()
    client = posting_client(COMPANY.bot_token, slack_url)
    Delivery(Database(database_url), client, render, sent, given_up).drain(NINE)
