"""What must happen once per period is claimed here: a unique row, taken in the transaction that does it."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, Session, col, select

from storage.base import JSON_COLUMN, Base, Values, insert


class JobRun(Base, table=True):
    """One period of one job that has been done; `data` keeps what a later run needs, such as a snapshot."""

    __tablename__ = "job_run"

    job: str = Field(primary_key=True, max_length=64)
    period: str = Field(primary_key=True, max_length=32)
    at: datetime
    data: Values = Field(default_factory=dict, sa_column=Column("data", JSON_COLUMN, nullable=False))


def claim(session: Session, *, job: str, period: str, now: datetime) -> bool:
    """Take a period; false if somebody took it before."""
    statement = insert(session, JobRun).values(job=job, period=period, at=now, data={})
    taken = session.execute(statement.on_conflict_do_nothing().returning(col(JobRun.period)))
    return taken.first() is not None


def find(session: Session, *, job: str, period: str) -> JobRun | None:
    """The run of a period."""
    return session.get(JobRun, {"job": job, "period": period})


def last(session: Session, job: str) -> JobRun | None:
    """The newest run of a job."""
    return session.exec(select(JobRun).where(JobRun.job == job).order_by(col(JobRun.at).desc()).limit(1)).first()


def beat(session: Session, job: str, now: datetime) -> None:
    """Remember that a job was alive at `now`; one row a job, so that the doctor can tell how long ago that was."""
    statement = insert(session, JobRun).values(job=job, period="last", at=now, data={})
    session.execute(statement.on_conflict_do_update(index_elements=["job", "period"], set_={"at": now}))
