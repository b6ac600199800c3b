"""The heads over all histories."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from storage.migrations.append_only import guard, unguard

revision = "0003"
down_revision: str | None = "0002"

APPEND_ONLY = {"head": ("no",), "head_line": ("record", "head")}


def upgrade() -> None:
    """Both tables, append-only like the history they seal."""
    op.create_table(
        "head",
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("lines_digest", AutoString(length=64), nullable=False),
        sa.Column("previous", AutoString(length=64), nullable=False),
        sa.Column("hash", AutoString(length=64), nullable=False),
        sa.Column("key", AutoString(length=16), nullable=True),
        sa.Column("signature", AutoString(length=64), nullable=True),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_head")),
    )
    op.create_table(
        "head_line",
        sa.Column("record", AutoString(length=40), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", AutoString(length=64), nullable=False),
        sa.PrimaryKeyConstraint("record", "head", name=op.f("pk_head_line")),
    )
    op.create_index(op.f("ix_head_line_head"), "head_line", ["head"])
    for table, key in APPEND_ONLY.items():
        guard(table, key=key)


def downgrade() -> None:
    """The heads are gone; the histories stay."""
    for table in APPEND_ONLY:
        unguard(table)
    op.drop_table("head_line")
    op.drop_table("head")
