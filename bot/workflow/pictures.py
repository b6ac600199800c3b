"""Pictures of a record, shared in the thread of its card: drawn when they are sent, from what stands there then."""

from datetime import datetime

from sqlmodel import Session

import storage.outbox
from storage.record import Record

PICTURE = "picture"


def share(session: Session, record: Record, *, place: str, key: str, round: int, version: int, now: datetime) -> None:
    """Share the cause analysis of one round, for one version of the plan, in a channel or with a person."""
    storage.outbox.put(
        session,
        key=f"picture:{key}:{record.number}:{place}",
        target=place,
        kind=PICTURE,
        record=record.number,
        data={"round": round, "version": version},
        now=now,
    )
