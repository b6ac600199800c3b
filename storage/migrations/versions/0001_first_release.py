"""All tables of the first release."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from storage.migrations.append_only import drop_function, guard, unguard

revision = "0001"
down_revision: str | None = None

APPEND_ONLY = {"history": ("record", "seq"), "refusal": ("id",)}


def upgrade() -> None:
    """All tables, and the triggers that keep history and refusals as they were written."""
    _calendar_day()
    _calendar_year()
    _card()
    _history()
    _history_values()
    _job_run()
    _outbox()
    _person()
    _profile_version()
    _receipt()
    _record()
    _refusal()
    _reminder()
    _sequence()
    _stamp()
    _deadline()
    _entry()
    _form_issue()
    _relation()
    for table, key in APPEND_ONLY.items():
        guard(table, key=key)


def downgrade() -> None:
    """Back to an empty database."""
    for table in APPEND_ONLY:
        unguard(table)
    for table in (
        "relation",
        "form_issue",
        "entry",
        "deadline",
        "stamp",
        "sequence",
        "reminder",
        "refusal",
        "record",
        "receipt",
        "profile_version",
        "person",
        "outbox",
        "job_run",
        "history_values",
        "history",
        "card",
        "calendar_year",
        "calendar_day",
    ):
        op.drop_table(table)
    drop_function()


def _calendar_day() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", AutoString(length=8), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("why", AutoString(), nullable=False),
        sa.Column("notice", sa.Integer(), nullable=True),
        sa.Column("entered_by", AutoString(length=64), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("day", "source", name=op.f("pk_calendar_day")),
    )


def _calendar_year() -> None:
    op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("imported_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_year")),
    )


def _card() -> None:
    op.create_table(
        "card",
        sa.Column("record", AutoString(length=40), nullable=False),
        sa.Column("place", AutoString(length=32), nullable=False),
        sa.Column("outbox_key", AutoString(length=200), nullable=False),
        sa.PrimaryKeyConstraint("record", "place", name=op.f("pk_card")),
    )


def _history() -> None:
    op.create_table(
        "history",
        sa.Column("record", AutoString(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor", AutoString(length=32), nullable=False),
        sa.Column("role", AutoString(length=64), nullable=False),
        sa.Column("step", AutoString(length=48), nullable=False),
        sa.Column("from_stage", AutoString(length=32), nullable=True),
        sa.Column("to_stage", AutoString(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("key", AutoString(length=160), nullable=False),
        sa.Column("values_digest", AutoString(length=64), nullable=False),
        sa.Column("previous", AutoString(length=64), nullable=False),
        sa.Column("hash", AutoString(length=64), nullable=False),
        sa.PrimaryKeyConstraint("record", "seq", name=op.f("pk_history")),
    )
    op.create_index(op.f("ix_history_at"), "history", ["at"], unique=False)


def _history_values() -> None:
    op.create_table(
        "history_values",
        sa.Column("record", AutoString(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("salt", AutoString(length=32), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record", "seq", name=op.f("pk_history_values")),
    )


def _job_run() -> None:
    op.create_table(
        "job_run",
        sa.Column("job", AutoString(length=64), nullable=False),
        sa.Column("period", AutoString(length=32), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("job", "period", name=op.f("pk_job_run")),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", AutoString(length=200), nullable=False),
        sa.Column("target", AutoString(length=32), nullable=False),
        sa.Column("kind", AutoString(length=24), nullable=False),
        sa.Column("record", AutoString(length=40), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("state", AutoString(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", UTCDateTime(), nullable=True),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("claimed_at", UTCDateTime(), nullable=True),
        sa.Column("limited_until", UTCDateTime(), nullable=True),
        sa.Column("channel", AutoString(length=32), nullable=True),
        sa.Column("ts", AutoString(length=32), nullable=True),
        sa.Column("error", AutoString(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(
        "ix_outbox_dead",
        "outbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'DEAD'"),
        postgresql_where=sa.text("state = 'DEAD'"),
    )
    op.create_index(
        "ix_outbox_limited",
        "outbox",
        ["limited_until"],
        unique=False,
        sqlite_where=sa.text("limited_until IS NOT NULL"),
        postgresql_where=sa.text("limited_until IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("not_before IS NOT NULL"),
        postgresql_where=sa.text("not_before IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_open_target",
        "outbox",
        ["target", "id"],
        unique=False,
        sqlite_where=sa.text("not_before IS NOT NULL"),
        postgresql_where=sa.text("not_before IS NOT NULL"),
    )
    op.create_index("ix_outbox_pace", "outbox", ["target", "sent_at"], unique=False)


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("id", AutoString(length=32), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("locale", AutoString(length=16), nullable=False),
        sa.Column("zone", AutoString(length=64), nullable=False),
        sa.Column("deactivated", sa.Boolean(), nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("is_guest", sa.Boolean(), nullable=False),
        sa.Column("refreshed_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )


def _profile_version() -> None:
    op.create_table(
        "profile_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("applied_at", UTCDateTime(), nullable=False),
        sa.Column("applied_by", AutoString(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_version")),
    )


def _receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("key", AutoString(length=160), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("record", AutoString(length=40), nullable=False),
        sa.Column("step", AutoString(length=48), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_receipt")),
    )


def _record() -> None:
    op.create_table(
        "record",
        sa.Column("number", AutoString(length=40), nullable=False),
        sa.Column("kind", AutoString(length=32), nullable=False),
        sa.Column("stage", AutoString(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent", AutoString(length=40), nullable=True),
        sa.Column("class", sa.Text(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column("raiser", AutoString(length=32), nullable=False),
        sa.Column("owner", AutoString(length=32), nullable=True),
        sa.Column("responsible_dept", AutoString(), nullable=True),
        sa.Column("major_problem", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=True),
        sa.Column("recurrence_of", AutoString(length=40), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("retention_until", sa.Date(), nullable=True),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["record.number"], name=op.f("fk_record_parent")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_record")),
    )
    op.create_index(op.f("ix_record_created_at"), "record", ["created_at"], unique=False)
    op.create_index(op.f("ix_record_ended_on"), "record", ["ended_on"], unique=False)
    op.create_index(
        "ix_record_open_owner",
        "record",
        ["owner"],
        unique=False,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_index(
        "ix_record_open_stage",
        "record",
        ["stage", "kind"],
        unique=False,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_index(op.f("ix_record_parent"), "record", ["parent"], unique=False)
    op.create_index(op.f("ix_record_raiser"), "record", ["raiser"], unique=False)
    op.create_index(op.f("ix_record_recurrence_of"), "record", ["recurrence_of"], unique=False)


def _refusal() -> None:
    op.create_table(
        "refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("record", AutoString(length=40), nullable=True),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("step", AutoString(length=48), nullable=False),
        sa.Column("actor", AutoString(length=32), nullable=False),
        sa.Column("reason", AutoString(length=64), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal")),
    )
    op.create_index(op.f("ix_refusal_record"), "refusal", ["record"], unique=False)


def _reminder() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipient", AutoString(length=32), nullable=False),
        sa.Column("record", AutoString(length=40), nullable=False),
        sa.Column("deadline", AutoString(length=32), nullable=False),
        sa.Column("instance", AutoString(length=40), nullable=False),
        sa.Column("current_due", sa.Date(), nullable=False),
        sa.Column("rung", AutoString(length=16), nullable=False),
        sa.Column("on_date", AutoString(length=10), nullable=False),
        sa.Column("state", AutoString(length=16), nullable=False),
        sa.Column("claimed_at", UTCDateTime(), nullable=False),
        sa.Column("outbox_key", AutoString(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "recipient",
            "record",
            "deadline",
            "instance",
            "current_due",
            "rung",
            "on_date",
            name=op.f("uq_reminder_recipient_record_deadline_instance_current_due_rung_on_date"),
        ),
    )
    op.create_index(op.f("ix_reminder_outbox_key"), "reminder", ["outbox_key"], unique=False)
    op.create_index(op.f("ix_reminder_record"), "reminder", ["record"], unique=False)


def _sequence() -> None:
    op.create_table(
        "sequence",
        sa.Column("prefix", AutoString(length=48), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", name=op.f("pk_sequence")),
    )


def _stamp() -> None:
    op.create_table(
        "stamp",
        sa.Column("name", AutoString(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_stamp")),
    )


def _deadline() -> None:
    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record", AutoString(length=40), nullable=False),
        sa.Column("name", AutoString(length=32), nullable=False),
        sa.Column("instance", AutoString(length=40), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("counted_from", sa.Date(), nullable=False),
        sa.Column("length_wd", sa.Integer(), nullable=True),
        sa.Column("original_due", sa.Date(), nullable=False),
        sa.Column("current_due", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("calendar", AutoString(length=64), nullable=False),
        sa.Column("remaining_wd", sa.Integer(), nullable=True),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column("extended", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["record"], ["record.number"], name=op.f("fk_deadline_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )
    op.create_index(op.f("ix_deadline_record"), "deadline", ["record"], unique=False)
    op.create_index(
        "ix_deadline_running",
        "deadline",
        ["current_due"],
        unique=False,
        sqlite_where=sa.text("stopped_on IS NULL AND remaining_wd IS NULL"),
        postgresql_where=sa.text("stopped_on IS NULL AND remaining_wd IS NULL"),
    )
    op.create_index("ix_deadline_stopped_on", "deadline", ["stopped_on"], unique=False)


def _entry() -> None:
    op.create_table(
        "entry",
        sa.Column("record", AutoString(length=40), nullable=False),
        sa.Column("list", AutoString(length=32), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("struck", sa.Boolean(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["record"], ["record.number"], name=op.f("fk_entry_record")),
        sa.PrimaryKeyConstraint("record", "list", "no", name=op.f("pk_entry")),
    )


def _form_issue() -> None:
    op.create_table(
        "form_issue",
        sa.Column("form_no", AutoString(length=48), nullable=False),
        sa.Column("record", AutoString(length=40), nullable=False),
        sa.Column("form", AutoString(length=8), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", AutoString(length=16), nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.Column("issuer", AutoString(length=32), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["record"], ["record.number"], name=op.f("fk_form_issue_record")),
        sa.PrimaryKeyConstraint("form_no", name=op.f("pk_form_issue")),
    )
    op.create_index(op.f("ix_form_issue_record"), "form_issue", ["record"], unique=False)


def _relation() -> None:
    op.create_table(
        "relation",
        sa.Column("record", AutoString(length=40), nullable=False),
        sa.Column("relation", AutoString(length=24), nullable=False),
        sa.Column("person", AutoString(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["record"], ["record.number"], name=op.f("fk_relation_record")),
        sa.PrimaryKeyConstraint("record", "relation", "person", "round", name=op.f("pk_relation")),
    )
    op.create_index(op.f("ix_relation_person"), "relation", ["person"], unique=False)
