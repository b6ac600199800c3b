"""What a date was counted by outlives the calendar it was counted by."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    """Two more columns, filled in when the calendar changes."""
    op.add_column("deadline", sa.Column("kept_due", sa.Date(), nullable=True))
    op.add_column("deadline", sa.Column("kept_wd", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Back to a recount that must not be interrupted."""
    op.drop_column("deadline", "kept_wd")
    op.drop_column("deadline", "kept_due")
