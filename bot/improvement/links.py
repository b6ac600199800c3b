"""Other records that a form names by number."""

import storage.record
from bot.workflow import Change
from storage.record import Record

PREFIXES = ("IMP", "CAS")
"""How numbers begin; one that is typed without is an improvement's."""


def existing_record(change: Change, number: str, field: str) -> Record:
    """The improvement with this number, however loosely typed; a sentence at the field if there is none."""
    found = storage.record.find(change.session, normal_number(number, year=change.today.year))
    if found is None or found.kind != change.record.kind:
        change.invalid(field, "no_record", number=number)
    return found


def earlier_record(change: Change, number: str) -> Record:
    """The improvement that this one repeats; a sentence at the field if there is none, or if it is this one."""
    found = existing_record(change, number, "recurrence_of")
    if found.number == change.record.number:
        change.invalid("recurrence_of", "same_record")
    return found


def normal_number(text: str, *, year: int) -> str:
    """A record's number as it is written on the record: `12` and `imp-2026-12` are IMP-2026-0012, `cas-1` is a case."""
    typed = text.strip().upper()
    prefix = next((p for p in PREFIXES if typed.startswith(f"{p}-")), PREFIXES[0])
    parts = typed.removeprefix(f"{prefix}-").split("-")
    if parts[0].isdecimal() and not "".join(parts[1:2]).isdecimal():
        parts = [str(year), *parts]
    if len(parts) >= 2 and parts[0].isdecimal() and parts[1].isdecimal():
        rest = "".join(f"-{part}" for part in parts[2:])
        return f"{prefix}-{parts[0]}-{int(parts[1]):04d}{rest}"
    return typed
