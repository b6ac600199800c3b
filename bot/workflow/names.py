"""Catalogue ids that are put together from a record's own words."""

from bot.errors import Message


def stage_name(kind: str, stage: str) -> Message:
    """The name of a stage; two kinds of records may have different names for a stage called alike."""
    return Message(f"stage.{kind}.{stage}")
