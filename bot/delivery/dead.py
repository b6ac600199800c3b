"""What could not be delivered is shown to quality: in its channel, or to its manager if that is what failed."""

from datetime import datetime

from sqlmodel import Session

import storage.outbox
from bot.company import Company
from bot.errors import Mention
from bot.workflow.cards import encode
from storage.outbox import OutboxRow

NOTE = "note"


def tell_quality(session: Session, company: Company, row: OutboxRow, now: datetime) -> None:
    """Put a note about a dead row into the outbox; a note about a note would never end, so there is none."""
    if row.kind == NOTE:
        return
    channel = company.profile.channels.quality
    targets = [channel] if row.target != channel else list(company.directory.holders("qa_manager"))
    to = Mention(row.target) if row.target in company.directory.facts else row.target
    params = encode({"to": to, "number": row.record or "–", "error": row.error or "unknown"})
    for target in targets:
        storage.outbox.put(
            session,
            key=f"dead:{row.key}:{target}",
            target=target,
            kind=NOTE,
            record=row.record,
            data={"news": "undeliverable", "params": params},
            now=now,
        )
