"""The index made anew from the records, a batch at a time, while people go on working."""

from datetime import datetime

import storage.record
import storage.search
from bot.improvement import findable
from bot.workflow import Workflow, scene

BATCH = 200


def reindex(workflow: Workflow, now: datetime) -> int:
    """Write everything that can be found anew; gives how many can be found.

    The records of a batch are locked until it is written, so nobody's newer text is overwritten.
    """
    after: str | None = ""
    while after is not None:
        after = _batch(workflow, now, after)
    with workflow.database.transaction() as session:
        storage.search.forget_missing(session)
        storage.search.refresh(session)
        return storage.search.count(session)


def _batch(workflow: Workflow, now: datetime, after: str) -> str | None:
    """Write the next records by number; gives the last of them, or nothing if there were none."""
    with workflow.database.transaction() as session:
        records = storage.record.lock_next(session, kinds=findable.KINDS, after=after, limit=BATCH)
        company = workflow.companies.load(session)
        for here in scene.load(session, company, now, records):
            findable.keep(session, here)
    return records[-1].number if records else None
