"""What is attempted while Slack may be out of reach: say so and go on. A token that it refuses is no outage."""

from collections.abc import Callable
from http.client import HTTPException
from itertools import chain, repeat
from threading import Event

import structlog
from slack_sdk.errors import SlackApiError

from bot.delivery.trouble import SHUT
from bot.signals import rest

PAUSES, LAST_PAUSE = (1, 2, 5, 10, 30), 60
"""Seconds between attempts."""

log = structlog.get_logger()


def until_done(event: str, attempt: Callable[[], object], stop: Event) -> None:
    """Attempt it again and again, less and less often, until it is done or everything is to stop."""
    for pause in chain(PAUSES, repeat(LAST_PAUSE)):
        if once(event, attempt) or rest(stop, pause):
            return


def once(event: str, attempt: Callable[[], object]) -> bool:
    """Attempt it; false, and logged as `event`, if Slack cannot be reached. Raises `SlackApiError` for a bad token."""
    try:
        attempt()
    except SlackApiError as error:
        if error.response.get("error") in SHUT:
            raise
        log.warning(event, error=error.response.get("error"))
    except (OSError, HTTPException) as error:
        log.warning(event, error=str(error))
    else:
        return True
    return False
