"""Messages as the sender would post them, and what is on them."""

from datetime import datetime
from typing import Any

from slack_sdk import WebClient

import storage.outbox
from bot.clock import SimulatedClock
from bot.context import Context
from bot.delivery import Outgoing
from bot.sandbox import check_payload
from handlers.messages import Renderer
from tests.support.company import DemoCompany
from tests.support.words import phrasebook


def render(company: DemoCompany, key: str, now: datetime) -> Outgoing | None:
    """A row of the outbox as the sender would post it now; what Slack would refuse fails the test."""
    context = Context(
        company.database, company.companies, company.workflow, phrasebook(), SimulatedClock(now), WebClient()
    )
    with company.database.reading() as session:
        row = storage.outbox.find(session, key)
        assert row is not None
        found = Renderer(context)(session, row)
    if found:
        assert check_payload("message", {"text": found.text, "blocks": list(found.blocks)}) == []
    return found


def sections(outgoing: Outgoing) -> list[str]:
    """The paragraphs."""
    return [block["text"]["text"] for block in outgoing.blocks if block["type"] == "section"]


def buttons(outgoing: Outgoing) -> list[tuple[str, str]]:
    """Each button's step and record."""
    rows: list[dict[str, Any]] = [block for block in outgoing.blocks if block["type"] == "actions"]
    return [(element["action_id"], element["value"]) for row in rows for element in row["elements"]]
