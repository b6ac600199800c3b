"""What gets into the log: one line an event whatever stands in it, and no secret, however something fails."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
import structlog
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from bot.logs import set_up
from storage.database import Database
from storage.history import Receipt
from tests.support.company import FOUNDED

TYPED = "a\n2026-03-02 [error] forged\r\x1b[2J\u2028\u202e\ud800\x00"
SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-1111-s3cretBotToken",
    "SLACK_APP_TOKEN": "xapp-1-s3cretAppToken",
    "SLACK_SIGNING_SECRET": "s3cretSigning0123456789",
}
PASSWORD = "s3cretDatabase"
COMMANDS = (["run"], ["doctor"], ["show", "1"])


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    handlers, level = list(logging.root.handlers), logging.root.level
    yield
    logging.root.handlers, logging.root.level = handlers, level
    structlog.reset_defaults()


def test_a_value_cannot_begin_a_line_of_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    for style in ("json", "text"):
        set_up("json" if style == "json" else "text")
        structlog.get_logger().warning("answer_refused", said=TYPED, parts=[{"x": TYPED}])
        logging.getLogger("library").error("failed: %s", TYPED)
        written = capfd.readouterr()
        lines = (written.out + written.err).splitlines()
        assert len(lines) == 2, style
        assert not any(sign in "".join(lines) for sign in ("\x1b", "\u202e", "\x00"))
        if style == "json":
            assert [json.loads(line)["event"] for line in lines] == ["answer_refused", f"failed: {_escaped(TYPED)}"]


def test_tokens_and_passwords_are_struck_out(capfd: pytest.CaptureFixture[str]) -> None:
    set_up("text")
    address = f"wss://slack.example/link?ticket=s3cretTicket&app={SECRETS['SLACK_APP_TOKEN']}"
    structlog.get_logger().warning("lost", at=address, url=f"postgresql://bot:{PASSWORD}@db/improve")
    try:
        raise ConnectionError(f"no answer from {address} with {SECRETS['SLACK_BOT_TOKEN']}")
    except ConnectionError:
        structlog.get_logger().exception("failed")
    assert "s3cret" not in "".join(capfd.readouterr())


@pytest.mark.parametrize("url", ["postgresql://bot:{}@127.0.0.1:1/improve", "postgresql://bot:{}@[x/improve", "{}://x"])
def test_no_secret_is_shown_however_a_command_fails(url: str) -> None:
    environment = os.environ | SECRETS | {"DATABASE_URL": url.format(PASSWORD), "PORT": "8471"}
    environment |= {"IMPROVE_BOT_SLACK_URL": "http://127.0.0.1:9/api/"}
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "bot", *command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        for command in COMMANDS
    ]
    for process in running:
        said = process.communicate(timeout=120)[0].decode()
        assert process.returncode not in (0, None)
        assert said
        assert not any(secret in said for secret in (*SECRETS.values(), PASSWORD))


def test_what_went_wrong_with_a_row_is_said_without_the_row(database: Database) -> None:
    def put(session: Session) -> None:
        session.add(Receipt(key="view:张三的工资单", at=FOUNDED, record="", step=""))

    with database.transaction() as session:
        put(session)
    with pytest.raises(IntegrityError) as failure, database.transaction() as session:
        put(session)
    assert "[parameters:" not in str(failure.value)


def _escaped(text: str) -> str:
    return "".join(sign if sign.isprintable() or sign == " " else f"\\u{ord(sign):04x}" for sign in text)
