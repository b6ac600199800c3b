"""Forms issued for a record: the notice, the implementation record, the verification record and the others."""

from collections.abc import Sequence as Many
from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, Session, col, select

from storage.base import JSON_COLUMN, NUMBERS, Base, Values


class FormIssue(Base, table=True):
    """One form as it stood when it was issued. `state` is ISSUED, VOID or SUPERSEDED."""

    __tablename__ = "form_issue"

    form_no: str = Field(primary_key=True, max_length=48)
    record: str = Field(max_length=40, index=True, foreign_key="record.number")
    form: str = Field(max_length=8)
    round: int
    state: str = Field(default="ISSUED", max_length=16)
    issued_at: datetime
    issuer: str = Field(max_length=32)
    values: Values = Field(default_factory=dict, sa_column=Column("values", JSON_COLUMN, nullable=False))


OF_RECORD = (
    select(FormIssue)
    .where(col(FormIssue.record).in_(NUMBERS))
    .order_by(col(FormIssue.issued_at), col(FormIssue.form_no))
)


def of_record(session: Session, number: str) -> Many[FormIssue]:
    """All forms of a record, in the order they were issued."""
    return session.exec(OF_RECORD, params={NUMBERS.key: [number]}).all()
