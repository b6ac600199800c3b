"""Pictures of a record, shared in the thread of its card: drawn when they are sent, from what stands there then."""

from storage.outbox import Draft
from storage.record import Record

PICTURE = "picture"


def picture(record: Record, *, place: str, key: str, round: int, version: int) -> Draft:
    """The cause analysis of one round, for one version of the plan, to be shared in a channel or with a person."""
    data = {"round": round, "version": version}
    return Draft(f"picture:{key}:{record.number}:{place}", place, PICTURE, record.number, data)
