"""A trace says where it happened, and not what people wrote."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.logs import Style, set_up

SECRET = "张三的工资单"


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    handlers, level = list(logging.root.handlers), logging.root.level
    yield
    logging.root.handlers, logging.root.level = handlers, level
    structlog.reset_defaults()


def failing(error: Exception) -> None:
    """Raise an error that another one caused, and log it."""
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as cause:
            raise error from cause
    except type(error):
        structlog.get_logger().exception("listener_failed", reference="1a2b")


@pytest.mark.parametrize("style", ["json", "text"])
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError(SECRET), ""),
        (IntegrityError("INSERT …", {"title": SECRET}, Exception(f"row contains ({SECRET})")), ""),
        (OperationalError("INSERT …", {"title": SECRET}, Exception(f"disk is full\n{SECRET}")), "disk is full"),
        (SlackApiError(SECRET, {"error": "invalid_blocks"}), "invalid_blocks"),  # type: ignore[no-untyped-call]
        (ConnectionRefusedError(111, "Connection refused"), "Connection refused"),
    ],
)
def test_what_a_trace_tells(capsys: pytest.CaptureFixture[str], style: Style, error: Exception, said: str) -> None:
    set_up(style)

    failing(error)

    line = capsys.readouterr().out
    assert SECRET not in line
    assert all(part in line for part in ("1a2b", type(error).__name__, "KeyError", "test_traces.py", said))


def test_one_line_of_json_an_event(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("json")
    failing(ValueError(SECRET))
    logging.getLogger("urllib3").warning("Retrying")

    out, err = capsys.readouterr()
    event: dict[str, Any] = json.loads(out)
    assert [cause["type"] for cause in event["exception"]] == ["ValueError", "KeyError"]
    assert event["exception"][0]["at"][0].endswith(" failing")
    assert json.loads(err).items() >= {"event": "Retrying", "level": "warning", "logger": "urllib3"}.items()


def test_a_request_nobody_listens_to_is_not_written_down(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("json")
    logging.getLogger("slack_bolt.App").warning(f"Unhandled request ({SECRET})")

    assert capsys.readouterr().err == ""


def test_debug_shows_everything(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("debug")
    failing(ValueError(SECRET))

    assert SECRET in capsys.readouterr().out


def test_lines_for_a_person_name_the_cause_last(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("text")
    failing(ValueError(SECRET))

    lines = capsys.readouterr().out.splitlines()
    assert [line.strip() for line in lines if line.startswith("  ") and ":" not in line] == ["ValueError", "KeyError"]
