"""The versions of the company profile; the newest is in force."""

from collections.abc import Sequence as Many
from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, Session, col, select

from storage import stamp
from storage.base import Base


class ProfileVersion(Base, table=True):
    """One applied profile, as the text that was applied."""

    __tablename__ = "profile_version"

    id: int | None = Field(default=None, primary_key=True)
    applied_at: datetime
    applied_by: str = Field(max_length=64)
    text: str = Field(sa_column=Column("text", Text, nullable=False))


def current(session: Session) -> ProfileVersion | None:
    """The profile in force."""
    return session.exec(select(ProfileVersion).order_by(col(ProfileVersion.id).desc()).limit(1)).first()


def history(session: Session) -> Many[ProfileVersion]:
    """All profiles that were ever in force, oldest first."""
    return session.exec(select(ProfileVersion).order_by(col(ProfileVersion.id))).all()


def apply(session: Session, *, text: str, by: str, now: datetime) -> ProfileVersion:
    """Put a profile in force; the earlier ones stay."""
    version = ProfileVersion(text=text, applied_by=by, applied_at=now)
    session.add(version)
    stamp.raise_(session, stamp.PROFILE)
    session.flush()
    return version
